"""Sets of a chunk's rows, small: as places where they are few, as bits where they are many. It touches no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assay.interfaces.stores.indexing.layout import CHUNK

Facts: TypeAlias = NDArray[np.uint32]
Bits: TypeAlias = NDArray[np.bool_]
# So many names of facts there are at most; above them stands the market.
MOST_NAMES = 1 << 16
_BYTES = CHUNK // 8
_MOST_PLACES = _BYTES // 2 - 1


def fact(market: int, name: int) -> int:
    """A fact's number."""
    return market * MOST_NAMES + name


def facts_of(groups: Iterable[tuple[Facts, Facts]]) -> Facts:
    """The facts of one row, from groups of markets with the names that are so in each of them."""
    found = [(markets[:, None] * np.uint32(MOST_NAMES) + names).ravel() for markets, names in groups]
    return np.concatenate(found) if found else np.empty(0, np.uint32)


def planes_of(places: Sequence[int], facts: Sequence[Facts]) -> Iterator[tuple[int, bytes]]:
    """The planes of a chunk: for every fact, the rows of which it is so.

    places  of the rows within the chunk, growing; `facts` those of each row
    """
    if not facts:
        return
    flat = np.concatenate(facts)
    rows = np.repeat(np.array(places, np.uint16), [len(each) for each in facts])
    order = np.argsort(flat, kind="stable")
    flat, rows = flat[order], rows[order]
    begins = np.flatnonzero(np.r_[True, flat[1:] != flat[:-1]]) if len(flat) else np.empty(0, np.int64)
    for number, some in zip(flat[begins].tolist(), np.split(rows, begins[1:]), strict=True):
        yield number, packed(some)


def packed(places: NDArray[np.uint16]) -> bytes:
    """A set of places."""
    if len(places) <= _MOST_PLACES:
        return places.astype("<u2").tobytes()
    bits = np.zeros(CHUNK, np.bool_)
    bits[places] = True
    return np.packbits(bits).tobytes()


def unpacked(content: bytes) -> Bits:
    """The set as a bit for each row of the chunk."""
    if len(content) == _BYTES:
        return np.unpackbits(np.frombuffer(content, np.uint8)).astype(np.bool_)
    bits = np.zeros(CHUNK, np.bool_)
    bits[np.frombuffer(content, "<u2")] = True
    return bits


def facts_at(planes: Sequence[tuple[int, bytes]], places: Sequence[int]) -> list[Facts]:
    """The facts of some rows of a chunk, growing, from all of its planes; the planes are looked at together."""
    bits = [(number, content) for number, content in planes if len(content) == _BYTES]
    some = [(number, content) for number, content in planes if len(content) != _BYTES]
    common = np.array([number for number, _ in bits], np.uint32)
    held = np.frombuffer(b"".join([content for _, content in bits]), np.uint8).reshape(-1, _BYTES)
    rare = np.repeat(
        np.array([number for number, _ in some], np.uint32), np.array([len(content) // 2 for _, content in some], int)
    )
    there = np.frombuffer(b"".join([content for _, content in some]), "<u2")
    return [
        np.sort(np.concatenate([common[held[:, place >> 3] >> (7 - (place & 7)) & 1 == 1], rare[there == place]]))
        for place in places
    ]


def without(content: bytes, gone: Bits) -> bytes:
    """The set without some rows; empty where none is left."""
    return packed(np.flatnonzero(unpacked(content) & ~gone).astype(np.uint16))
