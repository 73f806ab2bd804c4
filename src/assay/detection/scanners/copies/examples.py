"""The scanner's own examples and the bank that knows them, drawn and made when asked for. It touches nobody's bank."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.hashing.fingerprints import fingerprints_of
from assay.detection.copies.kinds import HashKind
from assay.detection.evidence import Claim, Integrity, Kind, Tier
from assay.detection.media import Media
from assay.detection.scanner import Example, Expected

WIDTH, HEIGHT = 320, 240
_ITS_OWN_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def _scene(sun: tuple[int, int], hills: tuple[int, ...]) -> Image.Image:
    """A sky, a sun and hills; two scenes have no outline in common."""
    picture = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((sun[0] - 30, sun[1] - 30, sun[0] + 30, sun[1] + 30), fill=(250, 230, 150))
    for number, height in enumerate(hills):
        left = number * WIDTH // len(hills)
        width = WIDTH // len(hills)
        shade = (40 + 35 * number % 160, 90, 60 + 20 * number)
        pen.polygon(
            [(left - 20, HEIGHT), (left + width // 2, HEIGHT - height), (left + width + 20, HEIGHT)], fill=shade
        )
    return picture


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def _known() -> Image.Image:
    return _scene((80, 60), (90, 150, 60, 120))


@cache
def examples() -> tuple[Example, ...]:
    """A known picture saved again, made smaller and mirrored is found; another one, and a text, are not."""
    copy = (Expected(Kind.COPY, Claim.GENERATED, Integrity.UNSIGNED),)
    known = _known()
    return (
        Example("saved again.jpg", _jpeg(known, 40), copy),
        Example("made smaller.jpg", _jpeg(known.resize((WIDTH // 2, HEIGHT // 2)), 80), copy),
        Example("mirrored.jpg", _jpeg(ImageOps.mirror(known), 80), copy),
        Example("another.jpg", _jpeg(_scene((250, 90), (40, 30, 170, 50, 110)), 80)),
        Example("a text.txt", b"A text has no picture to compare.\n"),
    )


@contextmanager
def example_banks() -> Iterator[tuple[Bank, ...]]:
    """A bank that knows the examples' picture, in a folder that is gone afterwards."""
    settings = BankSettings(
        name="examples",
        purpose="the examples' picture",
        kind=HashKind.PDQ,
        claim=Claim.GENERATED,
        words="It is a copy of the picture that the examples know.",
        tier=Tier.OPERATOR,
        dihedral=True,
    )
    original = Media.from_bytes(_jpeg(_known(), 90), name="known.jpg")
    with tempfile.TemporaryDirectory(prefix="assay-copies-") as folder:
        with Bank.create(Path(folder) / "examples", settings) as bank:
            made = fingerprints_of(original, [HashKind.PDQ])
            bank.add([Entry(each.value, each.quality) for each in made], at=_ITS_OWN_TIME)
        with Bank.open(Path(folder) / "examples") as bank:
            yield (bank,)
