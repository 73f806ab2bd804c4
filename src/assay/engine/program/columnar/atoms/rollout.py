"""The shares that a rollout compares, for many ids. It never hashes an id that nobody asks about."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from assay.engine.program.columnar.table.block import Ids

# No share is as large, so a row that was not asked about is in no rollout.
_NOT_ASKED = np.inf


def shares_of(ids: Sequence[str | None], salt: str) -> NDArray[np.float64]:
    """`kernel.digest.share_of` for each id; NaN where the id is unknown."""
    begun = hashlib.sha256(f"{salt}\x00".encode())
    firsts = []
    for found in ids:
        hashed = begun.copy()
        hashed.update((found or "").encode())
        firsts.append(hashed.digest()[:8])
    shares = (np.frombuffer(b"".join(firsts), ">u8") >> np.uint64(11)).astype(np.float64) / (1 << 53)
    shares[[found is None for found in ids]] = nan
    return shares


class Shares:
    """The shares of a block's rows, by salt; each is worked out when it is first asked for."""

    def __init__(self, ids: Ids, rows: int) -> None:
        self._ids, self._rows = ids, rows
        self._by_salt: dict[str, NDArray[np.float64]] = {}

    def of(self, salt: str, wanted: NDArray[np.intp]) -> NDArray[np.float64]:
        """A share for every row, of which those of the wanted rows are right and all others too large to matter."""
        found = self._by_salt.get(salt)
        if found is None:
            found = self._by_salt[salt] = np.full(self._rows, _NOT_ASKED)
        lacking = wanted[np.isposinf(found[wanted])]
        if lacking.size:
            found[lacking] = shares_of(self._ids.at(lacking), salt)
        return found
