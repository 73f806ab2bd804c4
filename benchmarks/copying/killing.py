"""A writer to a bank that is killed again and again, and what is there afterwards. It repairs nothing itself."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.kinds import Fingerprint, HashKind
from benchmarks.copying.writer import MOST_AT_ONCE

ROOT = Path(__file__).resolve().parent.parent.parent
_LOOKED_FOR = 50


@dataclass(slots=True)
class Survived:
    """Over all kills: what the writer said was done, and what of it was not so when the bank was opened again.

    lost      values that were added and cannot be found
    returned  values that were deleted and can be found
    faults    what `verify` found wrong
    """

    kills: int = 0
    added: int = 0
    deleted: int = 0
    lost: int = 0
    returned: int = 0
    faults: int = 0

    @property
    def nothing_lost(self) -> bool:
        """Whether all was as it had been said."""
        return not self.lost and not self.returned and not self.faults


def kill_again_and_again(folder: Path, kills: int, *, longest: float) -> Survived:
    """Lets a writer go on for up to `longest` seconds after its first word, kills it, and looks; so many times."""
    chance, told = random.Random(3), Survived()
    Bank.create(folder, BankSettings("killed", "what a kill leaves", HashKind.PDQ, "w", distance=0)).close()
    there: set[str] = set()
    for kill in range(kills):
        added, deleted, asked = _run(folder, kill, chance.uniform(0, longest))
        told.kills += 1
        told.added += len(added)
        told.deleted += len(deleted)
        there = _look(folder, there | added, deleted, asked - deleted, told)
    return told


def _run(folder: Path, seed: int, seconds: float) -> tuple[set[str], set[str], set[str]]:
    """What one writer said it had added, had deleted, and was about to delete."""
    command = [sys.executable, "-m", "benchmarks.copying.writer", str(folder), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        if writer.stdout is None:
            raise RuntimeError("a pipe was asked for")
        said = [writer.stdout.readline()]
        # The clock runs beside, since the pipe must be read or the writer would wait for us.
        ending = threading.Timer(seconds, writer.kill)
        ending.start()
        said += writer.stdout.readlines()
        ending.join()
    told: dict[str, set[str]] = {"added": set(), "deleted": set(), "deleting": set()}
    for line in said:
        if line.endswith("\n"):
            what, *values = line.split()
            told[what] |= set(values)
    return told["added"], told["deleted"], told["deleting"]


def _look(folder: Path, added: set[str], deleted: set[str], open_question: set[str], told: Survived) -> set[str]:
    with Bank.open(folder) as bank:
        kept = {stored.value for stored in bank.entries()}
        missing = added - deleted - open_question
        told.lost += len(missing - kept)
        told.returned += len(deleted & kept)
        # One batch may have been written without a word of it; more cannot have come from anywhere.
        told.faults += len(kept - added) > MOST_AT_ONCE
        told.faults += len(bank.verify())
        sample = random.Random(len(kept))
        for value in sample.sample(sorted(missing & kept), min(_LOOKED_FOR, len(missing & kept))):
            told.lost += not bank.search([Fingerprint(HashKind.PDQ, value)])
        for value in sample.sample(sorted(deleted), min(_LOOKED_FOR, len(deleted))):
            told.returned += bool(bank.search([Fingerprint(HashKind.PDQ, value)]))
    return kept
