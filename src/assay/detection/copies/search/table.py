"""Hashes made ready to be looked up by their bands: built once, never changed. It reads and writes no file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.search.bands import Bands, bands_for
from assay.detection.copies.search.codes import WORDS, Codes, Rows

MAXIMUM_CODES = 100_000_000
_PLACE = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Table:
    """Different hashes, the rows that have each, and for every key of every band the hashes with it.

    codes     uint64[u, 4], each hash once
    firsts    uint32[u + 1], where the rows of each hash begin
    rows      int64[n]
    offsets   uint32[keys + 1], where the hashes with each key begin, all bands end to end
    postings  uint32[u * bands], places in `codes`
    """

    bands: Bands
    codes: Codes
    firsts: NDArray[np.uint32]
    rows: Rows
    offsets: NDArray[np.uint32]
    postings: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.rows)


def build_table(codes: Codes, rows: Rows) -> Table:
    """A table over uint64[n, 4] hashes and their rows; raises ValueError where there are too many for one."""
    if len(codes) > MAXIMUM_CODES:
        raise ValueError("more hashes than one table holds")
    order, firsts = _each_once(codes)
    once, rows = codes.take(order.take(firsts[:-1]), axis=0), rows.take(order)
    del codes, order
    bands = bands_for(max(1, len(once)))
    offsets = np.zeros(bands.keys + 1, dtype="<u4")
    postings = np.empty(len(once) * len(bands.widths), dtype="<u4")
    base = 0
    for band, width in enumerate(bands.widths):
        keys = bands.keys_of(once, band) - base
        start = band * len(once)
        counts = np.bincount(keys, minlength=1 << width)
        offsets[base + 1 : base + 1 + (1 << width)] = np.cumsum(counts) + start
        # Key and place in one number sort many times faster than places sorted by key.
        both = (keys.astype(np.uint64) << _PLACE) | np.arange(len(once), dtype=np.uint64)
        both.sort()
        postings[start : start + len(once)] = both.astype(np.uint32)
        base += 1 << width
    return Table(bands, once, firsts.astype("<u4"), rows.astype("<i8"), offsets, postings)


def _each_once(codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """An order in which equal hashes stand together, and where each different one begins; the end comes last.

    A million copies of one hash would otherwise be a million comparisons in every band.
    """
    order = np.argsort(codes[:, 0])
    first = codes[:, 0].take(order)
    same = first[1:] == first[:-1]
    if same.any():
        # Only what agrees in its first word is put in order by the others, too: with chance alone that is nothing.
        tied = np.zeros(len(order), dtype=bool)
        tied[1:] |= same
        tied[:-1] |= same
        places = np.flatnonzero(tied)
        among = order.take(places)
        words = codes.take(among, axis=0)
        order[places] = among.take(np.lexsort([among, *(words[:, word] for word in range(WORDS - 1, -1, -1))]))
    starts = np.ones(len(order), dtype=bool)
    if same.any():
        later = np.flatnonzero(same) + 1
        equal = (codes.take(order.take(later), axis=0) == codes.take(order.take(later - 1), axis=0)).all(axis=1)
        starts[later] = ~equal
    return order, np.append(np.flatnonzero(starts), len(order))
