"""Searching finds everything within the distance and nothing else, whatever the hashes are and however they came in."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assay.detection.copies.search import index as index_module
from assay.detection.copies.search import lookup
from assay.detection.copies.search.bands import Bands, bands_for, evenly, probe_count, probes_of, radii
from assay.detection.copies.search.codes import BITS, codes_of, distances, hashes_of
from assay.detection.copies.search.found import Found, spans
from assay.detection.copies.search.index import HammingIndex
from assay.detection.copies.search.manifest import Part
from assay.detection.copies.search.plain import compare
from assay.detection.copies.search.table import build_table

Hashes = NDArray[np.uint8]
DIGEST = "45098b3f47adfedab11b82df415530c49badad6c0b67024a9a297f13d89ccb32"
SHAPES = ("chance", "clusters", "equal", "nothing", "one band apart")


def made(shape: str, count: int, chance: np.random.Generator) -> Hashes:
    """Hashes by chance, near to a few, all the same, all zero, or differing within eleven shuffled bits only."""
    free = chance.integers(0, 256, (count, 32), dtype=np.uint8)
    match shape:
        case "chance":
            return free
        case "clusters":
            sparse = np.packbits(chance.random((count, 256)) < 0.07, axis=1)
            return free[chance.integers(0, 3, count) % count] ^ sparse
        case "equal":
            return np.repeat(free[:1], count, axis=0)
        case "nothing":
            return np.zeros((count, 32), dtype=np.uint8)
        case _:
            codes = np.repeat(codes_of(free[:1]), count, axis=0)
            codes[:, 0] ^= chance.integers(0, 1 << 11, count, dtype=np.uint64)
            return hashes_of(codes)


def compared(rows: dict[int, Hashes], queries: Hashes, distance: int) -> list[tuple[int, int, int]]:
    """Every query held against every row."""
    numbers = sorted(rows)
    if not numbers:
        return []
    apart = np.bitwise_count(queries[:, None, :] ^ np.stack([rows[row] for row in numbers])[None]).sum(axis=2)
    near = [(query, place, int(apart[query, place])) for query, place in np.argwhere(apart <= distance).tolist()]
    return sorted(
        ((query, numbers[place], far) for query, place, far in near), key=lambda each: (each[0], each[2], each[1])
    )


def listed(found: Found) -> list[tuple[int, int, int]]:
    return list(zip(found.query.tolist(), found.row.tolist(), found.distance.tolist(), strict=True))


@contextmanager
def small_tables(monkeypatch: pytest.MonkeyPatch, *, tail: int, by_bands: bool) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(index_module, "TAIL", tail)
        if by_bands:
            patch.setattr(lookup, "_IN_ORDER", 1e9)
        yield


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "add", "delete", "seal", "compact", "open again"]), st.sampled_from(SHAPES)),
        min_size=1,
        max_size=8,
    ),
    distance=st.one_of(st.integers(0, 31), st.integers(0, 70), st.just(256)),
    seed=st.integers(0, 2**32 - 1),
    by_bands=st.booleans(),
)
def test_the_index_agrees_with_comparing_all_whatever_was_done_to_it(
    steps: list[tuple[str, str]], distance: int, seed: int, by_bands: bool
) -> None:
    chance = np.random.default_rng(seed)
    patch = pytest.MonkeyPatch()
    with TemporaryDirectory() as name, small_tables(patch, tail=64, by_bands=by_bands and distance <= 31):
        folder, last, rows, gone = Path(name), 0, dict[int, Hashes](), set[int]()
        on_disk, in_memory = HammingIndex(folder, writing=True), HammingIndex()
        for step, shape in steps:
            if step == "add":
                hashes = made(shape, int(chance.integers(1, 150)), chance)
                numbers = np.arange(last + 1, last + 1 + len(hashes))
                on_disk.append(hashes, numbers)
                in_memory.append(hashes, numbers)
                rows |= dict(zip(numbers.tolist(), hashes, strict=True))
                last += len(hashes)
            elif step == "delete" and last:
                few = chance.integers(1, last + 1, 9)
                gone |= set(few.tolist())
                on_disk.delete(few)
                in_memory.delete(few)
            elif step == "seal":
                on_disk.seal(last)
            elif step == "compact":
                on_disk.compact()
            elif step == "open again":
                on_disk.seal(last)
                on_disk = HammingIndex(folder, writing=True, thoroughly=True)
                on_disk.delete(np.array(sorted(gone)))
        there = {row: each for row, each in rows.items() if row not in gone}
        queries = made("clusters", 3, chance)
        if there:
            queries[0] = there[min(there)]
        wanted = compared(there, queries, distance)
        nearest = [each for place, each in enumerate(wanted) if sum(e[0] == each[0] for e in wanted[:place]) < 5]
        for index in (on_disk, in_memory):
            assert listed(index.search(queries, distance)) == wanted
            assert listed(index.search(queries, distance, nearest=5)) == nearest


@pytest.mark.parametrize("shape", SHAPES[:2])
def test_a_neighbour_at_every_distance_is_found_among_many(shape: str) -> None:
    chance = np.random.default_rng(11)
    hashes = made(shape, 30_000, chance)
    table = build_table(codes_of(hashes), np.arange(len(hashes)))
    for distance in range(32):
        bits = np.zeros((8, BITS), dtype=np.uint8)
        for row in bits:
            row[chance.choice(BITS, distance, replace=False)] = 1
        queries = hashes[chance.integers(0, len(hashes), 8)] ^ np.packbits(bits, axis=1)
        found = {
            (int(query), int(row), int(far))
            for hits in lookup.look_up(table, codes_of(queries), distance)
            for query, row, far in zip(*hits, strict=True)
        }
        for number, query in enumerate(queries):
            apart = np.bitwise_count(hashes ^ query).sum(axis=1)
            near = np.flatnonzero(apart <= distance)
            assert {(row, far) for q, row, far in found if q == number} == set(
                zip(near.tolist(), apart[near].tolist(), strict=True)
            )


@given(many=st.integers(1, 64), distance=st.integers(0, 256))
def test_no_neighbour_can_differ_too_much_in_every_band(many: int, distance: int) -> None:
    assert sum(radius + 1 for radius in radii(many, distance)) == distance + 1
    assert sum(evenly(many).widths) == BITS


def test_every_key_to_look_up_is_made_once() -> None:
    bands = Bands((5, 5, 4))
    probes = probes_of(bands, 4)
    pairs = set(zip(probes.bands.tolist(), probes.flips.tolist(), strict=True))
    assert len(pairs) == len(probes.flips) == probe_count(bands, 4)
    assert all(flip.bit_count() <= radii(3, 4)[band] for band, flip in pairs)


def test_more_hashes_get_fewer_and_wider_bands() -> None:
    counts = [len(bands_for(count).widths) for count in (10, 1000, 100_000, 10_000_000)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


@given(runs=st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=12), chunk=st.integers(1, 7))
def test_runs_are_laid_end_to_end_however_they_are_cut(runs: list[tuple[int, int]], chunk: int) -> None:
    starts, counts = (np.array([run[part] for run in runs], dtype=np.int64) for part in (0, 1))
    parts = list(spans(starts, counts, np.arange(len(runs)), chunk))
    assert all(len(run) <= chunk for run, _ in parts)
    laid = [pair for run, place in parts for pair in zip(run.tolist(), place.tolist(), strict=True)]
    assert laid == [(number, start + step) for number, (start, many) in enumerate(runs) for step in range(many)]


def test_shuffling_bits_loses_none_and_keeps_distances() -> None:
    hashes = made("chance", 500, np.random.default_rng(3))
    codes = codes_of(hashes)
    assert np.array_equal(hashes_of(codes), hashes)
    assert np.array_equal(
        distances(codes[:-1], codes[1:]), np.bitwise_count(hashes[:-1] ^ hashes[1:]).sum(axis=1, dtype=np.int64)
    )


def test_the_order_of_bits_is_the_same_for_ever() -> None:
    """Tables on disk were made with it."""
    codes = codes_of(np.packbits(np.eye(BITS, dtype=np.uint8), axis=1))
    assert hashlib.sha256(codes.astype("<u8").tobytes()).hexdigest() == DIGEST


def test_a_hash_that_everybody_has_takes_bounded_memory() -> None:
    chance, count = np.random.default_rng(5), 300_000
    hashes = np.concatenate([made("equal", count, chance), made("chance", 2000, chance)])
    table = build_table(codes_of(hashes), np.arange(len(hashes)))
    index = HammingIndex()
    index._held = [index_module._Held(Part("", 0, 1), table)]
    tracemalloc.start()
    found = index.search(np.repeat(hashes[:1], 16, axis=0), 31, nearest=10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert listed(found) == [(query, row, 0) for query in range(16) for row in range(10)]
    assert peak < 150_000_000


def test_a_bucket_that_everybody_is_in_costs_no_more_than_comparing_all(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(6)
    # All alike in their first 64 shuffled bits: each of the first bands would lead to all of them.
    codes = codes_of(made("chance", 40_000, chance))
    codes[:, 0] = codes[0, 0]
    table = build_table(codes, np.arange(len(codes)))
    in_order: list[int] = []

    def counted(*given: Any) -> Any:
        in_order.append(len(given[1]))
        return compare(*given)

    monkeypatch.setattr(lookup, "compare", counted)
    found = sorted(
        (int(query), int(row))
        for hits in lookup.look_up(table, codes[:5], 20)
        for query, row in zip(*hits[:2], strict=True)
    )
    assert set(found) == {(number, number) for number in range(5)}
    assert in_order == [5]


def test_many_queries_are_looked_up_as_each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(7)
    codes = codes_of(made("chance", 20_000, chance))
    table = build_table(codes, np.arange(len(codes)))
    asked = chance.integers(0, len(codes), 7)
    # So few keys at a time that the queries come in several parts.
    monkeypatch.setattr(lookup, "_AT_ONCE", 2 * probe_count(table.bands, 8))
    found = {
        (int(query), int(row))
        for hits in lookup.look_up(table, codes[asked], 8)
        for query, row in zip(*hits[:2], strict=True)
    }
    assert found == set(enumerate(asked.tolist()))


def test_hashes_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        HammingIndex().search(np.zeros((1, 31), dtype=np.uint8), 3)
    with pytest.raises(ValueError, match="as many rows"):
        HammingIndex().append(np.zeros((2, 32), dtype=np.uint8), np.array([1]))
