"""Queries looked up in one table: exact at every distance, in bounded memory whatever the hashes are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assay.detection.copies.search.bands import KEY_COST, cost, probe_count, probes_of
from assay.detection.copies.search.codes import WORDS, Codes, Numbers, Rows, distances
from assay.detection.copies.search.found import spans
from assay.detection.copies.search.plain import compare
from assay.detection.copies.search.table import Table

# So many keys are looked up at a time: few enough for the processor's own memory, enough for the calls not to count.
_AT_ONCE = 1 << 15
# What comparing one hash in order costs, in the nanoseconds of `bands`.
_IN_ORDER = 2.5

Hits = tuple[Rows, Rows, Rows]


def look_up(table: Table, queries: Codes, distance: int) -> Iterator[Hits]:
    """Query, row and distance of everything within `distance`; the same may come several times.

    raises  IndexError where the table points outside of itself
    """
    for query, place, far in _places(table, queries, distance):
        first = table.firsts.take(place).astype(np.int64)
        many = table.firsts.take(place + 1) - first
        for hit, row in spans(first, many, np.arange(len(place), dtype=np.int64)):
            yield query.take(hit), table.rows.take(row), far.take(hit)


def _places(table: Table, queries: Codes, distance: int) -> Iterator[Hits]:
    in_order = len(table.codes) * _IN_ORDER
    # The number of keys grows so fast with the distance that it is estimated before any are made.
    if probe_count(table.bands, distance) * KEY_COST > in_order or (
        cost(table.bands, distance, len(table.codes)) > in_order
    ):
        yield from compare(table.codes, queries, distance)
        return
    keys = len(probes_of(table.bands, distance).flips)
    step = max(1, _AT_ONCE // keys)
    for start in range(0, len(queries), step):
        for query, place, far in _probed(table, queries[start : start + step], distance):
            yield query + start, place, far


def _probed(table: Table, queries: Codes, distance: int) -> Iterator[Hits]:
    probes = probes_of(table.bands, distance)
    keys = table.bands.all_keys_of(queries).take(probes.bands, axis=1)
    keys ^= probes.flips
    flat = keys.reshape(-1)
    starts = table.offsets.take(flat)
    flat += 1
    counts = table.offsets.take(flat)
    counts -= starts
    crowded = _crowded(counts.reshape(keys.shape), len(table.codes))
    if len(crowded):
        for query, place, far in compare(table.codes, queries.take(crowded, axis=0), distance):
            yield crowded.take(query), place, far
    filled = np.flatnonzero(counts)
    yield from _compared(table, queries, distance, (filled // keys.shape[1], starts.take(filled), counts.take(filled)))


def _crowded(counts: Numbers, hashes: int) -> Rows:
    """Queries that would compare so many hashes that all in order are quicker; their counts are set to nothing."""
    crowded = np.flatnonzero(counts.sum(axis=1, dtype=np.int64) > hashes // 8)
    counts[crowded] = 0
    return crowded


def _compared(table: Table, queries: Codes, distance: int, buckets: tuple[Rows, Numbers, Numbers]) -> Iterator[Hits]:
    of_query, starts, counts = buckets
    words, asked = table.codes.reshape(-1), queries.reshape(-1)
    for query, position in spans(starts, counts, of_query):
        place = table.postings.take(position).astype(np.int64)
        # Half of the bits rule out nearly everything, for half of the work; what is left is compared in full.
        at, of = place * WORDS, query * WORDS
        bits = np.bitwise_count(words.take(at) ^ asked.take(of))
        at += 1
        of += 1
        bits += np.bitwise_count(words.take(at) ^ asked.take(of))
        near = np.flatnonzero(bits <= distance)
        if len(near):
            left = table.codes.take(place.take(near), axis=0)
            far = distances(left, queries.take(query.take(near), axis=0))
            kept = np.flatnonzero(far <= distance)
            near = near.take(kept)
            yield query.take(near), place.take(near), far.take(kept)
