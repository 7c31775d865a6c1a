"""Flask with sqlite3 alone: a session looked up by its hash, fifty rows, strings put together."""

import hashlib
import os
import sqlite3
import threading
from html import escape
from pathlib import Path

from flask import Flask, abort, request

from bench.peers import ROWS, filled, serve

app = Flask(__name__)
PAGE = Path(os.environ["PAGE"]).read_bytes()
SESSION = """SELECT u.id, u.name FROM session s JOIN users u ON u.id = s.user_id
    WHERE s.token = ? AND s.ended_at IS NULL AND u.active"""
here = threading.local()


def database():
    if not hasattr(here, "database"):
        here.database = sqlite3.connect(f"file:{os.environ['DATABASE']}?mode=ro", uri=True)
    return here.database


@app.get("/documents/")
def index():
    token = hashlib.sha256(request.cookies.get("danju_sid", "").encode()).hexdigest()
    person = database().execute(SESSION, (token,)).fetchone() or abort(401)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in row)}</tr>"
        for row in database().execute(ROWS)
    )
    return filled(f"<p>{escape(person[1])}</p><table>{rows}</table>", PAGE)


if __name__ == "__main__":
    serve(app)
