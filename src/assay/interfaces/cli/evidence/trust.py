"""`assay trust`: the lists of signers whom the operator trusts. It trusts nobody unasked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.terminal import Waiting, counted, print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.trust.keep import Examined, Outcome
    from assay.detection.trust.sources import Taken

trust = typer.Typer(name="trust", help="Take, show and check trust lists.", no_args_is_help=True, rich_markup_mode=None)
_FOLDER = Annotated[Path, typer.Argument(help="The folder of trust lists.")]
_AS_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object a list.")]


@trust.callback()
def _group() -> None:
    """Take, show and check trust lists."""


@trust.command("update")
def update(
    folder: _FOLDER,
    source: Annotated[Path | None, typer.Option("--from", help="A PEM file or a folder of them, instead.")] = None,
    package: Annotated[str | None, typer.Option(help="An installed package that carries lists, instead.")] = None,
    keeper: Annotated[str | None, typer.Option(help="With --from: official, interim or operator.")] = None,
    purpose: Annotated[str | None, typer.Option(help="With --from: signers or times.")] = None,
    accept_removal: Annotated[bool, typer.Option("--accept-removal", help="Take a list that lost signers.")] = False,
    as_json: _AS_JSON = False,
) -> None:
    """Take the lists from the official places, or from files. Ends with 1 where one was refused."""
    from assay.detection.scanner import UnusableTrust
    from assay.detection.trust.keep import keep_lists

    taken = _taken(source, package, keeper, purpose)
    try:
        with Waiting("taking lists", None) as waiting:
            shown = _shown(taken, waiting)
            outcomes = keep_lists(folder, shown, now=datetime.now(UTC), accept_removal=accept_removal)
    except UnusableTrust as unusable:
        wrong_use(str(unusable))
    except OSError as error:
        wrong_use(f"`{folder}` cannot be written to: {(error.strerror or 'it cannot be opened').lower()}")
    _print_outcomes(folder, outcomes, as_json=as_json)
    raise typer.Exit(1 if any(each.outcome == "refused" for each in outcomes) else 0)


def _shown(taken: Iterable[Taken], waiting: Waiting) -> Iterator[Taken]:
    for number, each in enumerate(taken, 1):
        waiting.reached(number)
        yield each


def _taken(source: Path | None, package: str | None, keeper: str | None, purpose: str | None) -> Iterable[Taken]:
    from assay.detection.trust.lists import Keeper, Purpose
    from assay.detection.trust.sources import Unreachable, from_package, from_path, from_places

    if source is None and (keeper or purpose):
        wrong_use("`--keeper` and `--purpose` say what a file is; name the file by `--from`")
    if source is not None and package is not None:
        wrong_use("`--from` and `--package` exclude each other")
    if package is not None:
        try:
            return list(from_package(package))
        except Unreachable as unreachable:
            wrong_use(str(unreachable))
    if source is None:
        return from_places()
    if not source.exists():
        wrong_use(f"there is no file or folder `{source}`")
    if keeper is not None and keeper not in set(Keeper):
        wrong_use(f"`{keeper}` keeps no list; write official, interim or operator")
    if purpose is not None and purpose not in set(Purpose):
        wrong_use(f"`{purpose}` is no purpose of a list; write signers or times")
    found = list(from_path(source, Keeper(keeper) if keeper else None, Purpose(purpose) if purpose else None))
    if not found:
        wrong_use(f"`{source}` holds no trust list (*.pem)")
    return found


def _print_outcomes(folder: Path, outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    for each in outcomes:
        if as_json:
            names = ("file", "outcome", "certificates", "added", "words", "hint")
            print(json.dumps({name: getattr(each, name) for name in names}, ensure_ascii=False))
        elif each.outcome == "refused":
            print(printable(f"{folder / each.file}: refused-list: {each.words}"), file=sys.stderr)
            print(printable(f"      | {each.hint}"), file=sys.stderr)
        else:
            new = f", {each.added} new" if each.added else ""
            print(printable(f"{folder / each.file}: {each.outcome}: {counted(each.certificates, 'certificate')}{new}"))
    if not as_json:
        refused = sum(each.outcome == "refused" for each in outcomes)
        words = f"{counted(len(outcomes), 'list')}: {len(outcomes) - refused} kept"
        print(words + (f", {refused} refused" if refused else ""))


@trust.command("show")
def show(folder: _FOLDER, as_json: _AS_JSON = False) -> None:
    """Say which lists are kept, whose they are, and where each came from."""
    examined = _examined(folder)
    if as_json:
        _print_json(examined)
    else:
        rows = [_row(each) for each in examined]
        print_table(("list", "keeper", "vouches for", "certificates", "expired", "from", "taken", "sha256"), rows)
        print()
        print(f"{counted(len(examined), 'list')}, {counted(sum(one.certificates for one in examined), 'certificate')}")
    raise typer.Exit(1 if any(each.fault for each in examined) else 0)


@trust.command("verify")
def verify(folder: _FOLDER, as_json: _AS_JSON = False) -> None:
    """Read every list again and compare it with what was taken. Ends with 1 where one does not fit."""
    examined = _examined(folder)
    if as_json:
        _print_json(examined)
    else:
        for each in examined:
            _print_examined(folder, each)
        faulty = sum(bool(each.fault) for each in examined)
        expired = sum(len(each.expired) for each in examined)
        words = f"{counted(len(examined), 'list')}: {len(examined) - faulty} sound"
        words += f", {faulty} not" if faulty else ""
        print(words + (f"; {counted(expired, 'certificate has', 'certificates have')} expired" if expired else ""))
    raise typer.Exit(1 if any(each.fault for each in examined) else 0)


def _examined(folder: Path) -> tuple[Examined, ...]:
    from assay.detection.scanner import UnusableTrust
    from assay.detection.trust.keep import examine

    if not folder.is_dir():
        wrong_use(f"there is no folder `{folder}`; `assay trust update {folder}` makes one")
    try:
        examined = examine(folder, datetime.now(UTC))
    except UnusableTrust as unusable:
        wrong_use(str(unusable))
    if not examined:
        wrong_use(f"`{folder}` holds no trust list (*.pem)")
    return examined


def _row(each: Examined) -> tuple[str, ...]:
    from assay.detection.trust.folder import told_by_name

    keeper, purpose = (each.kept.keeper, each.kept.purpose) if each.kept else told_by_name(each.file)
    source, fetched = (each.kept.source, each.kept.fetched) if each.kept else ("not recorded", "")
    count = each.fault or f"{each.certificates:,}"
    return (each.file, keeper.value, purpose.value, count, str(len(each.expired)), source, fetched, each.sha256[:12])


def _print_examined(folder: Path, each: Examined) -> None:
    place = folder / each.file
    if each.fault:
        hint = f"take it anew: assay trust update {folder}"
        print(printable(f"{place}: unsound-list: {each.fault}"), file=sys.stderr)
        print(printable(f"      | {hint}"), file=sys.stderr)
        return
    recorded = f"as taken on {each.kept.fetched}" if each.kept else "nobody recorded where it came from"
    print(printable(f"{place}: {counted(each.certificates, 'certificate')}, {recorded}"))
    for name in each.expired:
        print(printable(f"      | expired: {name}"))


def _print_json(examined: Sequence[Examined]) -> None:
    for each in examined:
        kept = each.kept
        row = {
            "file": each.file,
            "keeper": kept.keeper.value if kept else None,
            "purpose": kept.purpose.value if kept else None,
            "source": kept.source if kept else None,
            "fetched": kept.fetched if kept else None,
            "sha256": each.sha256 or None,
            "certificates": each.certificates,
            "expired": list(each.expired),
            "fault": each.fault or None,
        }
        print(json.dumps(row, ensure_ascii=False))
