"""How 256 bits are cut into bands, and which keys must be looked up so that no neighbour is missed. It holds none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.search.codes import BITS, Codes

Keys = NDArray[np.int64]

FEWEST, MOST = 10, 24
# What one looked-up key, one bucket that holds something and one compared hash cost beside each other, in nanoseconds
# as measured; only their proportion matters, and only for speed.
KEY_COST, BUCKET_COST, COMPARED_COST = 15.0, 15.0, 30.0
_USUAL_DISTANCE = 31
# Memory is worth some speed: a table of keys as large as all postings counts as half as much time again.
_TABLE_COST = 0.5


@dataclass(frozen=True, slots=True)
class Bands:
    """Consecutive runs of bits, the widest first, each with its own stretch of one common table of keys.

    With the widest first every stretch begins at a multiple of its own length, so that a key can carry the stretch
    that it belongs to and still be flipped bit by bit.
    """

    widths: tuple[int, ...]

    @property
    def keys(self) -> int:
        """How many keys there are, over all bands."""
        return sum(1 << width for width in self.widths)

    def keys_of(self, codes: Codes, band: int) -> Keys:
        """The key of every code in one band, with the place of the band's stretch added."""
        start, width = sum(self.widths[:band]), self.widths[band]
        word, shift = divmod(start, 64)
        keys = codes[:, word] >> np.uint64(shift)
        if shift + width > 64:
            keys = keys | (codes[:, word + 1] << np.uint64(64 - shift))
        base = sum(1 << each for each in self.widths[:band])
        return (keys & np.uint64((1 << width) - 1)).astype(np.int64) + base

    def all_keys_of(self, codes: Codes) -> Keys:
        """int64[n, bands]."""
        return np.stack([self.keys_of(codes, band) for band in range(len(self.widths))], axis=1)


@dataclass(frozen=True, slots=True)
class Probes:
    """Which keys to look up: for each, the band whose key to take and the bits in it to flip."""

    bands: NDArray[np.intp]
    flips: Keys


def radii(count: int, distance: int) -> tuple[int, ...]:
    """How many flipped bits each of `count` bands must be searched with; -1 where a band need not be searched.

    Were every band to differ in more bits than its radius, the whole would differ in more than `distance`: the radii,
    one more each, add up to distance + 1.
    """
    least, more = divmod(distance, count)
    return tuple(least if band <= more else least - 1 for band in range(count))


def probe_count(bands: Bands, distance: int) -> int:
    """How many keys must be looked up for one query."""
    each = zip(bands.widths, radii(len(bands.widths), distance), strict=True)
    return sum(comb(width, bits) for width, radius in each for bits in range(radius + 1))


def expected(bands: Bands, distance: int, count: int) -> float:
    """How many hashes would be compared for one query, were all `count` spread evenly."""
    each = zip(bands.widths, radii(len(bands.widths), distance), strict=True)
    return sum(comb(width, bits) * count / (1 << width) for width, radius in each for bits in range(radius + 1))


@lru_cache(maxsize=64)
def probes_of(bands: Bands, distance: int) -> Probes:
    """Every key to look up for one query, the bits to flip ready made."""
    numbers: list[int] = []
    flips: list[int] = []
    for band, (width, radius) in enumerate(zip(bands.widths, radii(len(bands.widths), distance), strict=True)):
        chosen = [bits for many in range(radius + 1) for bits in combinations(range(width), many)]
        of_band = [sum(1 << bit for bit in bits) for bits in chosen]
        numbers += [band] * len(of_band)
        flips += of_band
    return Probes(np.array(numbers, dtype=np.intp), np.array(flips, dtype=np.int64))


def cost(bands: Bands, distance: int, count: int) -> float:
    """What one query costs among `count` hashes spread evenly, in nanoseconds or so."""
    keys, compared = probe_count(bands, distance), expected(bands, distance, count)
    return keys * KEY_COST + min(keys, compared) * BUCKET_COST + compared * COMPARED_COST


def bands_for(count: int) -> Bands:
    """The bands that suit so many hashes at the distance that is usual for pictures."""
    return min((evenly(many) for many in range(FEWEST, MOST + 1)), key=lambda bands: _price(bands, count))


def _price(bands: Bands, count: int) -> float:
    return cost(bands, _USUAL_DISTANCE, count) * (1 + _TABLE_COST * bands.keys / (count * len(bands.widths)))


def evenly(many: int) -> Bands:
    """All bits in so many bands, the widest first."""
    width, wider = divmod(BITS, many)
    return Bands(tuple(width + (band < wider) for band in range(many)))
