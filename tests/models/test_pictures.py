"""Logos and seals print as they look in a browser, whatever kind of file they are."""

import base64
import io

import pypdfium2
import pytest
from PIL import Image

from models.adapters import pictures
from models.adapters.printing import worker
from models.core.errors import Refused

RED, BLUE = (200, 20, 30), (20, 40, 200)


def halves(mode="RGB"):
    """Left half red, right half blue."""
    image = Image.new("RGB", (80, 40), RED)
    image.paste(BLUE, (40, 0, 80, 40))
    return image.convert(mode)


def file_of(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, format=kind, **options)
    return out.getvalue()


def transparent_palette():
    """A red square in the middle of nothing."""
    image = Image.new("P", (40, 40), 0)
    image.putpalette([0, 0, 0, *RED])
    image.paste(1, (10, 10, 30, 30))
    return file_of(image, transparency=0)


def turned():
    """Stored lying on its side, with the camera's word to turn it back."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return file_of(halves().rotate(90, expand=True), "JPEG", exif=exif, quality=95)


def deep_grey(value):
    return file_of(Image.new("I;16", (40, 40), value))


CASES = {
    "plain": (file_of(halves()), {(0.25, 0.5): RED, (0.75, 0.5): BLUE}),
    "palette": (file_of(halves("P")), {(0.25, 0.5): RED, (0.75, 0.5): BLUE}),
    "transparent palette": (transparent_palette(), {(0.1, 0.1): (255,) * 3, (0.5, 0.5): RED}),
    "dark 16-bit grey": (deep_grey(0x4000), {(0.5, 0.5): (64,) * 3}),
    "light 16-bit grey": (deep_grey(0xC0C0), {(0.5, 0.5): (192,) * 3}),
    "CMYK": (file_of(halves("CMYK"), "JPEG", quality=95), {(0.25, 0.5): RED, (0.75, 0.5): BLUE}),
    "turned": (turned(), {(0.25, 0.5): RED, (0.75, 0.5): BLUE}),
    "grey with alpha": (
        file_of(Image.new("LA", (40, 40), (90, 255))),
        {(0.5, 0.5): (90,) * 3},
    ),
    "1 bit": (file_of(Image.new("1", (40, 40), 1)), {(0.5, 0.5): (255,) * 3}),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_logo_of_any_kind_prints_as_it_looks(kind):
    data, looks = CASES[kind]
    url = f"data:image/png;base64,{base64.b64encode(pictures.for_print(data)).decode()}"
    style = "@page { size: 100pt 50pt; margin: 0 } img { width: 100pt; height: 50pt }"
    pdf, _warnings = worker.convert(f"<style>{style}</style><img src='{url}'/>")
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("RGB")
    for (x, y), colour in looks.items():
        seen = page.getpixel((int(x * page.width), int(y * page.height)))
        assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) < 32, (x, y, seen)


@pytest.mark.asvs("1.3.4", "5.2.2")
def test_what_is_no_picture_or_too_large_is_refused():
    for data in (b"", b"%PDF-1.4", file_of(halves())[:60], file_of(Image.new("1", (5000, 4000)))):
        with pytest.raises(Refused):
            pictures.for_print(data)


def test_a_large_logo_is_made_smaller():
    found = Image.open(io.BytesIO(pictures.for_print(file_of(Image.new("RGB", (3000, 2000))))))
    assert found.size == (1600, 1067)
