"""Adds to a bank and deletes from it until it is killed, and says what was done once it was. It checks nothing."""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from assay.detection.copies.bank import indexed
from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry

AT = datetime(2026, 11, 23, tzinfo=UTC)
MOST_AT_ONCE = 120


def main(folder: Path, seed: int) -> None:
    """Batches of up to 120 entries, each second one followed by deletions; a table is made of every two hundred."""
    setattr(indexed, "TAIL", 200)  # noqa: B010 - a table of so few is made in this process only
    chance = random.Random(seed)
    with Bank.open(folder, writing=True) as bank:
        alive: list[str] = []
        for turn in range(1_000_000):
            values = [chance.randbytes(32).hex() for _ in range(chance.randint(1, MOST_AT_ONCE))]
            bank.add(map(Entry, values), at=AT)
            say("added", values)
            alive += values
            if turn % 2:
                gone = [alive.pop(chance.randrange(len(alive))) for _ in range(min(40, len(alive)))]
                say("deleting", gone)
                bank.delete([number for value in gone for number in bank.find(value)], at=AT)
                say("deleted", gone)
            if turn % 9 == 8:
                bank.compact()


def say(what: str, values: list[str]) -> None:
    """One line in one write, so that a line that is there is whole."""
    os.write(sys.stdout.fileno(), f"{what} {' '.join(values)}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
