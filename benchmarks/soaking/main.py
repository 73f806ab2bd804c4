"""Mixed load for a long time while the bundle is swapped: no error, memory flat, nothing left open.

.venv/bin/python benchmarks/endurance.py soak [--minutes 30] [--quick]

Exits 1 where an answer was not as it must be, a record does not replay, or memory, descriptors or threads grew.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.crashing.service import Service
    from benchmarks.soaking.channel import Releases
    from benchmarks.soaking.load import Mixed, Seen
    from benchmarks.soaking.process import Sample

# Between the time when everything has been used once and the end.
MOST_GROWTH, MOST_MEGABYTES = 0.10, 24.0


@dataclass(frozen=True, slots=True)
class Soaked:
    """What a run came to."""

    seen: Seen
    samples: list[Sample]
    swaps: int
    taken_up: int
    refused: int
    ended: int
    verified: tuple[int, str]
    replayed: tuple[int, str]


def main(arguments: list[str]) -> int:
    """Soak, print, judge."""
    options = _options(arguments)
    from benchmarks.material.measure import machine

    print(machine())
    seconds = 20.0 if options.quick else 60.0 * options.minutes
    with tempfile.TemporaryDirectory(prefix="assay-soak-") as place:
        found = asyncio.run(soak(Path(place), seconds, 10 if options.quick else options.swaps))
    short = _show(found, seconds)
    print(
        f"soak: {seconds / 60:.1f} minutes, {found.seen.decisions:,} decisions, bundle swapped {found.taken_up} times, "
        f"{len(found.seen.faults)} errors, memory {_growth(found.samples):+.1%}"
        + (f": {len(short)} SHORT" if short else ": all held")
    )
    return 1 if short else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/endurance.py soak", description="Mixed load for a long time.")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long")
    parser.add_argument("--swaps", type=int, default=100, help="how often the bundle is swapped in that time")
    parser.add_argument("--quick", action="store_true", help="twenty seconds and ten swaps")
    return parser.parse_args(arguments)


async def soak(folder: Path, seconds: float, swaps: int) -> Soaked:
    """Run a service in a folder under mixed load."""
    from benchmarks.crashing.checks import run_records
    from benchmarks.crashing.service import Service
    from benchmarks.crashing.signals import drawn_signals
    from benchmarks.crashing.tokens import token_in
    from benchmarks.serving.process import free_port
    from benchmarks.soaking.channel import Releases
    from benchmarks.soaking.load import Mixed

    releases = Releases(folder)
    releases.swap()
    service = Service(folder, None, free_port(), _settings(releases))
    token = token_in(folder)
    await asyncio.to_thread(service.start)
    mixed = Mixed(service.address, token, drawn_signals(3), 3)
    try:
        samples = await _under_load(mixed, service, releases, seconds, swaps)
        status = service.bundle(token)
    finally:
        ended = service.stop()
    verified = run_records("verify", str(service.records))
    replayed = run_records("replay", str(service.records), "--bundle", str(folder / "state" / "bundles"))
    return Soaked(mixed.seen, samples, releases.pushed, status["swaps"], status["refused"], ended, verified, replayed)


def _settings(releases: Releases) -> dict[str, str]:
    return {
        "ASSAY_BUNDLES__SOURCE": str(releases.channel),
        "ASSAY_BUNDLES__KEYS": str(releases.keys),
        "ASSAY_BUNDLES__POLL": "0.3",
        "ASSAY_STORE__SEGMENT_BYTES": str(4 << 20),
        "ASSAY_SERVICE__LOG_LEVEL": "warning",
    }


async def _under_load(mixed: Mixed, service: Service, releases: Releases, seconds: float, swaps: int) -> list[Sample]:
    """The load, the swaps and the look at the process, side by side."""
    from benchmarks.soaking.process import sample

    process = service.process.pid if service.process is not None else 0
    samples: list[Sample] = []
    load = asyncio.create_task(mixed.run(seconds))

    async def swap() -> None:
        for _ in range(swaps):
            await asyncio.sleep(seconds / (swaps + 1))
            await asyncio.to_thread(releases.swap)

    async def look() -> None:
        while not load.done():
            samples.append(sample(process))
            mixed.phase = min(9, int(10 * (samples[-1].seconds - samples[0].seconds) / seconds))
            await asyncio.sleep(min(5.0, seconds / 60))

    await asyncio.gather(load, swap(), look())
    return samples


def _growth(samples: list[Sample]) -> float:
    """How much more memory in the last fifth than in the second: by then everything has been used."""
    fifth = len(samples) // 5
    early = sorted(one.memory for one in samples[fifth : 2 * fifth])
    late = sorted(one.memory for one in samples[-fifth:])
    return late[len(late) // 2] / early[len(early) // 2] - 1 if early and late else 0.0


def _show(found: Soaked, seconds: float) -> list[str]:
    from benchmarks.material.table import table

    seen, samples = found.seen, found.samples
    first, last = samples[len(samples) // 5], samples[-1]
    growth = _growth(samples)
    small = growth * first.memory <= MOST_MEGABYTES
    lines = [
        ("decisions", f"{seen.decisions:,}", seen.decisions > 100 * seconds),
        ("errors", f"{len(seen.faults)}", not seen.faults),
        ("bundles pushed and taken up", f"{found.swaps} / {found.taken_up}", found.taken_up >= 0.9 * found.swaps),
        ("bundles refused", f"{found.refused}", not found.refused),
        ("memory, MB: after a fifth, at the end", f"{first.memory:.0f} / {last.memory:.0f}", True),
        (
            f"  growth, at most {MOST_GROWTH:.0%} or {MOST_MEGABYTES:.0f} MB",
            f"{growth:+.1%}",
            small or growth <= MOST_GROWTH,
        ),
        ("descriptors", f"{first.descriptors} / {last.descriptors}", last.descriptors <= first.descriptors + 16),
        ("threads", f"{first.threads} / {last.threads}", last.threads <= first.threads + 4),
        ("assay records verify", found.verified[1], found.verified[0] == 0),
        ("assay records replay", found.replayed[1], found.replayed[0] == 0),
        ("a stop that was asked for ends with", str(found.ended), found.ended == 0),
    ]
    print(
        table(("", "found", "as it must be"), [(name, shown, "yes" if fine else "NO") for name, shown, fine in lines])
    )
    for phase, taken in sorted(seen.latencies.items()):
        ordered = sorted(taken)
        print(
            f"  tenth {phase + 1}: {len(ordered):,} single requests, p50 {1e3 * ordered[len(ordered) // 2]:.1f} ms, "
            f"p99 {1e3 * ordered[len(ordered) * 99 // 100]:.1f} ms"
        )
    for words in seen.faults:
        print(f"  {words}")
    return [name for name, _, fine in lines if not fine]
