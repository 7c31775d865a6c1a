"""Bare Flask that answers with the bytes of the portal's page: no database, no session."""

import os
from pathlib import Path

from flask import Flask

from bench.peers import serve

app = Flask(__name__)
PAGE = Path(os.environ["PAGE"]).read_bytes()


@app.get("/documents/")
def index():
    return PAGE


if __name__ == "__main__":
    serve(app)
