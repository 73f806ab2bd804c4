"""Hashes to search among and to search for: by chance and in clusters, with neighbours planted at every distance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint8]

FARTHEST = 31
_BITS = 256
_CLUSTERED, _IN_A_CLUSTER, _CLUSTER_BITS = 4, 16, 12


def known(count: int, seed: int) -> Hashes:
    """uint8[count, 32]: three quarters by chance, the last one in clusters of sixteen within a few bits."""
    chance = np.random.default_rng(seed)
    hashes = chance.integers(0, 256, (count, 32), dtype=np.uint8)
    clustered = count // _CLUSTERED
    centres = hashes[: clustered // _IN_A_CLUSTER + 1]
    members = centres[np.arange(clustered) // _IN_A_CLUSTER]
    for _ in range(_CLUSTER_BITS):
        members[np.arange(clustered), chance.integers(0, 32, clustered)] ^= np.uint8(1) << chance.integers(
            0, 8, clustered, dtype=np.uint8
        )
    hashes[count - clustered :] = members
    return hashes


def sought(hashes: Hashes, each: int, seed: int) -> Hashes:
    """For every distance from 0 to 31 so many that lie exactly so far from one of the hashes, and as many by chance."""
    chance = np.random.default_rng(seed)
    queries = [chance.integers(0, 256, (each, 32), dtype=np.uint8)]
    for distance in range(FARTHEST + 1):
        bits = np.zeros((each, _BITS), dtype=np.uint8)
        for row in bits:
            row[chance.choice(_BITS, distance, replace=False)] = 1
        queries.append(hashes[chance.integers(0, len(hashes), each)] ^ np.packbits(bits, axis=1))
    return np.concatenate(queries)
