"""A table as a file to download, and bytes that are given out as they are."""

import hashlib
import io
import tempfile

from flask import send_file

from models.adapters import spreadsheets
from models.core import filenames


def table_file(name, form, heads, rows, title=""):
    """The rows as CSV or XLSX (`form`), written one by one, on disk beyond a few megabytes. The
    sheet is called like the file, or `title`."""
    out = tempfile.SpooledTemporaryFile(4 * 2**20)  # noqa: SIM115  send_file closes it
    write = spreadsheets.write_csv if form == "csv" else spreadsheets.write_xlsx
    write(out, heads, rows, title or name)
    out.seek(0)
    return send_file(out, as_attachment=True, download_name=f"{filenames.safe(name)}.{form}")


def send_data(data, **options):
    """The bytes with their hash as ETag: who has them already is told so (304), and a reader of a
    long PDF may ask for a part of it."""
    return send_file(io.BytesIO(data), etag=hashlib.sha256(data).hexdigest(), **options)
