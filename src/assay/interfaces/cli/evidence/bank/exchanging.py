"""`assay bank import` and `export`: hashes from and to the files in which they are exchanged. It fetches nothing."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from assay.interfaces.cli.evidence.bank.folders import opened
from assay.interfaces.cli.terminal import Waiting, counted, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.copies.exchange.given import Reject
    from assay.detection.copies.exchange.importing import Imported

_SHOWN = 10


class _Refused:
    """Rejects on their way to a file or, the first of them, to the terminal."""

    def __init__(self, path: Path, stream: BinaryIO | None) -> None:
        self._path, self._stream, self.count = path, stream, 0

    def add(self, reject: Reject) -> None:
        self.count += 1
        if self._stream is not None:
            told = {
                "number": reject.number,
                "slug": reject.fault.slug,
                "reason": reject.fault.words,
                "type": reject.of_type or None,
                "record": reject.raw or None,
            }
            self._stream.write(json.dumps(told).encode() + b"\n")
        elif self.count <= _SHOWN:
            print(
                printable(f"{self._path}:{reject.number}: {reject.fault.slug}: {reject.fault.words}"), file=sys.stderr
            )


def import_file(
    folder: Annotated[Path, typer.Argument(metavar="BANK", help="The bank's folder.")],
    given: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSON, JSON Lines or a list of hashes.")],
    source: Annotated[str, typer.Option(help="Who gives them, where the file does not say.")] = "",
    label: Annotated[list[str] | None, typer.Option(help="A label for each of them; may be repeated.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where records go that cannot be kept.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Take hashes from an exchanged file into a bank. Ends with 1 where a record was rejected."""
    from assay.detection.copies.exchange.importing import import_hashes

    if not given.is_file():
        wrong_use(printable(f"there is no file `{given}`"))
    if rejects is not None and rejects.resolve() == given.resolve():
        wrong_use(printable(f"`{rejects}` is the file that is read; choose another name"))
    with ExitStack() as stack:
        bank = stack.enter_context(opened(folder, writing=True))
        try:
            stream = stack.enter_context(given.open("rb"))
            refused = _Refused(given, stack.enter_context(rejects.open("wb")) if rejects is not None else None)
        except OSError as error:
            wrong_use(f"`{error.filename}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}")
        waiting = stack.enter_context(Waiting("importing", given.stat().st_size))
        outcome = import_hashes(
            bank,
            stream,
            at=datetime.now(UTC),
            source=source,
            labels=tuple(label or ()),
            on_reject=refused.add,
            progress=waiting.reached,
        )
        held = len(bank)
    if outcome.stopped is not None:
        print(printable(f"{folder}: {outcome.stopped.slug}: {outcome.stopped.words}"), file=sys.stderr)
    if as_json:
        print(json.dumps(_as_json(outcome, held)))
    else:
        _print(outcome, held, refused.count if rejects is None else 0)
    raise typer.Exit(1 if outcome.rejected or outcome.stopped else 0)


def _as_json(outcome: Imported, held: int) -> dict[str, object]:
    return {
        "added": outcome.added,
        "duplicates": outcome.duplicates,
        "withdrawn": outcome.withdrawn,
        "rejected": dict(sorted(outcome.rejected.items())),
        "types": dict(sorted(outcome.of_types.items())),
        "entries": held,
        "stopped": outcome.stopped.words if outcome.stopped else None,
    }


def _print(outcome: Imported, held: int, told: int) -> None:
    if told > _SHOWN:
        words = f"the first {_SHOWN} of {told:,} rejects are shown above; `--rejects FILE` keeps all of them"
        print(words, file=sys.stderr)
    parts = [f"{outcome.added:,} added"]
    if outcome.duplicates:
        parts.append(f"{outcome.duplicates:,} the bank had already")
    if outcome.withdrawn:
        parts.append(f"{outcome.withdrawn:,} withdrawn by their giver and deleted")
    if outcome.rejected:
        types = f"; types that cannot be kept here: {_by(outcome.of_types)}" if outcome.of_types else ""
        parts.append(f"{outcome.rejected.total():,} rejected ({_by(outcome.rejected)}{types})")
    print(printable(f"{', '.join(parts)}; the bank holds {counted(held, 'entry', 'entries')}"))


def _by(counts: Counter[str]) -> str:
    return ", ".join(
        f"{name} {count:,}" for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    )


def export(
    folder: Annotated[Path, typer.Argument(metavar="BANK", help="The bank's folder.")],
    out: Annotated[Path | None, typer.Option(help="Where to; standard output if left out.")] = None,
    form: Annotated[str, typer.Option(help="csv, json, jsonl or list.")] = "csv",
) -> None:
    """Write a bank's hashes into a file that others can take in."""
    from assay.detection.copies.exchange.given import Given
    from assay.detection.copies.exchange.writing import Form, write_hashes

    if form not in set(Form):
        wrong_use(f"`{form}` is no form; write {', '.join(Form)}")
    with ExitStack() as stack:
        bank = stack.enter_context(opened(folder))
        try:
            stream = stack.enter_context(out.open("wb")) if out is not None else sys.stdout.buffer
        except OSError as error:
            wrong_use(f"`{out}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")
        kind, total = bank.settings.kind, len(bank)
        waiting = stack.enter_context(Waiting("exporting", total))

        def hashes() -> Iterator[Given]:
            for number, each in enumerate(bank.entries(), 1):
                waiting.reached(number)
                yield Given(number, kind, each.value, each.quality, each.labels, each.note, each.source, each.added_at)

        written = write_hashes(hashes(), Form(form), stream)
    if out is not None:
        print(printable(f"{counted(written, 'entry', 'entries')} written to {out}"))
