"""What stands in a PDF, read in the sandbox. Refused when it does not open."""

from models.adapters import sandbox


def text(data):
    """The words in a PDF."""
    return sandbox.call("models.adapters.sandbox.readers.pdf.text", data)


def rows(data):
    """The words of its first pages, row by row as they stand there."""
    return sandbox.call("models.adapters.sandbox.readers.pdf.rows", data)


def pages(data, most, width=1240):
    """[how many pages it has, the first ones as PNG pictures so many pixels wide]: A4 on a screen
    of double density."""
    return list(sandbox.stream("models.adapters.sandbox.readers.pdf.pages", data, most, width))
