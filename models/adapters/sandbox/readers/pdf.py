"""What stands in a PDF."""

import io

import pypdfium2
from PIL.Image import Quantize

from models.core.errors import refuse

MOST_CHARACTERS = 2_000_000


def text(data):
    """Its words, page by page."""
    document = _opened(data)
    pages, size = [], 0
    for page in document:
        words = page.get_textpage()
        pages.append(words.get_text_bounded())
        words.close()
        page.close()
        size += len(pages[-1])
        if size > MOST_CHARACTERS:
            break
    return "\n".join(pages)[:MOST_CHARACTERS]


def pages(data, most, width):
    """How many pages it has; then the first of them as PNG pictures, so many pixels wide."""
    document = _opened(data)
    yield len(document)
    for number in range(min(len(document), most)):
        page, out = document[number], io.BytesIO()
        picture = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
        # Text on white needs few colours, and is then a quarter of the size.
        picture.quantize(128, method=Quantize.FASTOCTREE).save(out, format="PNG")
        page.close()
        yield out.getvalue()


def rows(data, pages=2, most=4000):
    """The words of the first pages, put together to rows by where they stand, each from left to
    right."""
    document = _opened(data)
    return [
        row
        for number in range(min(pages, len(document)))
        for row in _rows_of(document[number], most)
    ]


def _opened(data):
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        refuse("file_damaged" if "format error" in str(error).lower() else "pdf_locked")


def _rows_of(page, most):
    words = page.get_textpage()
    boxes = [words.get_rect(i) for i in range(min(words.count_rects(), most))]
    parts = [
        (
            left,
            (bottom + top) / 2,
            top - bottom,
            words.get_text_bounded(left, bottom, right, top).strip(),
        )
        for left, bottom, right, top in boxes
    ]
    grouped = []
    for left, middle, height, word in sorted(
        (part for part in parts if part[3]), key=lambda part: -part[1]
    ):
        if grouped and grouped[-1][0] - middle < max(2, height / 2):
            grouped[-1][1].append((left, word))
        else:
            grouped.append((middle, [(left, word)]))
    return [
        " ".join(word for _, word in sorted(row)).replace("\r", "").replace("\n", " ")
        for _, row in grouped
    ]
