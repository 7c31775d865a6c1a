"""What of a request is kept for the page Who was here."""

from flask import request

from models.core.database import db
from models.people import access_entry, log, named
from views.web.scope import person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TAKEN_ALONG = {"text/csv", "application/zip", XLSX}


def note(response):
    """Note a list or a bundle of files that somebody takes along, and keep the request's lines of
    the security log. Not while there is no database."""
    if db.is_closed():
        return
    attached = response.headers.get("Content-Disposition", "").startswith("attachment")
    if response.status_code == 200 and attached and response.mimetype in TAKEN_ALONG:
        log.info("exported: %s by %s from %s", request.path, named(person()), request.remote_addr)
    access_entry.keep_waiting()
