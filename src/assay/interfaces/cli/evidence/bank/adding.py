"""`assay bank add`: hashes media in processes of their own and keeps the hashes. It keeps no media."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.evidence.bank.folders import opened
from assay.interfaces.cli.terminal import Waiting, counted, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.copies.bank.entry import Entry
    from assay.detection.copies.pooled import Hashed
    from assay.engine.kernel.errors import Fault


@dataclass(slots=True)
class _Adding:
    """What becomes of files on their way into a bank; `paths` names the file of each entry that was handed over."""

    labels: tuple[str, ...]
    note: str
    source: str
    files: int = 0
    paths: list[Path] = field(default_factory=list)
    faults: list[tuple[Path, Fault]] = field(default_factory=list)

    def entries(self, hashed: Iterator[Hashed], kind: str, waiting: Waiting) -> Iterator[Entry]:
        from assay.detection.copies.bank.entry import Entry
        from assay.detection.copies.places import note_of_part
        from assay.engine.kernel.errors import Fault

        for each in hashed:
            self.files += 1
            waiting.reached(self.files)
            words = f"no {kind} hash can be made of it: it has another form, or too little in it"
            fault = each.fault or (None if each.fingerprints else Fault("no-hash", words))
            if fault is not None:
                self.faults.append((each.path, fault))
            for made in each.fingerprints:
                self.paths.append(each.path)
                note = note_of_part(self.note or each.path.name, made.place)
                yield Entry(made.value, made.quality, self.labels, note, self.source)


def add(
    folder: Annotated[Path, typer.Argument(metavar="BANK", help="The bank's folder.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATHS...", help="Media files, and folders of them.")],
    label: Annotated[list[str] | None, typer.Option(help="A label for each of them; may be repeated.")] = None,
    note: Annotated[str, typer.Option(help="A note for people; the file's name if left out.")] = "",
    source: Annotated[str, typer.Option(help="Who gives them.")] = "",
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that hash.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hash media files and keep their hashes in a bank. Ends with 1 where a file could not be added."""
    from assay.detection.copies.pooled import SECONDS_WHEN_THOROUGH, Wish, hash_files

    files = list(media_of(paths))
    if not files:
        wrong_use("there is no file to add")
    adding = _Adding(tuple(label or ()), note, source)
    with opened(folder, writing=True) as bank, Waiting("hashing", len(files)) as waiting:
        # What is cut off an upload later is found by the parts that a bank keeps.
        wish = Wish((bank.settings.kind,), crops=bank.settings.crops, thorough=True)
        hashed = hash_files(files, wish, workers=workers, seconds=SECONDS_WHEN_THOROUGH)
        entries = adding.entries(hashed, bank.settings.kind.value, waiting)
        added = bank.add(entries, at=datetime.now(UTC))
        held = len(bank)
    # A film has hundreds of hashes, and one fault of most of them is told once.
    adding.faults += dict.fromkeys((adding.paths[place], fault) for place, fault in added.faults)
    if added.stopped is not None:
        adding.faults.append((folder, added.stopped))
    told = {"files": adding.files, "added": added.added, "duplicates": added.duplicates, "entries": held}
    _tell(told, adding.faults, as_json=as_json)
    raise typer.Exit(1 if adding.faults else 0)


def media_of(paths: Sequence[Path]) -> Iterator[Path]:
    """Every file named, and those below the folders; ends with 2 for a path that is not there."""
    from assay.detection.run import media_paths

    for path in paths:
        if path.is_dir():
            yield from media_paths(path)
        elif path.is_file():
            yield path
        else:
            wrong_use(printable(f"there is no file or folder `{path}`"))


def _tell(told: dict[str, int], faults: Sequence[tuple[Path, Fault]], *, as_json: bool) -> None:
    if as_json:
        refused = [{"file": str(path), "slug": fault.slug, "reason": fault.words} for path, fault in faults]
        print(json.dumps({**told, "faults": refused}))
        return
    for path, fault in faults:
        print(printable(f"{path}: {fault.slug}: {fault.words}"), file=sys.stderr)
    words = f"{counted(told['files'], 'file')}: {counted(told['added'], 'hash', 'hashes')} added"
    words += f", {told['duplicates']:,} the bank had already" if told["duplicates"] else ""
    words += f", {counted(len(faults), 'fault')}" if faults else ""
    print(f"{words}; the bank holds {counted(told['entries'], 'entry', 'entries')}")
