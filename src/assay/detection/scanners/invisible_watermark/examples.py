"""The scanner's own examples: made pictures with and without a payload. No real picture is among them."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assay.detection.evidence import Claim, Integrity, Kind
from assay.detection.scanner import Example, Expected
from assay.detection.scanners.invisible_watermark.blocks import SCALE
from assay.detection.scanners.invisible_watermark.payloads import PAYLOADS

SIDE = 256


def embedded(bits: tuple[int, ...], *, side: int = SIDE) -> NDArray[np.uint8]:
    """A flat patchwork whose blocks vote for the bits in turn; made from nothing, block by block."""
    blocks = side // 8
    picture = np.zeros((side, side, 3), dtype=np.uint8)
    for number in range(blocks * blocks):
        top, left = number // blocks * 8, number % blocks * 8
        # A coefficient is twice the plane's mean: three steps of the scale and a quarter, or three quarters.
        plane = (3 + 0.25 + 0.5 * bits[number % len(bits)]) * SCALE / 2
        # Blue alone moves the plane by 0.492 * (1 - 0.114) of itself, around one half.
        picture[top : top + 8, left : left + 8] = (0, 0, round((plane - 0.5) / (0.492 * (1 - 0.114))))
    return picture


def as_png(picture: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    return stream.getvalue()


@cache
def examples() -> tuple[Example, ...]:
    """A picture for each payload, and three that carry none."""
    found = Expected(Kind.KEYED_WATERMARK, Claim.AI_UNSPECIFIED, Integrity.UNSIGNED)
    marked = [Example(f"{payload.generator}.png", as_png(embedded(payload.bits)), (found,)) for payload in PAYLOADS]
    slopes = np.indices((SIDE, SIDE)).sum(axis=0) // 2
    gradient = np.stack([slopes, slopes[::-1], np.full_like(slopes, 90)], axis=2).astype(np.uint8)
    near = tuple(bit ^ (place < 12) for place, bit in enumerate(PAYLOADS[0].bits))
    return (
        *marked,
        Example("twelve bits off.png", as_png(embedded(near))),
        Example("gradient.png", as_png(gradient)),
        Example("too small.png", as_png(embedded(PAYLOADS[0].bits, side=128))),
        Example("a text.txt", b"made with Stable Diffusion XL, says this text"),
    )
