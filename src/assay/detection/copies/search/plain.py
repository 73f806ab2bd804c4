"""Every hash compared with every query: for few hashes, and where looking up would cost more. It keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.search.codes import WORDS, Codes, Rows

# Half a megabyte of hashes at a time stays in the processor's own memory.
_BLOCK = 1 << 14


def compare(codes: Codes, queries: Codes, distance: int) -> Iterator[tuple[Rows, Rows, Rows]]:
    """Query, place and distance of all that lie within it, a block of hashes after the other."""
    scratch = np.empty((min(_BLOCK, len(codes)), WORDS), dtype=np.uint64)
    counts = np.empty(scratch.shape, dtype=np.uint8)
    for start in range(0, len(codes), _BLOCK):
        block = codes[start : start + _BLOCK]
        differing, bits = scratch[: len(block)], counts[: len(block)]
        for number, query in enumerate(queries):
            np.bitwise_xor(block, query, out=differing)
            np.bitwise_count(differing, out=bits)
            near = np.flatnonzero(within(bits, distance))
            if len(near):
                exact = bits.take(near, axis=0).sum(axis=1, dtype=np.int64)
                kept = exact <= distance
                yield np.full(int(kept.sum()), number, dtype=np.int64), near[kept] + start, exact[kept]


def within(bits: NDArray[np.uint8], distance: int) -> NDArray[np.bool_]:
    """Which rows of uint8[n, 4] may add up to at most `distance`: all that do, and those that add up to 256.

    Four bytes are added by one multiplication, many times faster than by a sum over an axis of four.
    """
    if distance >= 256:
        return np.ones(len(bits), dtype=bool)
    added = (bits.view(np.uint32).reshape(-1) * np.uint32(0x01010101)) >> np.uint32(24)
    return added <= distance
