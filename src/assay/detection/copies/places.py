"""How near a copy is and in which edit it was recognised, in words for a reviewer. It looks at no picture."""

from __future__ import annotations

import re

from assay.detection.copies.kinds import HashKind

_PLACES = {
    "": "as it is",
    "flip": "mirrored",
    "flip-upright": "turned upside down and mirrored",
    "rotate90": "turned by 90 degrees",
    "rotate180": "turned by 180 degrees",
    "rotate270": "turned by 270 degrees",
    "transpose": "mirrored and turned by 90 degrees",
    "transverse": "mirrored and turned by 270 degrees",
    "crop:content": "without the bars around it",
}
_MIDDLE = "crop:centre"
_PART = re.compile(r" \[(?:crop|frame):[a-z0-9./:-]{1,60}\]\Z")


def place_words(place: str) -> str:
    """`mirrored`, `its middle, 90 % of each side`, `the frame at 12 s`; what nobody has words for stays as it is."""
    return ", ".join(_words(each) for each in place.split("/"))


def _words(place: str) -> str:
    known = _PLACES.get(place)
    if known is not None:
        return known
    if place.startswith(_MIDDLE):
        return f"its middle, {place.removeprefix(_MIDDLE)} % of each side"
    kind, _, rest = place.partition(":")
    return f"the frame at {rest.removesuffix('.0')} s" if kind == "frame" else place


def nearness(kind: HashKind, measure: str, distance: float, threshold: float) -> str:
    """`7 bits apart, where at most 31 count as a copy`.

    measure  `distance`, or else a share that is alike
    """
    if kind is HashKind.SHA256:
        return "the same bytes"
    if measure == "distance":
        unit = "bits" if kind is HashKind.PDQ else "points"
        return f"{distance:g} {unit} apart, where at most {threshold:g} count as a copy"
    return f"{distance:.0%} alike, where at least {threshold:.0%} count as a copy"


def note_of_part(note: str, place: str) -> str:
    """The note of an entry that was made of a part of an item: `city.jpg [crop:centre90]`."""
    return f"{note} [{place}]" if place else note


def note_of_whole(note: str) -> str:
    """The note of the item that an entry was made of, whichever part of it the entry is."""
    return _PART.sub("", note)
