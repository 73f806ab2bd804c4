"""`assay records …`: what a record folder holds, and whether it and its decisions are sound. It mends nothing."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, TextIO

import typer

from assay.interfaces.cli.terminal import Waiting, counted, instant_option, print_table, printable, wrong_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.interfaces.stores.files import Between
    from assay.interfaces.stores.segments.frames import Damage
    from assay.interfaces.stores.segments.reading import StoredRecord

records = typer.Typer(help="Look into the folder in which a service keeps its decision records.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the records.")]
Since = Annotated[str | None, typer.Option("--since", help="Records kept from this day or time on.")]
Until = Annotated[str | None, typer.Option("--until", help="Records kept before this day or time.")]
_MOST_SHOWN = 20


@records.command("verify")
def verify(folder: Folder) -> None:
    """Hold every record to its checksum and every file to its footer. Ends with 1 where something is damaged."""
    from assay.interfaces.stores.verifying import is_in_use, put_aside, verify_file

    files = _files(folder)
    damaged = total = 0
    with Waiting("verifying", len(files)) as waiting:
        for done, path in enumerate(files):
            found = verify_file(path)
            total, damaged = total + found.records, damaged + len(found.damages)
            for damage in found.damages[:_MOST_SHOWN]:
                _print_damage(path, damage)
            if len(found.damages) > _MOST_SHOWN:
                print(f"{printable(path.name)}: and {len(found.damages) - _MOST_SHOWN} more")
            if found.torn is not None and not is_in_use(folder):
                words = f"the last {found.torn.size:,} bytes are no whole record; they are put aside at the next start"
                print(f"{printable(path.name)}:{found.torn.offset}: torn-tail: {words}")
            waiting.reached(done + 1)
    for aside in put_aside(folder):
        print(f"{printable(aside.name)}: put aside earlier, and read by nothing")
    sound = "all sound" if not damaged else counted(damaged, "fault")
    print(f"{counted(total, 'record')} in {counted(len(files), 'file')}: {sound}")
    raise typer.Exit(1 if damaged else 0)


@records.command("show")
def show(folder: Folder) -> None:
    """Say which files there are, how many records of which days they hold, and which bundles made them."""
    from assay.engine.kernel.instants import format_instant
    from assay.interfaces.stores.counting import Counted, count_files

    rows: list[Counted] = []
    bundles: Counter[str] = Counter()
    with Waiting("counting", None) as waiting:
        for found in count_files(_files(folder)):
            rows.append(found)
            bundles.update(found.bundles)
            waiting.reached(len(rows))
    print_table(
        ("file", "kind", "records", "bytes on disk", "first kept", "last kept"),
        [
            (
                found.path.name,
                found.kind,
                f"{found.records:,}",
                f"{found.size:,}",
                "" if found.first is None else format_instant(found.first),
                "" if found.last is None else format_instant(found.last),
            )
            for found in rows
        ],
    )
    if bundles:
        print_table(("bundle", "records"), [(name, f"{number:,}") for name, number in sorted(bundles.items())])
    total, size = sum(found.records for found in rows), sum(found.size for found in rows)
    print(f"{counted(total, 'record')} in {counted(len(rows), 'file')}, {size:,} bytes")


@records.command("export")
def export(
    folder: Folder,
    out: Annotated[
        str, typer.Option("-o", "--out", help="A `.jsonl` or `.parquet` file; `-` is JSON Lines here.")
    ] = "-",
    since: Since = None,
    until: Until = None,
    item: Annotated[str | None, typer.Option("--item", help="The records of one item.")] = None,
) -> None:
    """Write the records' exact bytes, in the order in which they were kept. Ends with 1 where some are damaged."""
    from assay.interfaces.stores.exporting import LinesOut, ParquetOut
    from assay.interfaces.stores.segments.frames import Damage

    files, between = _files(folder), _between(since, until)
    if out != "-" and Path(out).suffix not in (".jsonl", ".ndjson", ".parquet"):
        wrong_use(f"`{out}` ends in neither `.jsonl` nor `.parquet`, so that nobody can tell what it is to be")
    written = damaged = 0
    with ExitStack() as stack:
        try:
            stream = _out(out, stack)
        except OSError as error:
            wrong_use(f"`{out}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")
        made: LinesOut | ParquetOut = ParquetOut(stream) if out.endswith(".parquet") else LinesOut(stream)
        stack.enter_context(made)
        for path, found in _stored(files, between):
            if isinstance(found, Damage):
                damaged += 1
                _print_damage(path, found, sys.stderr)
            elif item is None or found.item == item:
                made.write(found)
                written += 1
    print(f"{counted(written, 'record')} written" + (f", {damaged} damaged" if damaged else ""), file=sys.stderr)
    raise typer.Exit(1 if damaged else 0)


