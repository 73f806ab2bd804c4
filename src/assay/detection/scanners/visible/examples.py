"""The scanner's own examples, drawn when they are asked for: labels at an edge, and texts that only mention AI."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from assay.detection.evidence import Claim, Integrity, Kind
from assay.detection.scanner import Example, Expected

WIDTH, HEIGHT = 640, 480


def drawn(*lines: tuple[str, tuple[int, int], int]) -> bytes:
    """A plain picture with texts, each with its place and size, in the font that Pillow carries in itself."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (96, 128, 160))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((180, 120, 460, 360), fill=(180, 150, 90))
    for text, place, size in lines:
        pen.text(place, text, font=ImageFont.load_default(size), fill=(255, 255, 255))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


@cache
def examples() -> tuple[Example, ...]:
    """Labels in a corner are found; a headline, a sentence, a denial and a page of text are not."""
    says = Expected(Kind.VISIBLE_MARK, Claim.AI_UNSPECIFIED, Integrity.UNSIGNED)
    perhaps = Expected(Kind.VISIBLE_MARK, Claim.MAY_BE, Integrity.UNSIGNED)
    page = [(f"Line {number} of an article on pictures", (40, 30 + 40 * number), 22) for number in range(10)]
    return (
        Example("corner.png", drawn(("AI-generated", (450, 440), 24)), (says,)),
        Example("german.png", drawn(("Mit KI erstellt", (20, 440), 26)), (says,)),
        Example("perhaps.png", drawn(("May be AI-generated", (20, 12), 26)), (perhaps,)),
        Example("in the middle.png", drawn(("AI-generated", (240, 220), 28))),
        Example("denied.png", drawn(("Not AI-generated", (400, 440), 26))),
        Example("asked.png", drawn(("AI-generated?", (430, 440), 26))),
        Example("sentence.png", drawn(("How AI-generated pictures fool us", (60, 440), 26))),
        Example("page.png", drawn(*page, ("AI-generated", (40, 440), 22))),
        Example("nothing.png", drawn()),
    )
