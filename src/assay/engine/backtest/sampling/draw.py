"""Which rows are drawn: an even number for each id, always the same. It never draws by chance."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_STEPS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST = 31


def draws_of(ids: Sequence[str | None]) -> NDArray[np.uint64]:
    """An even number for each id; whoever has the smallest ones is drawn.

    A cryptographic hash, which nobody needs here, would take several times as long, and every open row has one.
    """
    words = [zlib.crc32((found or "").encode()) for found in ids]
    mixed = np.array(words, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    # Ids that follow each other have checksums that do so too; the steps of splitmix64 take them apart.
    for shift, factor in _STEPS:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(_LAST))
