"""What survives when the service is killed under load, again and again; and how soon it is back.

.venv/bin/python benchmarks/endurance.py crash [--kills 200] [--quick]

Exits 1 where an answered decision has no record, a record is torn or differs, a keyed request was recorded twice, a
record does not replay, or a restart takes longer than two seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.crashing.checks import Found

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_START = 2.0


def main(arguments: list[str]) -> int:
    """Kill, start, check; then start with a million records."""
    options = _options(arguments)
    from benchmarks.crashing.many import restart_with_many
    from benchmarks.material.measure import machine

    print(machine())
    kills = 10 if options.quick else options.kills
    with tempfile.TemporaryDirectory(prefix="assay-crash-") as place:
        found = asyncio.run(crash(Path(place) / "kills", kills, options.seed))
        rows = 50_000 if options.quick else 1_000_000
        seconds = restart_with_many(Path(place) / "many", rows)
    short = _show(found, rows, seconds)
    print(
        f"crash: {found.kills} kills, {len(found.answers.digests):,} answered decisions, {found.lost} of them without "
        f"their record; slowest restart {found.slowest:.2f} s, {seconds:.2f} s with {rows:,} records"
        + (f": {len(short)} SHORT" if short else ": all held")
    )
    return 1 if short else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/endurance.py crash", description="What survives a kill -9.")
    parser.add_argument("--kills", type=int, default=200, help="how often the service is killed")
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which it is killed, and of the items")
    parser.add_argument("--quick", action="store_true", help="ten kills, and 50,000 records at the end")
    return parser.parse_args(arguments)


async def crash(folder: Path, kills: int, seed: int) -> Found:
    """Kill a service again and again under load, then look what is there."""
    from benchmarks.crashing.checks import look
    from benchmarks.crashing.load import Load
    from benchmarks.crashing.service import Service
    from benchmarks.crashing.signals import drawn_signals
    from benchmarks.crashing.tokens import token_in
    from benchmarks.serving.process import free_port

    chance = random.Random(seed)
    pack = folder / "pack"
    shutil.copytree(ROOT / "packs" / "starter", pack)
    service = Service(folder, pack, free_port())
    load = Load(service.address, token_in(folder), drawn_signals(seed), seed)
    for number in range(kills):
        await asyncio.to_thread(service.start)
        if chance.random() < 0.3:
            other_version(pack, number)
        await load.run(chance.uniform(0.05, 0.9), service.kill)
        if number % 10 == 9:
            print(f"  {number + 1} kills, {len(load.answers.digests):,} answered", file=sys.stderr, flush=True)
    await asyncio.to_thread(service.start)
    await load.settle()
    ended = service.stop()
    return look(service, load.answers, kills, ended)


def other_version(pack: Path, number: int) -> None:
    """Edit the pack while the service runs: it takes the new one while it decides."""
    text = (ROOT / "packs" / "starter" / "pack.yaml").read_text(encoding="utf-8")
    beside = pack / "pack.yaml.new"
    beside.write_text(text.replace("version: 1.0.0", f"version: 1.0.{number % 3}"), encoding="utf-8")
    beside.rename(pack / "pack.yaml")


def _show(found: Found, rows: int, seconds: float) -> list[str]:
    """Print what was found; the names of what should not be."""
    from benchmarks.material.table import table

    answers = found.answers
    lines = [
        ("kills under load", f"{found.kills:,}", True),
        ("decisions answered", f"{len(answers.digests):,}", len(answers.digests) > 10 * found.kills),
        ("  of them without a record of the same bytes", f"{found.lost:,}", not found.lost),
        ("  answered twice, and not alike", f"{found.unlike:,}", not found.unlike),
        ("keyed requests sent again and answered from memory", f"{answers.replayed:,}", answers.replayed > 0),
        ("keyed requests recorded more than once", f"{found.twice:,}", not found.twice),
        ("keyed requests never answered, not even at the end", f"{len(answers.pending):,}", not answers.pending),
        ("answers that were no decision", str(answers.refused or "none"), not answers.refused),
        ("records in the store", f"{found.records:,}", found.records >= len(answers.digests)),
        ("  of work that the kill cut off before its answer", f"{found.cut:,}", True),
        ("  by bundles", f"{found.bundles}", found.bundles > 1 or found.kills < 20),
        ("assay records verify", found.verified[1], found.verified[0] == 0),
        ("assay records replay", found.replayed[1], found.replayed[0] == 0),
        ("seconds of the first start, which tries the bundle", f"{found.first:.2f}", True),
        ("seconds to start again, in the middle", f"{found.middle:.2f}", True),
        (f"  the slowest, at most {LONGEST_START:.0f}", f"{found.slowest:.2f}", found.slowest <= LONGEST_START),
        (f"  with {rows:,} records, at most {LONGEST_START:.0f}", f"{seconds:.2f}", seconds <= LONGEST_START),
        ("a stop that was asked for ends with", str(found.ended), found.ended == 0),
    ]
    print(
        table(("", "found", "as it must be"), [(name, shown, "yes" if fine else "NO") for name, shown, fine in lines])
    )
    return [name for name, _, fine in lines if not fine]
