"""Edited copies of items that the demonstration's platform knows, and the banks that know them. It hashes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import av
from PIL import Image, ImageDraw, ImageOps

from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.kinds import HashKind
from assay.detection.evidence import Claim, Tier
from assay.interfaces.demo.art import cards, moving
from assay.interfaces.demo.marks import jpeg, opened, png
from assay.interfaces.demo.recipe import Recipe, Workshop
from assay.interfaces.demo.shelves import scenes
from assay.interfaces.demo.shelves.known import looked_through, record, undisclosed

SUSPECTED = {"synthetic_status": "suspected", "provenance": "none"}
UNKNOWN = {"provenance": "none"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A bank of the demonstration with the items that it knows, each by its name, and how to come by its bytes."""

    settings: BankSettings
    items: tuple[tuple[str, Callable[[Workshop], bytes]], ...]
    labels: tuple[str, ...]


@cache
def _miracle() -> Image.Image:
    # It was removed before anybody opened the demonstration, and is in a bank only.
    return cards.advertisement(
        "YOUNG IN 9 DAYS", "only today 19.90", backdrop=["#1b3a2f", "#d6e5c3"], flask="#b5179e", accent="#ffd166"
    )


def _of_made(name: str) -> tuple[str, Callable[[Workshop], bytes]]:
    return (name, lambda shop: shop.made[name])


BANKS: tuple[Kept, ...] = (
    Kept(
        BankSettings(
            name="own-generator",
            purpose="Pictures that the platform's own generator made",
            kind=HashKind.PDQ,
            words="It is a copy of a picture that our own generator made.",
            claim=Claim.GENERATED,
            tier=Tier.OPERATOR,
            source="the generator's log",
            dihedral=True,
            crops=True,
        ),
        (_of_made("hills-generated.jpg"), _of_made("city-generated.png")),
        ("own-generator",),
    ),
    Kept(
        BankSettings(
            name="own-films",
            purpose="Films that the platform's own generator made",
            kind=HashKind.VPDQ,
            words="Most of its frames are in a film that our own generator made.",
            claim=Claim.GENERATED,
            tier=Tier.OPERATOR,
            source="the generator's log",
        ),
        (_of_made("ripples-generated.mp4"),),
        ("own-generator",),
    ),
    Kept(
        BankSettings(
            name="removed",
            purpose="Items that were removed and whose copies go, too",
            kind=HashKind.PDQ,
            words="An item like it was removed before; its labels say why.",
            tier=Tier.OPERATOR,
            source="the record of removals",
            dihedral=True,
        ),
        (("miracle.jpg", lambda _: jpeg(_miracle())),),
        ("deceptive-advert", "removed-2026-10"),
    ),
    Kept(
        BankSettings(
            name="newsroom",
            purpose="Original photographs of a newsroom",
            kind=HashKind.PDQ,
            words="It is like a photograph that the newsroom took: compare the two before anybody calls it authentic.",
            claim=Claim.CAPTURED,
            tier=Tier.OPERATOR,
            source="the newsroom's archive",
        ),
        (_of_made("harbour-photograph.jpg"),),
        ("harbour",),
    ),
)


def _bordered(picture: Image.Image) -> Image.Image:
    return ImageOps.expand(picture, border=(0, picture.height // 10), fill="#000000")


def _recut(shop: Workshop) -> bytes:
    """The film without its first second, encoded again."""
    with av.open(io.BytesIO(shop.made["ripples-generated.mp4"]), "r") as container:
        frames = [Image.fromarray(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    return moving.mp4(iter(frames[moving.FRAMES_PER_SECOND :]))


def _with_smoke(picture: Image.Image) -> Image.Image:
    """A plume over a boat where there was none: little of the picture, and all of what it says."""
    changed = picture.copy()
    pen = ImageDraw.Draw(changed)
    for number in range(3):
        left, top = 0.46 + 0.01 * (number % 2), 0.44 + 0.025 * number
        box = (left, top, left + 0.025, top + 0.025)
        pen.ellipse([round(part * side) for part, side in zip(box, changed.size * 2, strict=True)], fill="#8a98a3")
    return changed


COPIES: tuple[Recipe, ...] = (
    Recipe(
        "city-saved-again.jpg",
        "City by night, saved again",
        "The generated picture at half its size and saved badly; a bank knows it all the same.",
        lambda shop: jpeg(opened(shop.made["city-generated.png"]).resize((480, 320)), quality=25),
        SUSPECTED,
        known=looked_through(realism="stylised"),
    ),
    Recipe(
        "hills-mirrored.jpg",
        "Evening hills, mirrored",
        "Somebody turned the generated picture left to right, as those do who want it not to be recognised.",
        lambda shop: jpeg(ImageOps.mirror(opened(shop.made["hills-generated.jpg"])), quality=70),
        SUSPECTED,
        known=looked_through(realism="stylised"),
    ),
    Recipe(
        "city-in-bars.png",
        "City by night, between bars",
        "The generated picture with black bars above and below it; the bank looks for it without them.",
        lambda shop: png(_bordered(opened(shop.made["city-generated.png"]).resize((720, 480)))),
        SUSPECTED,
        known=looked_through(realism="stylised"),
    ),
    Recipe(
        "ripples-recut.mp4",
        "Ripples, cut anew",
        "The generated film without its first second, encoded again; its frames are in the bank of films.",
        _recut,
        SUSPECTED,
        known=record(),
    ),
    Recipe(
        "miracle-again.jpg",
        "An advertisement that was removed before",
        "Uploaded again a little smaller; the bank says what it was removed for, and nothing about AI.",
        lambda _: jpeg(_miracle().resize((800, 533)), quality=55),
        UNKNOWN,
        known=record(is_paid="ad"),
    ),
    Recipe(
        "harbour-with-smoke.jpg",
        "Harbour, with smoke painted in",
        "It is like a newsroom's photograph, and that makes nothing of it authentic: somebody painted smoke into it.",
        lambda _: jpeg(_with_smoke(scenes.harbour()), quality=80),
        UNKNOWN,
        known=undisclosed(realism="realistic"),
    ),
)
