"""Embeds a payload as the generators' programs do, in floating-point or whole numbers. It is used by tests only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]

_FLOAT_LIGHT, _FLOAT_MIDDLE = (0.114, 0.587, 0.299), 0.5
_WHOLE_MIDDLE = 128.0


def embed(rgb: Pixels, bits: tuple[int, ...], arithmetic: str) -> Pixels:
    """The picture with the payload in its chroma, as it would be saved.

    arithmetic  `float bgr`, `float rgb`, `whole bgr` or `whole rgb`
    """
    numbers, order = arithmetic.split()
    first, second, third = (rgb[:, :, at].astype(np.float64) for at in ((2, 1, 0) if order == "bgr" else (0, 1, 2)))
    light = first * _FLOAT_LIGHT[0] + second * _FLOAT_LIGHT[1] + third * _FLOAT_LIGHT[2]
    u, v = (first - light) * 0.492, (third - light) * 0.877
    middle = _FLOAT_MIDDLE if numbers == "float" else _WHOLE_MIDDLE
    if numbers == "whole":
        light, u, v = (np.round(each) for each in (light, u, v))
    marked = _marked(u + middle, bits)
    if numbers == "whole":
        # What is kept in whole numbers is cut and not rounded.
        marked = np.floor(np.clip(marked, 0, 255))
    u = marked - middle
    channels = (light + u / 0.492, light - 0.395 * u - 0.581 * v, light + v / 0.877)
    ordered = channels[::-1] if order == "bgr" else channels
    return np.clip(np.round(np.stack(ordered, axis=2)), 0, 255).astype(np.uint8)


def _marked(plane: Numbers, bits: tuple[int, ...]) -> Numbers:
    """The plane with the mean of one square of pixels in each block moved to where it votes for the block's bit."""
    plane = plane.copy()
    high, wide = plane.shape[0] // 8, plane.shape[1] // 8
    for number in range(high * wide):
        top, left = number // wide * 8, number % wide * 8
        block = plane[top : top + 8, left : left + 8]
        coarse = block.reshape(4, 2, 4, 2).sum(axis=(1, 3)) / 2
        place = int(np.abs(coarse.reshape(-1)[1:]).argmax()) + 1
        row, column = place // 4, place % 4
        value = coarse[row, column]
        aim = (abs(value) // 36 + 0.25 + 0.5 * bits[number % len(bits)]) * 36
        moved = np.copysign(aim, value) - value
        block[2 * row : 2 * row + 2, 2 * column : 2 * column + 2] += moved / 2
    return plane
