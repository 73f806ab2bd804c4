"""Looks what a killed service left behind, by the commands that an operator has. It mends nothing."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crashing.load import Answers
from benchmarks.crashing.service import Service

_LONGEST_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Found:
    """What was left after the kills.

    ended     what the service ended with when it was asked to, at last
    records   in the store
    lost      answered decisions without a record of the same bytes
    unlike    requests that were answered by two different records
    twice     keyed requests with more than one record
    verified  what `assay records verify` ended with, and its last line
    replayed  what `assay records replay` ended with, and its last line
    bundles   that records name
    slowest   seconds until a restart was ready; `middle` the median of them, `first` of the first start of all
    cut       records that are there although nobody was answered: work on its way when the service was killed
    """

    kills: int
    answers: Answers
    ended: int
    records: int
    lost: int
    unlike: int
    twice: int
    verified: tuple[int, str]
    replayed: tuple[int, str]
    bundles: int
    cut: int
    slowest: float
    middle: float
    first: float


def look(service: Service, answers: Answers, kills: int, ended: int) -> Found:
    """Export, verify and replay the records, and hold every answer to them."""
    verified = run_records("verify", str(service.records))
    exported = service.folder / "exported.jsonl"
    run_records("export", str(service.records), "-o", str(exported))
    digests, counts, bundles = _read(exported)
    lost = sum(digest not in digests.get(item, ()) for item, digest in answers.digests.items())
    kept = service.folder / "state" / "bundles"
    replayed = run_records("replay", str(service.records), "--bundle", str(kept))
    # The first start tries the bundle in a process of its own, as a restart does only where the pack has changed.
    first, *others = service.started
    starts = sorted(others)
    return Found(
        kills,
        answers,
        ended,
        counts.total(),
        lost,
        len(answers.unlike),
        sum(counts[item] > 1 for item in answers.keyed),
        verified,
        replayed,
        len(bundles),
        counts.total() - len(answers.digests),
        starts[-1],
        starts[len(starts) // 2],
        first,
    )


def _read(exported: Path) -> tuple[dict[str, set[str]], Counter[str], set[str]]:
    digests: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    bundles: set[str] = set()
    with exported.open("rb") as lines:
        for line in lines:
            record = line.removesuffix(b"\n")
            decoded = json.loads(record)
            digests.setdefault(decoded["item"], set()).add(hashlib.sha256(record).hexdigest())
            counts[decoded["item"]] += 1
            bundles.add(decoded["bundle"])
    return digests, counts, bundles


def run_records(*words: str) -> tuple[int, str]:
    """What a command of `assay records` ended with, and the last line that it said."""
    command = [sys.executable, "-m", "assay.interfaces.cli.app", "records", *words]
    run = subprocess.run(command, capture_output=True, check=False, timeout=_LONGEST_SECONDS)
    said = (run.stdout + run.stderr).decode(errors="replace").strip().splitlines()
    return run.returncode, said[-1] if said else ""
