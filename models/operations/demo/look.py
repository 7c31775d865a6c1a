"""Logo and seals of the demo firm, drawn here: they belong to nobody."""

import functools
import io
import math

from PIL import Image, ImageDraw, ImageFont

from models.adapters import blobs
from models.adapters.printing import fonts

PETROL, RED = (31, 95, 107, 255), (194, 47, 34, 235)
SIZE = 480


def pictures():
    """{column: SHA-256} of each."""
    return {
        "logo": _keep(_logo),
        "seal": _keep(functools.partial(_seal, "发票专用章")),
        "contract_seal": _keep(functools.partial(_seal, "合同专用章")),
    }


def _keep(paint):
    picture = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    paint(ImageDraw.Draw(picture))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return blobs.keep(out.getvalue())


def _logo(pen):
    """A peak above a cloud: what 云岫 says."""
    pen.rounded_rectangle((0, 0, SIZE - 1, SIZE - 1), 96, fill=PETROL)
    pen.polygon([(90, 320), (215, 110), (290, 230), (325, 180), (400, 320)], fill="white")
    for left in (70, 190, 310):
        pen.ellipse((left, 280, left + 110, 390), fill=PETROL)
    pen.rounded_rectangle((80, 350, 400, 378), 14, fill="white")


def _seal(use, pen):
    pen.ellipse((12, 12, SIZE - 12, SIZE - 12), outline=RED, width=14)
    middle, points = SIZE / 2, []
    for n in range(10):
        radius = 92 if n % 2 == 0 else 37
        turn = math.pi * (n / 5 - 0.5)
        points.append((middle + radius * math.cos(turn), middle - 20 + radius * math.sin(turn)))
    pen.polygon(points, fill=RED)
    for text, height, size in (("云岫商贸", 96, 64), (use, 362, 46)):
        font = ImageFont.truetype(str(fonts.FOLDER / "NotoSansSC-Bold.ttf"), size)
        pen.text((middle, height), text, font=font, fill=RED, anchor="mm")
