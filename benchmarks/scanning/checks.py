"""What a scan promises, each as a line that holds or does not. It measures in processes of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.material.table import count, table
from benchmarks.scanning.files import make_bad_files, make_files
from benchmarks.scanning.kills import killed_scan, scanned_by_command
from benchmarks.scanning.one import LOSING, Ran, ran
from benchmarks.scanning.wild import NAME

MOST_OVERHEAD = 0.10
LEAST_CACHE_GAIN = 2.0
# Of two thousand files, each a millisecond, the start of a process is a good part.
MOST_OVERHEAD_QUICK, LEAST_CACHE_GAIN_QUICK = 0.40, 1.1
# The scan's own process may hold so much more for ten times as many files: the names of one more folder, and no rows.
MOST_GROWTH_MEGABYTES = 24.0
_WAYS = (("serial", 1), ("pool", 1), ("pool", 2))
_SCANNERS = ("c2pa", "declared", "metadata", NAME)


@dataclass(frozen=True, slots=True)
class Check:
    """A promise, what was seen, and whether it holds."""

    promise: str
    seen: str
    holds: bool


def speed(folder: Path, files: int, rounds: int, *, quick: bool) -> tuple[str, list[Check], float]:
    """Serial, and in one process and two of a pool, in turns; the table, the checks and the overhead."""
    runs: dict[tuple[str, int], list[Ran]] = {way: [] for way in _WAYS}
    for number in range(rounds):
        for engine, workers in _WAYS:
            # Two processes are measured for the rate, which needs no rounds.
            if workers == 1 or not number:
                runs[engine, workers].append(ran(engine, workers, folder))
    rows = [(f"{engine}, {workers}", *_figures(runs[engine, workers])) for engine, workers in _WAYS]
    # Of each way the round that other programs on the machine disturbed least; its start is counted.
    cpu = {way: min(run.cpu for run in found) for way, found in runs.items()}
    wall = {way: min(run.seconds for run in found) for way, found in runs.items()}
    overhead = cpu["pool", 1] / cpu["serial", 1] - 1
    by_clock = wall["pool", 1] / wall["serial", 1] - 1
    small = ran("pool", 1, folder, files // 10).megabytes
    large = max(run.megabytes for run in runs["pool", 1])
    digests = {run.digest for found in runs.values() for run in found}
    most = MOST_OVERHEAD_QUICK if quick else MOST_OVERHEAD
    seen = f"{overhead:+.1%} ({by_clock:+.1%} by the clock)"
    checks = [
        Check(f"the pool costs at most {most:.0%} of CPU more than a serial loop", seen, overhead <= most),
        Check("the rows are the same bytes", f"{len(digests)} digest", len(digests) == 1),
        Check(
            "memory does not grow with the files",
            f"{small:.0f} MB at {files // 10:,}, {large:.0f} MB at {files:,}",
            large - small <= MOST_GROWTH_MEGABYTES,
        ),
    ]
    head = ("way, processes", "files/s", "files/CPU s", "CPU s", "peak MB")
    return table(head, rows), checks, overhead


def _figures(runs: list[Ran]) -> tuple[str, ...]:
    best, least = min(run.seconds for run in runs), min(run.cpu for run in runs)
    files = runs[0].files
    return count(files / best), count(files / least), f"{least:.1f}", f"{median(run.megabytes for run in runs):.0f}"


def bad_files(folder: Path) -> list[Check]:
    """A crash, a hang, an error and a bomb among good files: all other rows are as they are without them."""
    from assay.detection.run import duty_of
    from assay.interfaces.scans.crew import Crew, Order
    from assay.interfaces.scans.given.sources import Given, open_entries

    make_files(folder, 600)
    order = Order(duty_of(scanners=_SCANNERS), 2, 1.0)

    def rows() -> dict[str, bytes]:
        with Crew(order) as crew, open_entries(Given((folder,))) as entries:
            return {json.loads(row.line)["file"]: row.line for row in crew.rows(entries.coming)}

    before = rows()
    bad = make_bad_files(folder)
    began = perf_counter()
    after = rows()
    took = perf_counter() - began
    slugs = {name: [fault["slug"] for fault in json.loads(after[name])["faults"]] for name in bad}
    others = {name: line for name, line in after.items() if name not in bad}
    named = all(slugs[name] == [slug] for name, slug in bad.items())
    return [
        Check("each bad file has its own fault", ", ".join(f"{one[0]}" for one in slugs.values()), named),
        Check("and costs no other file anything", f"{len(others)} rows, {took:.1f} s", others == before),
    ]


def kills(folder: Path, place: Path, files: int, times: int, seed: int) -> list[Check]:
    """A scan by the command line, killed and resumed."""
    whole, out = place / "whole.jsonl", place / "killed.jsonl"
    scanned_by_command(folder, whole)
    found = killed_scan(folder, out, whole, files=files, kills=times, seed=seed)
    at = ", ".join(f"{rows:,}" for rows in found.at)
    return [
        Check(
            f"{times} kills -9: no row is done again",
            f"killed at {at} rows; {found.repeated} again",
            not found.repeated,
        ),
        Check(
            "and none is lost or there twice",
            f"{found.rows[0]:,} rows, {found.rows[1]:,} files",
            found.rows == (files, files),
        ),
        Check("the output has the bytes of a scan left alone", "the same" if found.same else "others", found.same),
    ]


def cache(folder: Path, place: Path, *, quick: bool) -> list[Check]:
    """The same files again with a cache."""
    kept, first, second = place / "cache", place / "first.jsonl", place / "second.jsonl"
    seconds, hits = [], 0
    for out in (first, second):
        began = perf_counter()
        hits = int(str(scanned_by_command(folder, out, "--cache", str(kept))["from_cache"]))
        seconds.append(perf_counter() - began)
    least = LEAST_CACHE_GAIN_QUICK if quick else LEAST_CACHE_GAIN
    gain = seconds[0] / seconds[1]
    size = sum(path.stat().st_size for path in kept.iterdir()) / 1024 / 1024
    seen = f"{gain:.1f}× ({seconds[0]:.1f} s, then {seconds[1]:.1f} s; {hits:,} rows, {size:.0f} MB)"
    return [
        Check("a cache spares most of a second scan", seen, gain >= least),
        Check("and gives the same bytes", "compared", first.read_bytes() == second.read_bytes()),
    ]


def ray(folder: Path, files: int) -> list[Check]:
    """The same files by actors."""
    here, there = ran("pool", 2, folder, files), ran("ray", 2, folder, files)
    seen = f"{there.files:,} files, {there.seconds:.1f} s with Ray's own start ({here.seconds:.1f} s by the pool)"
    lost = ran(LOSING, 1, folder, min(files, 3_000))
    again = ran("pool", 2, folder, min(files, 3_000))
    return [
        Check("Ray gives the same bytes", seen, here.digest == there.digest),
        Check("and where an actor is killed, too", f"{lost.files:,} files", lost.digest == again.digest),
    ]
