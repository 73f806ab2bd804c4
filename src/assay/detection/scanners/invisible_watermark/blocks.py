"""What each block of a picture votes for, in the arithmetic of whoever may have embedded a bit. It judges no vote."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SCALE = 36.0
# Of the picture's pixels on a side: two by two of them make one coefficient, four by four coefficients one block.
BLOCK = 8
# Rows are worked on in strips, so that a large picture needs no more memory than its own pixels.
STRIP = 512
_HALF = 0.7071067811865476

Pixels = NDArray[np.uint8]
Votes = NDArray[np.bool_]
Plane = NDArray[np.float32] | NDArray[np.float64]

# How the generators' programs hand their picture to the embedding: Stability's and Black Forest Labs' as
# floating-point numbers in the order blue, green, red; early diffusers in the order red, green, blue; the first
# Stable Diffusion as whole numbers. Each leaves its own trace, and a reader that knows one of them misses the rest.
ARITHMETICS = ("float bgr", "float rgb", "whole bgr", "whole rgb")


def ballots(rgb: Pixels) -> list[tuple[str, Votes]]:
    """For each arithmetic, the vote of every block, row by row."""
    collected: dict[str, list[Votes]] = {name: [] for name in ARITHMETICS}
    for strip in _strips(rgb):
        red, green, blue = (strip[:, :, channel] for channel in range(3))
        collected["float bgr"].append(_votes(_float_plane(blue, green, red)))
        collected["float rgb"].append(_votes(_float_plane(red, green, blue)))
        collected["whole bgr"].append(_votes(_whole_plane(blue, green, red)))
        collected["whole rgb"].append(_votes(_whole_plane(red, green, blue)))
    return [(name, np.concatenate(votes)) for name, votes in collected.items() if votes]


def _strips(rgb: Pixels) -> Iterator[Pixels]:
    height, width = rgb.shape[0] // BLOCK * BLOCK, rgb.shape[1] // BLOCK * BLOCK
    if width:
        for top in range(0, height, STRIP):
            yield rgb[top : min(top + STRIP, height), :width]


def _float_plane(blue: Pixels, green: Pixels, red: Pixels) -> NDArray[np.float32]:
    """The chroma plane U as OpenCV reckons it for floating-point pictures: around one half, not around 128."""
    light = blue * np.float32(0.114) + green * np.float32(0.587) + red * np.float32(0.299)
    plane: NDArray[np.float32] = (blue - light) * np.float32(0.492) + np.float32(0.5)
    return plane


def _whole_plane(blue: Pixels, green: Pixels, red: Pixels) -> NDArray[np.float64]:
    """The chroma plane U as OpenCV reckons it for whole numbers, with its own rounding."""
    wide = blue.astype(np.int32)
    light = (wide * 1868 + green.astype(np.int32) * 9617 + red.astype(np.int32) * 4899 + 8192) >> 14
    chroma = ((wide - light) * 8061 + (128 << 14) + 8192) >> 14
    plane: NDArray[np.float64] = np.clip(chroma, 0, 255).astype(np.float64)
    return plane


def _votes(plane: Plane) -> Votes:
    """One bit a block: where its largest coefficient but the first lies within a step of the scale."""
    half = plane.dtype.type(_HALF)
    # The coarse half of a Haar transform, rounded step by step like the embedding's own.
    columns = half * plane[0::2] + half * plane[1::2]
    coarse = half * columns[:, 0::2] + half * columns[:, 1::2]
    high, wide = coarse.shape[0] // 4, coarse.shape[1] // 4
    blocks = np.abs(coarse.reshape(high, 4, wide, 4).transpose(0, 2, 1, 3).reshape(-1, 16))
    largest = blocks[:, 1:].max(axis=1)
    votes: Votes = largest % plane.dtype.type(SCALE) > plane.dtype.type(SCALE / 2)
    return votes
