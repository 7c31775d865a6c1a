"""What stands in a PDF, read by a worker that may be killed."""

from models.adapters.printing import pool


def text(data):
    """The words in a PDF. Raises PdfFailed when it does not open."""
    return pool.call("text", data)


def rows(data):
    """The words of its first pages, row by row as they stand there. Raises PdfFailed when it does
    not open."""
    return pool.call("rows", data)


def first_page(data, width=1588):
    """Its first page as a PNG picture, so many pixels wide: A4 on a screen of double density.
    Raises PdfFailed when it does not open."""
    return pool.call("first_page", data, width)
