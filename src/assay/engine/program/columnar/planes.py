"""Packed planes: one bit a row, 64 rows a word, the first row lowest. They never say what a bit stands for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

# Shape (words,). Bits beyond the last row mean nothing until `cut` has cleared them.
Plane: TypeAlias = NDArray[np.uint64]
# Shape (2, words): where something is certain, and where it is certain or unknown.
Pair: TypeAlias = NDArray[np.uint64]
Bools: TypeAlias = NDArray[np.bool_]

_WORD = 64
_ONES = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


def words_for(rows: int) -> int:
    """How many words a plane of some rows has."""
    return -(-rows // _WORD)


def nothing(rows: int) -> Plane:
    """The plane of no row."""
    return np.zeros(words_for(rows), np.uint64)


def everything(rows: int) -> Plane:
    """The plane of every row."""
    return np.full(words_for(rows), _ONES)


def pack(flags: Bools) -> Plane:
    """One truth value a row, packed."""
    packed = np.packbits(flags, bitorder="little")
    return packed.view(np.uint64) if packed.size % 8 == 0 else plane_of_bytes(packed)


def plane_of_bytes(packed: NDArray[np.uint8]) -> Plane:
    """A plane from packed bytes, lowest bit first, which is also how Arrow packs them."""
    spare = -packed.size % 8
    if spare or not packed.flags.c_contiguous:
        packed = np.concatenate((packed, np.zeros(spare, np.uint8)))
    return packed.view(np.uint64)


def unpack(plane: Plane, rows: int) -> Bools:
    """One truth value a row."""
    return np.unpackbits(plane.view(np.uint8), count=rows, bitorder="little").view(np.bool_)


def cut(planes: NDArray[np.uint64], rows: int) -> NDArray[np.uint64]:
    """Planes, one or many, without the bits beyond the last row; the same array where there are none."""
    if rows % _WORD == 0:
        return planes
    clean = planes.copy()
    clean[..., -1] &= np.uint64((1 << rows % _WORD) - 1)
    return clean


def count(plane: Plane) -> int:
    """How many rows a plane holds that has been `cut`."""
    return int(np.bitwise_count(plane).sum())


def union(planes: Iterable[Plane], rows: int) -> Plane:
    """The rows of any of some planes, as a plane of its own."""
    found = nothing(rows)
    for plane in planes:
        np.bitwise_or(found, plane, out=found)
    return found


def codes_of(planes: Sequence[Plane], rows: int) -> tuple[NDArray[np.uint32], tuple[int, ...]]:
    """A small number for each row, and by number which of the planes hold the row, as a set of bits."""
    codes = np.zeros(rows, np.uint32)
    sets: tuple[int, ...] = (0,)
    for place, plane in enumerate(planes):
        if not plane.any():
            continue
        codes += unpack(plane, rows) * np.uint32(len(sets))
        sets += tuple([found | 1 << place for found in sets])
        if len(sets) > _MOST_SPARSE:
            codes, sets = _dense(codes, sets)
    return _dense(codes, sets)


# So many numbers may lie unused before those in use are moved together, which takes a pass over the rows.
_MOST_SPARSE = 4096


def _dense(codes: NDArray[np.uint32], sets: tuple[int, ...]) -> tuple[NDArray[np.uint32], tuple[int, ...]]:
    used = np.flatnonzero(np.bincount(codes, minlength=len(sets)))
    places = np.zeros(len(sets), np.uint32)
    places[used] = np.arange(used.size, dtype=np.uint32)
    return places[codes], tuple([sets[place] for place in used.tolist()])
