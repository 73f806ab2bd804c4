"""How a scan looks at the terminal: how far it is, a table of few files, counts of many. It judges nothing."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assay.interfaces.cli.terminal import PATIENCE_SECONDS, counted, print_table, printable
from assay.interfaces.scans.given.sources import Given, count_files
from assay.interfaces.scans.rows import read_row
from assay.interfaces.scans.totals import Totals

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from assay.interfaces.scans.given.entries import Entries
    from assay.interfaces.scans.scanning import Done

# Of more files than these nobody reads a table.
MOST_SHOWN = 200
_BETWEEN_UPDATES = 0.2


class Bar:
    """Files, rate, faults and time left on the terminal's error stream. Nothing is drawn anywhere else."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._total: int | None = None
        self._shown: Progress | None = None
        self._task: TaskID | None = None
        self._began = time.monotonic()
        self._next = self._began + PATIENCE_SECONDS if sys.stderr.isatty() else float("inf")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._shown is not None:
            self._shown.stop()

    def __call__(self, totals: Totals, entries: Entries) -> None:
        """How far it is; cheap enough to be called for every file."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _BETWEEN_UPDATES
        if self._shown is None:
            self._begin(entries)
        done = totals.files if entries.done is None else entries.done()
        words = f"{counted(totals.files, 'file')}, {(totals.files - totals.known) / (now - self._began):,.0f} a second"
        if totals.faulty:
            words += f", {totals.faulty:,} with faults"
        if self._shown is not None and self._task is not None:
            self._shown.update(self._task, completed=done, total=self._total, description=words)

    def _begin(self, entries: Entries) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self._total = entries.total
        if self._total is None and not self._given.lists:
            # Somebody watches: a walk over the folders, which takes a second for some hundred thousand files.
            self._total = count_files(self._given.paths)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._shown = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._shown.add_task("scanning", total=self._total)
        self._shown.start()


class Shown:
    """Rows for a table, as long as they are few."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, ...]] = []
        self._many = False

    def add(self, line: bytes) -> None:
        """Take a row, and let go of all of them where they are too many for a table."""
        if self._many or len(self._rows) >= MOST_SHOWN:
            self._many, self._rows = True, []
            return
        row = read_row(line)
        evidence = [one.says for one in row.judgement.explanation]
        evidence += [f"Conflict: {one.words}" for one in row.judgement.conflicts]
        evidence += [f"Fault: {one.slug}: {one.reason}" for one in row.faults]
        said = [f"{one.signal} = {one.value} ({one.by})" for one in row.assertions if one.signal != "modality"]
        self._rows.append((printable(row.file), "\n".join(evidence) or "-", row.integrity, "\n".join(said) or "-"))

    def print(self, totals: Totals) -> None:
        """The table, or the counts, and the summary."""
        if self._rows:
            print_table(("file", "evidence", "integrity", "what it asserts"), self._rows)
            print()
        if self._many:
            _print_counts(totals)
            print("Each file's row: with `--json`, or with `--out rows.jsonl`.")
        _print_summary(totals)


def print_written(done: Done, out: Path, *, as_json: bool) -> None:
    """What a scan that wrote its rows came to."""
    totals = done.totals
    if as_json:
        print(json.dumps({"out": printable(str(out)), "finished_before": done.before, **totals.as_mapping()}))
        return
    if done.before:
        print(f"{printable(str(out))} was finished before; there is nothing to go on with")
        return
    _print_counts(totals)
    known = [(totals.known, "kept from before"), (totals.changed, "changed since and scanned anew")]
    known += [(totals.gone, "no longer among the files"), (totals.hits, "from the cache")]
    told = [f"{number:,} {words}" for number, words in known if number]
    if told:
        print(f"rows: {', '.join(told)}")
    print(f"rows in {printable(str(out))}")
    _print_summary(totals)


def _print_counts(totals: Totals) -> None:
    named = (
        ("evidence", totals.kinds),
        ("synthetic_status", totals.statuses),
        ("integrity", totals.integrity),
        ("faults", totals.faults),
    )
    rows = [(name, _most(counts)) for name, counts in named if counts]
    if rows:
        print_table(("", "files"), rows)
        print()


def _most(counts: Counter[str]) -> str:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return "\n".join(f"{number:,} {name}" for name, number in ordered)


def _print_summary(totals: Totals) -> None:
    words = f"{counted(totals.files, 'file')}: {totals.with_evidence:,} with evidence"
    print(words + (f", {totals.faulty:,} with faults" if totals.faulty else ""))
