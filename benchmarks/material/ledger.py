"""How fast the workbench's ledger is: appended, verified, exported, proved. It measures the store that Django knows."""

from __future__ import annotations

import io
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

APPENDS = 2_000
LEAST_APPENDED, LEAST_VERIFIED = 500, 50_000


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured.

    per_second      by the wall's clock: appending waits for the disk, which CPU time would not show
    per_cpu_second  as many in a second of this process's CPU time, whatever else the machine does
    wanted          the least a second, or 0 where none is promised
    limit           of the disk, by the wall's clock, for what waits for it; else 0
    """

    name: str
    count: int
    per_second: float
    per_cpu_second: float
    wanted: float = 0
    limit: float = 0

    @property
    def holds(self) -> bool:
        """Whether it is as fast as promised; of what waits for the disk, as far as the disk itself is."""
        if self.limit:
            return self.per_cpu_second >= self.wanted and self.per_second >= min(self.wanted, 0.7 * self.limit)
        return self.per_cpu_second >= self.wanted


def measure_ledger(appends: int, folder: Path) -> list[Figure]:
    """Measure the ledger that Django knows, however much is in it; so many entries are appended to it.

    folder  beside the store: the limit of its disk is measured there
    """
    from assay.governance.ledger.proofs.made import size_now

    bare = _bare_commits(appends, folder / "limit.sqlite3")
    figures = [bare, _appended(appends, bare.per_second)]
    size = size_now()
    export = folder / "ledger.jsonl"
    figures += [_verified(size), _exported(size, export), _verified_export(size, export), _proved(size)]
    export.unlink()
    return figures


def ledger_rows(figures: list[Figure]) -> list[tuple[str, ...]]:
    """Figures as rows of a table, under LEDGER_HEAD."""
    return [
        (
            each.name,
            f"{each.count:,}",
            f"{each.per_second:,.0f}",
            f"{each.per_cpu_second:,.0f}",
            f"{each.wanted:,.0f}" if each.wanted else "",
            f"{each.per_second / each.limit:.2f}" if each.limit else "",
            "" if not each.wanted else "yes" if each.holds else "NO",
        )
        for each in figures
    ]


LEDGER_HEAD = ("ledger", "count", "a second", "a second of CPU", "wanted", "of the disk's limit", "held")


def _timed(name: str, count: int, work: Callable[[], object], wanted: float = 0, limit: float = 0) -> Figure:
    began, used = time.perf_counter(), time.process_time()
    work()
    took, busy = time.perf_counter() - began, time.process_time() - used
    return Figure(name, count, count / took, count / busy, wanted, limit)


def _bare_commits(count: int, path: Path) -> Figure:
    """What the disk takes: one small row a commit, made durable, with nothing around it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE bare (number INTEGER PRIMARY KEY, content TEXT)")

    def work() -> None:
        for number in range(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bare VALUES (?, ?)", (number, "x" * 300))
            connection.execute("COMMIT")

    figure = _timed("commit of one row, durable", count, work)
    connection.close()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return figure


def _appended(count: int, limit: float) -> Figure:
    from django.db import connection, transaction

    from assay.governance.ledger.commands import HeadSigned, append
    from assay.governance.ledger.events import Digest
    from assay.governance.office.actor import SYSTEM
    from assay.governance.office.references import Reference

    at, root, key = datetime.now(UTC), Digest("sha256:" + "0" * 64), Reference("key", "of-a-benchmark")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            # 2 is FULL: every commit is on the disk before it is answered.
            assert cursor.fetchone() == (2,), "the store would lose commits at a power cut"

    def work() -> None:
        for number in range(count):
            with transaction.atomic():
                append(HeadSigned(number, root, key), subject=Reference("benchmark", str(number)), by=SYSTEM, at=at)

    return _timed("append", count, work, LEAST_APPENDED, limit)


def _verified(size: int) -> Figure:
    from assay.governance.ledger.checking.stored import check_store

    def work() -> None:
        chain, summary = check_store()
        assert chain.count == 0, summary

    return _timed("verify the store", size, work, LEAST_VERIFIED)


def _exported(size: int, path: Path) -> Figure:
    from assay.governance.ledger.checking.stored import export_store

    def work() -> None:
        with path.open("wb") as stream:
            stream.writelines(export_store())

    return _timed("export", size, work)


def _verified_export(size: int, path: Path) -> Figure:
    from assay.governance.ledger.checking.exports import check_export

    def work() -> None:
        with path.open("rb") as stream:
            chain, summary = check_export(io.BufferedReader(stream.raw))
        assert chain.count == 0, summary

    return _timed("verify an export", size, work, LEAST_VERIFIED)


def _proved(size: int) -> Figure:
    from assay.governance.ledger.proofs.documents import check_document
    from assay.governance.ledger.proofs.made import prove_inclusion

    count = 200

    def work() -> None:
        for number in range(0, size, max(size // count, 1)):
            assert not check_document(prove_inclusion(number, size), None).faults

    return _timed("prove and check an entry", count, work)
