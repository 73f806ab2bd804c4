"""Finds ids that come again, by their 64-bit digests and in bounded memory. It never holds an id.

The first pass keeps two bytes a row, 512 MiB at the most; what it suspects is a few rows in a hundred, and only their
digests are compared in the second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_BITS_A_ROW = 16
_SMALLEST, _LARGEST = 1 << 16, 1 << 32
_PRIME = np.uint64(0x9E37_79B9_7F4A_7C15)
_OTHER_PRIME = np.uint64(0xC2B2_AE3D_27D4_EB4F)
_BIT = np.uint8(1) << np.arange(8, dtype=np.uint8)
# 256 MiB of digests.
_MOST_SUSPECTS = 1 << 25
_SHIFT = np.uint64(29)


def digests_of(array: Any) -> NDArray[np.uint64]:
    """A 64-bit digest of each text of an array without nulls; equal texts have equal ones."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    array = array.cast(pa.large_binary())
    offsets = np.frombuffer(array.buffers()[1], np.int64, len(array) + 1, array.offset * 8)
    starts, lengths = offsets[:-1], np.diff(offsets)
    found = lengths.astype(np.uint64) * _PRIME
    longest = int(lengths.max(initial=0))
    if not longest:
        return found
    content = np.frombuffer(array.buffers()[2], np.uint8)
    # Eight bytes at every place, so that a text is read in words wherever it begins.
    padded = np.concatenate((content[: offsets[-1]], np.zeros(8, np.uint8)))
    words = np.lib.stride_tricks.as_strided(padded.view(), (int(offsets[-1]) + 1, 8), (1, 1))
    rows = None if int(lengths.min()) == longest else np.arange(len(array))
    for place in range(0, longest, 8):
        if rows is not None:
            rows = rows[lengths[rows] > place]
        here = slice(None) if rows is None else rows
        left = lengths[here] - place
        taken = np.ascontiguousarray(words[starts[here] + place]).view("<u8")[:, 0]
        short = np.minimum(left, 8).astype(np.uint64) * np.uint64(8)
        # A text ends before its last word does: what follows belongs to the next one.
        taken = np.where(short == 64, taken, taken & ((np.uint64(1) << (short & np.uint64(63))) - np.uint64(1)))
        mixed = (found[here] ^ taken) * _OTHER_PRIME
        found[here] = mixed ^ (mixed >> _SHIFT)
    return found * _PRIME


class Repeats:
    """Which rows have an id that an earlier row has. Every batch is given twice: first to `see`, then to `compare`.

    rows  how many there are in all
    """

    def __init__(self, rows: int) -> None:
        size = _SMALLEST
        while size < min(rows * _BITS_A_ROW, _LARGEST):
            size *= 2
        self._bits = np.zeros(size // 8, np.uint8)
        self._mask = np.uint64(size - 1)
        self._suspects: list[NDArray[np.uint64]] = []
        self._count = 0
        self._met: NDArray[np.bool_] | None = None

    def see(self, ids: Any) -> None:
        """The first look at some ids."""
        digests = np.sort(digests_of(ids))
        # The upper half of a digest depends on every byte of the text.
        places = digests >> np.uint64(32) & self._mask
        chosen = (places >> np.uint64(3)).astype(np.intp)
        bits = _BIT[(places & np.uint64(7)).astype(np.intp)]
        met = (self._bits[chosen] & bits) != 0
        met[1:] |= digests[1:] == digests[:-1]
        np.bitwise_or.at(self._bits, chosen, bits)
        if met.any():
            self._suspects.append(digests[met])
            self._count += self._suspects[-1].size
            if self._count > _MOST_SUSPECTS:
                self._suspects = [np.unique(np.concatenate(self._suspects))]
                self._count = self._suspects[0].size

    @property
    def suspected(self) -> bool:
        """Whether a second look is needed."""
        return bool(self._suspects)

    @property
    def too_many(self) -> bool:
        """Whether more ids come again than can be kept apart."""
        return self._count > _MOST_SUSPECTS

    def compare(self, ids: Any) -> NDArray[np.intp]:
        """The places of ids that came before."""
        if self._met is None:
            self._suspects = [np.unique(np.concatenate(self._suspects))] if self._suspects else []
            self._met = np.zeros(self._suspects[0].size if self._suspects else 0, np.bool_)
            self._bits = np.zeros(0, np.uint8)
        if not self._suspects:
            return np.zeros(0, np.intp)
        digests, known = digests_of(ids), self._suspects[0]
        places = np.minimum(np.searchsorted(known, digests), known.size - 1)
        rows = np.flatnonzero(known[places] == digests)
        ordered, first = np.unique(places[rows], return_index=True)
        again = np.ones(rows.size, np.bool_)
        again[first] = self._met[ordered]
        self._met[ordered] = True
        return rows[again]
