"""What stands in a PDF, read in the sandbox. Refused when it does not open."""

from models.adapters import sandbox


def text(data):
    """The words in a PDF."""
    return sandbox.call("models.adapters.sandbox.readers.pdf.text", data)


def rows(data):
    """The words of its first pages, row by row as they stand there."""
    return sandbox.call("models.adapters.sandbox.readers.pdf.rows", data)


def first_page(data, width=1588):
    """Its first page as a PNG picture, so many pixels wide: A4 on a screen of double density."""
    return sandbox.call("models.adapters.sandbox.readers.pdf.first_page", data, width)
