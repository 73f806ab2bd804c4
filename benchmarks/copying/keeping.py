"""What a bank takes to be filled, emptied, opened and asked, with every commit on the disk. It times by the clock."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry
from assay.detection.copies.bank.settings import BankSettings
from assay.detection.copies.kinds import Fingerprint, HashKind
from benchmarks.copying.hashes import known
from benchmarks.copying.searching import wall

AT = datetime(2026, 11, 23, tzinfo=UTC)
_SINGLE, _ASKED = 200, 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """One bank: rates of many at once and of one at a time, milliseconds to open, and bytes for each entry."""

    count: int
    adds_per_second: float
    deletes_per_second: float
    single_add_ms: float
    single_delete_ms: float
    open_ms: float
    asked_per_second: float
    bytes_of_entries: float
    bytes_of_index: float
    compact_seconds: float


def keep(count: int, folder: Path, say: Callable[[str], None]) -> Kept:
    """Fills a bank of pictures, deletes a fifth, and asks it."""
    values = [each.tobytes().hex() for each in known(count, seed=5)]
    settings = BankSettings("filled", "how fast a bank is", HashKind.PDQ, "w")
    say(f"filling a bank with {count:,}")
    with Bank.create(folder, settings) as bank:
        adding = wall(lambda: bank.add((Entry(value, 90, ("measured",)) for value in values), at=AT))
        single = [Entry(each.tobytes().hex()) for each in known(_SINGLE, seed=6)]
        one = wall(lambda: [bank.add([entry], at=AT) for entry in single])
        one_gone = wall(lambda: [bank.delete([count + number], at=AT) for number in range(1, _SINGLE + 1)])
        size = (folder / "entries.sqlite3").stat().st_size
        index = sum(path.stat().st_size for path in (folder / "index").glob("*.segment"))
        gone = range(1, count, 5)
        deleting = wall(lambda: bank.delete(gone, at=AT))
        compacting = wall(bank.compact)
    opened: list[Bank] = []
    opening = wall(lambda: opened.append(Bank.open(folder)))
    with opened[0] as bank:
        asked = [Fingerprint(HashKind.PDQ, value, 90) for value in values[1 :: max(1, count // _ASKED)]]
        gc.collect()
        began = process_time()
        for each in asked:
            bank.search([each])
        rate = len(asked) / (process_time() - began)
    return Kept(
        count,
        adds_per_second=count / adding,
        deletes_per_second=len(gone) / deleting,
        single_add_ms=1000 * one / _SINGLE,
        single_delete_ms=1000 * one_gone / _SINGLE,
        open_ms=1000 * opening,
        asked_per_second=rate,
        bytes_of_entries=size / count,
        bytes_of_index=index / count,
        compact_seconds=compacting,
    )
