"""Pictures that people upload: whether they can be decoded, and as they look on paper."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from models.adapters.sandbox.limits import PRINTED, SCANNED
from models.core.errors import refuse

PNG_OR_JPEG = (b"\x89PNG", b"\xff\xd8")
MILLION = 1_000_000
LARGEST = 1600  # pixels on the longer side of a logo or seal; at 30 mm it is finer than print
SMALL = 160  # a finger broad on a fine screen
Image.MAX_IMAGE_PIXELS = None  # ours are asked first


def check(data, most=SCANNED):
    """Decode the picture. Refused when it is damaged, which would stop every issue, or has more
    than so many million pixels."""
    _decoded(data, most)


def check_size(data, most=SCANNED):
    """Read no more than how large it is: a scanner's TIFF may be packed in a way that we cannot
    decode."""
    _opened(data, most)


def for_print(data):
    """The picture as PNG bytes that every PDF shows as it looks: turned as its camera says, with
    its transparency, in plain RGB; the renderer prints palettes with a black box, 16 bits as white
    and reads no turn."""
    data.startswith(PNG_OR_JPEG) or refuse("picture_kind")
    image = ImageOps.exif_transpose(_decoded(data, PRINTED))
    if image.mode.startswith("I"):  # grey of 16 bits, of which convert() would keep the lower 8
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LARGEST, LARGEST))
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()


def small(data):
    """The picture as a PNG of a few kilobytes."""
    image = Image.open(io.BytesIO(for_print(data)))
    image.thumbnail((SMALL, SMALL))
    out = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, format="PNG")
    return out.getvalue()


def _decoded(data, most):
    image = _opened(data, most)
    try:
        image.load()
    except MemoryError:
        raise
    except Exception:  # Pillow raises many kinds of errors for damaged files
        refuse("file_damaged")
    return image


def _opened(data, most):
    try:
        image = Image.open(io.BytesIO(data))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, OverflowError):
        refuse("file_damaged")
    pixels = image.width * image.height
    pixels <= most * MILLION or refuse("too_many_pixels", found=-(-pixels // MILLION), most=most)
    return image
