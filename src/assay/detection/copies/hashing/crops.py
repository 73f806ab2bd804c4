"""Parts of a picture that are hashed beside it: without its bars, and its middle. It says of none that it is a copy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# How much of each side the middle keeps. A hash still fits a picture that lost one part in fifty or so on each side,
# so that these steps leave no gap between whole and four fifths for pictures that were cut evenly.
MIDDLES = (95, 90, 85, 80)

# A plain line has this share of its pixels in the bar's colour, give or take; a caption's letters leave that much free.
_PLAIN_SHARE, _CAPTIONED_SHARE, _TOLERANCE = 0.98, 0.4, 12
# Of a side, the share that bars may take together, and the least that is worth another hash.
_MOST_BARS, _LEAST_BARS = 0.6, 0.02
_LEAST_SIDE = 64


def crops_of(pixels: NDArray[np.uint8]) -> list[tuple[str, NDArray[np.uint8]]]:
    """The parts, with the place of each: `crop:content` where there are bars, and `crop:centre95` and so on.

    pixels  RGB, rows first, made small as for hashing
    """
    found = []
    content = without_bars(pixels)
    if content is not None:
        found.append(("crop:content", content))
    found += [(f"crop:centre{share}", middle_of(pixels, share)) for share in MIDDLES]
    return [(place, part) for place, part in found if min(part.shape[:2]) >= _LEAST_SIDE]


def middle_of(pixels: NDArray[np.uint8], share: int) -> NDArray[np.uint8]:
    """The middle of a picture, `share` percent of each side."""
    rows, columns = pixels.shape[:2]
    down, across = round(rows * (100 - share) / 200), round(columns * (100 - share) / 200)
    return pixels[down : rows - down, across : columns - across]


def without_bars(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """A picture without the plain bars at its edges (letterbox, border, caption), or None where it has none.

    A picture's own plain edge (a white ground, a night sky) goes with them; that is why a bank keeps its items without
    bars, too, so that like meets like.
    """
    top, bottom = _bars(pixels, len(pixels))
    inner = pixels[top : len(pixels) - bottom]
    if not len(inner):
        return None
    left, right = _bars(inner.swapaxes(0, 1), pixels.shape[1])
    if not max(top, bottom, left, right) > 0 or inner.shape[1] - left - right <= 0:
        return None
    return inner[:, left : inner.shape[1] - right]


def _bars(lines: NDArray[np.uint8], length: int) -> tuple[int, int]:
    """How many lines at the beginning and at the end are of one colour; none where that is too little or too much."""
    before, behind = _bar(lines), _bar(lines[::-1])
    share = (before + behind) / length
    return (before, behind) if _LEAST_BARS <= share <= _MOST_BARS else (0, 0)


def _bar(lines: NDArray[np.uint8]) -> int:
    """How far the colour of the first line reaches: to the last wholly plain line before the lines are another's.

    Lines with a caption are let pass on the way, and the picture behind, if it is of nearly that colour, is not.
    """
    colour = np.median(lines[0], axis=0).astype(np.int16)
    reached = 0
    # Most pictures have no bar, which the first lines tell; the others are looked at only where there is one.
    for count in (8, len(lines)):
        near = (np.abs(lines[:count].astype(np.int16) - colour) <= _TOLERANCE).all(axis=2).mean(axis=1)
        other = np.flatnonzero(near < _CAPTIONED_SHARE)
        end = int(other[0]) if len(other) else len(near)
        plain = np.flatnonzero(near[:end] >= _PLAIN_SHARE)
        reached = int(plain[-1]) + 1 if len(plain) else 0
        if len(other):
            break
    return reached