@records.command("replay")
def replay(
    folder: Folder,
    pack: Annotated[list[Path], typer.Option("--pack", help="A pack's folder; give it again for more.")] = [],  # noqa: B006 (typer's way of saying none)
    bundle: Annotated[
        list[Path], typer.Option("--bundle", help="A bundle, or a folder of bundles; give it again for more.")
    ] = [],  # noqa: B006 (typer's way of saying none)
    since: Since = None,
    until: Until = None,
) -> None:
    """Decide every record again with the bundle that it names. Ends with 1 where one differs or cannot be decided."""
    from assay.interfaces.cli.running.replaying import Replayed, deciders_for
    from assay.interfaces.stores.segments.frames import Damage

    files, between = _files(folder), _between(since, until)
    find = deciders_for([*pack, *bundle])
    found = Replayed(find)
    for path, each in _stored(files, between):
        if isinstance(each, Damage):
            found.damaged += 1
            _print_damage(path, each)
            continue
        for words in found.add(each.record)[:_MOST_SHOWN]:
            print(printable(f"{path.name}:{each.offset}: {words}"))
    for name, number in sorted(found.unknown.items()):
        words = "give its pack with `--pack` or its file with `--bundle`"
        print(printable(f"{counted(number, 'record')}: unknown-bundle: no pack given is `{name[:80]}`; {words}"))
    print(found.summary)
    raise typer.Exit(0 if found.all_same else 1)


@records.command("rotate")
def rotate(folder: Folder) -> None:
    """Turn closed segments into Parquet now, for `assay backtest`. A service does so by itself, if it is set to."""
    from assay.engine.kernel.errors import Fault
    from assay.interfaces.stores.rotation.rotating import rotate as rotate_folder

    _files(folder)
    failed = done = 0
    with Waiting("rotating", None) as waiting:
        for found in rotate_folder(folder, waiting.reached):
            if isinstance(found, Fault):
                failed += 1
                print(printable(f"{folder}: {found.slug}: {found.words}"))
            else:
                done += 1
                for damage in found.damages[:_MOST_SHOWN]:
                    _print_damage(found.path, damage)
    print(f"{counted(done, 'segment')} became Parquet" + (f", {failed} did not" if failed else ""))
    raise typer.Exit(1 if failed else 0)


@records.command("index")
def index(
    folder: Folder,
    anew: Annotated[bool, typer.Option("--anew", help="Throw away the index that is there and make it again.")] = False,
) -> None:
    """Bring the index up to date by which the workbench finds decisions. Ends with 1 where some could not be read."""
    from assay.interfaces.stores.indexing.following import Follower
    from assay.interfaces.stores.indexing.layout import index_path, remove
    from assay.interfaces.stores.indexing.reading.index import IndexReader, reading
    from assay.interfaces.stores.indexing.sources.folder import FolderSource

    _files(folder)
    path = index_path(folder)
    if anew:
        remove(path)
    follower, added, began = Follower(path, FolderSource(folder)), 0, time.monotonic()
    with Waiting("indexing", None) as waiting:
        while True:
            step = follower.follow(0.5)
            added += step.added
            waiting.reached(added)
            if step.fault is not None:
                follower.close()
                wrong_use(printable(step.fault.words))
            if not step.behind:
                break
    follower.close()
    with reading(path) as found:
        gaps = found.condition().gaps if isinstance(found, IndexReader) else ()
        total = found.condition().rows if isinstance(found, IndexReader) else 0
    for gap in gaps[:_MOST_SHOWN]:
        print(printable(f"file {gap.file}: {gap.slug}: {gap.words}"))
    seconds = time.monotonic() - began
    print(f"{counted(added, 'record')} added in {seconds:.1f} s, {total:,} in the index, {path.stat().st_size:,} bytes")
    raise typer.Exit(1 if gaps else 0)


def _files(folder: Path) -> list[Path]:
    """The files of a folder; ends with 2 where there is none."""
    from assay.engine.kernel.errors import Fault
    from assay.interfaces.stores.files import record_files

    found = record_files(folder)
    if isinstance(found, Fault):
        wrong_use(printable(found.words))
    return found


def _between(since: str | None, until: str | None) -> Between:
    from assay.interfaces.stores.files import Between

    ever = Between()
    return Between(
        ever.since if since is None else instant_option(since), ever.until if until is None else instant_option(until)
    )


def _stored(files: list[Path], between: Between) -> Iterator[tuple[Path, StoredRecord | Damage]]:
    """Every record of some files with its file; the bar shows how many files are done."""
    from assay.interfaces.stores.files import records_in

    with Waiting("reading", len(files)) as waiting:
        for done, path in enumerate(files):
            for found in records_in(path, between):
                yield path, found
            waiting.reached(done + 1)


def _print_damage(path: Path, damage: Damage, to: TextIO | None = None) -> None:
    size = f" ({damage.size:,} bytes)" if damage.size else ""
    print(printable(f"{path.name}:{damage.offset}: {damage.slug}: {damage.words}{size}"), file=to)


def _out(out: str, stack: ExitStack) -> BinaryIO:
    """Where an export goes; a file appears once all of it is written."""
    from assay.interfaces.histories.writing import unfinished

    if out == "-":
        return sys.stdout.buffer
    return stack.enter_context(stack.enter_context(unfinished(Path(out))).open("wb"))
