"""Our index beside faiss: the same hashes and queries, on one core. It decides what is exact by comparing all."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.detection.copies.search.codes import codes_of
from assay.detection.copies.search.index import HammingIndex
from assay.detection.copies.search.plain import compare
from benchmarks.copying.hashes import FARTHEST, Hashes, known, sought
from benchmarks.copying.reader import own_memory

ROOT = Path(__file__).resolve().parent.parent.parent
Pairs = NDArray[np.int64]
_ROUNDS = 3
_LATER = 20_000
# Of a peer that answers a dozen queries a second, so many are asked.
_FEW = 32


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to search: queries a second of CPU time, seconds to build, megabytes it takes (ours of disk)."""

    name: str
    per_second: float
    build_seconds: float
    megabytes: float


@dataclass(slots=True)
class Searched:
    """What came of one size.

    wrong   pairs that were missed or should not have been found, by distance; empty where all is right
    pairs   how many pairs there were to be found in all
    """

    count: int
    queries: int
    peers: list[Peer] = field(default_factory=list)
    wrong: dict[int, int] = field(default_factory=dict)
    pairs: int = 0
    one_at_a_time: float = 0.0
    reading: dict[str, float] = field(default_factory=dict)

    def times(self, peer: str) -> float | None:
        """How many times faster we are."""
        rates = {each.name: each.per_second for each in self.peers}
        return rates["assay"] / rates[peer] if peer in rates else None


def search_among(count: int, folder: Path, *, each: int, say: Callable[[str], None]) -> Searched:
    """All measures for one size; `folder` is for the index and can be removed afterwards."""
    hashes = known(count, seed=1)
    queries = sought(hashes, each, seed=2)
    told = Searched(count, len(queries))
    say(f"building an index of {count:,}")
    began = process_time()
    index = HammingIndex(folder, writing=True)
    index.append(hashes, np.arange(count))
    index.seal(count)
    built = process_time() - began
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    told.peers.append(Peer("assay", _rate(lambda: index.search(queries, FARTHEST), len(queries)), built, size))
    told.one_at_a_time = _rate(lambda: [index.search(query[None], FARTHEST) for query in queries[:300]], 300)
    say("comparing with every hash")
    truth = _compared_by_faiss(told, hashes, queries) if has_faiss() else _compared(hashes, queries)
    say("asking at every distance")
    _check(told, index, queries, truth)
    _check_after_changes(told, index, hashes, queries, truth)
    if has_faiss():
        say("building faiss MultiHash")
        _multihash(told, hashes, queries)
    told.reading = _read_elsewhere(folder, queries)
    return told


def has_faiss() -> bool:
    """Whether the peer is installed."""
    try:
        import faiss
    except ImportError:
        return False
    faiss.omp_set_num_threads(1)
    return True


def _rate(search: Callable[[], object], count: int, rounds: int = _ROUNDS) -> float:
    search()
    taken = []
    for _ in range(rounds):
        began = process_time()
        search()
        taken.append(process_time() - began)
    return count / median(taken)


def _pairs(query: Sequence[int] | Pairs, row: Sequence[int] | Pairs, distance: Sequence[int] | Pairs) -> Pairs:
    """int64[n, 3] in one order: query, row, distance."""
    pairs = np.stack([np.asarray(each, dtype=np.int64) for each in (query, row, distance)], axis=1)
    ordered: Pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return ordered


def _compared(hashes: Hashes, queries: Hashes) -> Pairs:
    parts = list(compare(codes_of(hashes), codes_of(queries), FARTHEST))
    return _pairs(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _compared_by_faiss(told: Searched, hashes: Hashes, queries: Hashes) -> Pairs:
    import faiss

    began = process_time()
    flat = faiss.IndexBinaryFlat(256)
    flat.add(hashes)
    built = process_time() - began
    began = process_time()
    # What faiss finds lies nearer than the radius; we mean up to it.
    limits, distance, row = flat.range_search(queries, FARTHEST + 1)
    rate = len(queries) / (process_time() - began)
    told.peers.append(Peer("faiss flat", rate, built, hashes.nbytes / 1e6))
    return _pairs(np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64))), row, distance)


def _check(told: Searched, index: HammingIndex, queries: Hashes, truth: Pairs) -> None:
    for distance in range(FARTHEST + 1):
        found = index.search(queries, distance)
        wanted = truth[truth[:, 2] <= distance]
        told.pairs += len(wanted)
        _count_wrong(told, distance, _pairs(found.query, found.row, found.distance), wanted)


def _check_after_changes(told: Searched, index: HammingIndex, hashes: Hashes, queries: Hashes, truth: Pairs) -> None:
    """Again with thousands added that wait for their table, and as many deleted, half of those found among them."""
    later = known(_LATER, seed=3)
    later[: len(queries)] = queries
    index.append(later, np.arange(told.count, told.count + _LATER))
    gone = np.concatenate([np.unique(truth[:, 1])[::2], np.arange(_LATER)])
    index.delete(gone)
    old = truth[~np.isin(truth[:, 1], gone)]
    new = _compared(later, queries)
    new[:, 1] += told.count
    wanted = np.concatenate([old, new])
    found = index.search(queries, FARTHEST)
    told.pairs += len(wanted)
    _count_wrong(told, FARTHEST, _pairs(found.query, found.row, found.distance), _pairs(*wanted.T))
    del hashes


def _count_wrong(told: Searched, distance: int, found: Pairs, wanted: Pairs) -> None:
    if not np.array_equal(found, wanted):
        differing = {tuple(pair) for pair in found.tolist()} ^ {tuple(pair) for pair in wanted.tolist()}
        told.wrong[distance] = told.wrong.get(distance, 0) + len(differing)


def _multihash(told: Searched, hashes: Hashes, queries: Hashes) -> None:
    import faiss

    began, before = process_time(), own_memory()
    multi = faiss.IndexBinaryMultiHash(256, 16, 16)
    multi.add(hashes)
    multi.nflip = 1
    built, taken = process_time() - began, own_memory() - before
    few = queries[:: max(1, len(queries) // _FEW)] if told.count > 1_000_000 else queries
    rate = _rate(lambda: multi.range_search(few, FARTHEST + 1), len(few), rounds=1)
    told.peers.append(Peer("faiss MultiHash", rate, built, taken))


def _read_elsewhere(folder: Path, queries: Hashes) -> dict[str, float]:
    """What another process takes to open the index and to answer."""
    asked = folder.parent / "queries.npy"
    np.save(asked, queries)
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.copying.reader", str(folder), str(asked)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(ran.stdout)
    return {name: float(value) for name, value in told.items()}


def wall(work: Callable[[], object]) -> float:
    """Seconds by the clock: where the disk is waited for, waiting is what is measured."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
