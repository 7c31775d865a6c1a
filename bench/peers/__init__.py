"""The same list of fifty documents by other means, each served by waitress as the portal is.

All read the portal's own tables and answer with as many bytes as its list: what a peer's own rows
do not fill is taken from the portal's page."""

import os

import waitress

ROWS = """SELECT d.number, d.kind, d.state, d.date, d.due_on, d.currency, d.total, c.name
    FROM document d JOIN customer c ON c.id = d.customer_id
    ORDER BY d.id DESC LIMIT 50"""


def serve(app):
    arguments = {"host": "127.0.0.1", "port": os.environ["PORT"], "threads": 8}
    waitress.serve(app, **arguments, _quiet=True)


def filled(text, like):
    """The text, filled up to the length of the portal's page."""
    data = text.encode()
    return data + like[len(data) :]
