"""Pictures that people upload: whether they can be decoded, and as they look on paper."""

import io

from PIL import Image, ImageOps

PRINTED, SCANNED = 16_000_000, 150_000_000  # pixels: a logo or seal; a scanned page
LARGEST = 1600  # pixels on the longer side of a logo or seal; at 30 mm it is finer than print


def is_picture(data, most=PRINTED):
    """True for an image of at most so many pixels that can be decoded completely: a damaged one
    would stop every issue."""
    try:
        _decoded(data, most)
        return True
    except Exception:  # Pillow raises many kinds of errors for damaged files
        return False


def for_print(data):
    """The picture as PNG bytes that every PDF shows as it looks: turned as its camera says, with
    its transparency, in plain RGB; the renderer prints palettes with a black box, 16 bits as white
    and reads no turn. Raises ValueError for what is no picture or too large."""
    try:
        image = ImageOps.exif_transpose(_decoded(data, PRINTED))
    except Exception as error:  # Pillow raises many kinds of errors for damaged files
        raise ValueError("no picture") from error
    if image.mode.startswith("I"):  # grey of 16 bits, of which convert() would keep the lower 8
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LARGEST, LARGEST))
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _decoded(data, most):
    image = Image.open(io.BytesIO(data))
    if image.width * image.height > most:
        raise ValueError("too many pixels")
    image.load()
    return image
