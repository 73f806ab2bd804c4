"""What one core serves: single requests, batches, latencies, memory; beside an empty endpoint and other rule engines.

.venv/bin/python benchmarks/service.py [--quick]

The server has one core to itself and the load generator another; a rate is items for a second of the server's CPU time,
user and system. Exits 1 where a bar is not reached, or where an engine is not installed and the run is not quick.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SINGLE_RATE, BATCH_RATE, MOST_COST, MOST_SPREAD, TIMES = 5_000.0, 40_000.0, 2.0, 5.0, 5.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and what it must be: at least, or at most where `most` is set. None could not be measured."""

    name: str
    wanted: float
    reached: float | None
    most: bool = False

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        if self.reached is None:
            return False
        return self.reached <= self.wanted if self.most else self.reached >= self.wanted


def main(arguments: list[str]) -> int:
    """Run all parts, print them, and say whether every bar is reached."""
    parser = argparse.ArgumentParser(prog="benchmarks/service.py", description="What one core serves.")
    parser.add_argument("--quick", action="store_true", help="fewer items; absent engines are forgiven")
    quick = parser.parse_args(arguments).quick
    from benchmarks.material.measure import machine

    print(machine())
    folder = Path(tempfile.mkdtemp(prefix="assay-service-"))
    try:
        bars = _measured(folder, quick=quick)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _verdict(bars, quick=quick)


def _measured(folder: Path, *, quick: bool) -> list[Bar]:
    from benchmarks.serving import peer_runs, starter_runs
    from benchmarks.serving.runs import QUICK, WHOLE

    size = QUICK if quick else WHOLE
    found = starter_runs.measure(folder / "starter", size)
    print(starter_runs.show(found))
    synced = found.by_durability["synced"]
    single, batch = synced.singles["one"], synced.batches["one", "full"]
    peers = peer_runs.measure(folder / "peers", size)
    print(peer_runs.show(peers, single, batch))
    best = peers.best
    times = None if best is None else batch.per_cpu_second / best.batch.per_cpu_second
    return [
        Bar("single requests/CPU-s, one market, full record, synced", SINGLE_RATE, single.per_cpu_second),
        Bar("batch items/CPU-s, one market, full record, synced", BATCH_RATE, batch.per_cpu_second),
        Bar("p99 over p50 of single requests at half load", MOST_SPREAD, synced.spread, most=True),
        Bar("CPU time over that of an empty endpoint", MOST_COST, found.cost, most=True),
        Bar("share of loads answered as they should be", 1.0, found.answered_well),
        Bar("times as many items in batches as the best peer", TIMES, times),
    ]


def _verdict(bars: list[Bar], *, quick: bool) -> int:
    from benchmarks.material.table import count, table

    rows = [
        (
            bar.name,
            f"{'at most' if bar.most else 'at least'} {count(bar.wanted)}",
            "-" if bar.reached is None else count(bar.reached) if bar.reached > 1 else f"{bar.reached:.4f}",
            "yes" if bar.met else "NO",
        )
        for bar in bars
    ]
    print(f"\n{table(('bar', 'wanted', 'reached', 'met'), rows)}\n")
    short = [bar for bar in bars if not bar.met and not (quick and bar.reached is None)]
    print(f"service: {f'{len(short)} SHORT' if short else 'every bar is met'}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
