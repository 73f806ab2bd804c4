"""`assay diff`: the items that two versions decide otherwise, exactly, and changed clauses. It changes neither."""

from __future__ import annotations

import difflib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.analysis.difference.change import Change, ClauseEdit, Difference, Region
from assay.engine.kernel.errors import Diagnostic, Refused
from assay.engine.language.pack.pack import Pack
from assay.interfaces.cli.proving.shown import print_bold, print_lines, print_witness
from assay.interfaces.cli.terminal import Waiting, day_option, print_title, printable, wrapped, write_file, wrong_use
from assay.interfaces.cli.versions import named_version, sound_version
from assay.interfaces.proofs.verdicts import difference_verdict
from assay.interfaces.proofs.words import left_out, moment, reach, region_words, turn

if TYPE_CHECKING:
    from assay.interfaces.packs.texts import Texts

_COLOURS = {"+": typer.colors.GREEN, "-": typer.colors.RED, "@": typer.colors.CYAN}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions and what they decide otherwise."""

    old: Texts
    new: Texts
    packs: tuple[Pack, Pack]
    difference: Difference


def diff(
    old: Annotated[str, typer.Argument(help="A folder, a bundle, a git revision, or REVISION:PATH.")],
    new: Annotated[str, typer.Argument(help="The version to compare with it.")],
    pack: Annotated[Path | None, typer.Option(help="For revisions: the pack's folder in the working tree.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report for people, one HTML file.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Compare from this date or time on; without it, today.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds the solver may think about one question.")] = 10.0,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="End with 0 though something differs.")] = False,
) -> None:
    """Compare two versions of a pack. Ends with 1 where some decision differs, or where that is undecided."""
    if not timeout > 0:
        wrong_use("`--timeout` is a number of seconds above 0")
    place = pack or next((Path(named) for named in (new, old) if Path(named).is_dir()), None)
    versions = (named_version(old, place), named_version(new, place))
    found = compare_versions(*versions, day_option(as_of), seconds=timeout)
    if html is not None:
        from assay.interfaces.proofs.page.difference_page import render_difference

        write_file(html, render_difference(found.difference, found.packs, versions))
    if as_json:
        from assay.interfaces.proofs.written import difference_as_json

        print(json.dumps(difference_as_json(found.difference, versions), ensure_ascii=False, indent=2))
    else:
        print_difference(found)
        if html is not None:
            print(f"the report is in {html}")
    raise typer.Exit(0 if found.difference.same or exit_zero else 1)


def compare_versions(old: Texts, new: Texts, as_of: int, *, seconds: float) -> Compared:
    """What two versions decide otherwise; ends with 1 where one of them is not sound, or they share no words."""
    packs = (sound_version(old, "compared"), sound_version(new, "compared"))
    found = compare_packs(*packs, as_of, seconds=seconds)
    if not isinstance(found, tuple):
        return Compared(old, new, packs, found)
    for problem in found:
        print_lines(problem.render(new.by_path), error=True)
    print("the two versions cannot be compared: they use a word in two ways", file=sys.stderr)
    raise typer.Exit(1)


def compare_packs(old: Pack, new: Pack, as_of: int, *, seconds: float) -> Difference | tuple[Diagnostic, ...]:
    """What two packs decide otherwise, with a bar at the terminal; or why no item can be held against both."""
    from assay.engine.analysis.difference.compare import compare

    with Waiting("comparing", None) as waiting:
        try:
            return compare(old, new, as_of, seconds=seconds, reached=waiting.reached)
        except Refused as refused:
            return refused.diagnostics


def print_difference(found: Compared) -> None:
    """A comparison at the terminal: the verdict, each measure that changes, each clause that changed."""
    difference = found.difference
    print_bold(difference_verdict(difference), good=difference.same)
    print(wrapped(f"from {found.old.title} to {found.new.title}, decisions from {moment(difference.as_of)} on"))
    for note in difference.notes:
        print(wrapped(f"note: {note}", "", "  "))
    for doubt in difference.doubts:
        print(wrapped(f"undecided: {doubt.words}", "", "  "))
    for change in difference.changes:
        if any(region.complete for region in change.regions):
            _print_change(change, found, complete=True)
    waiting = [change for change in difference.changes if not all(region.complete for region in change.regions)]
    if waiting:
        print_title("\nWhile something is still unknown")
    for change in waiting:
        _print_change(change, found, complete=False)
    if difference.clauses:
        print_title("\nClauses")
    for clause in difference.clauses:
        _print_clause(clause)


def _print_change(change: Change, found: Compared, *, complete: bool) -> None:
    """A change with those of its regions that speak of items of which all is known, or with the others."""
    since = f"from {moment(change.since)} on" if change.since > found.difference.as_of else ""
    until = f"until {moment(change.until)}" if change.until is not None else ""
    about = "" if change.subject == "item" else f"on an {change.subject}"
    where = reach(change, found.packs[1].markets)
    print()
    parts = (change.measure, turn(change), change.direction.value, where, about, since, until)
    typer.secho(printable("  ".join(part for part in parts if part)), bold=complete)
    if change.rules:
        print(wrapped(f"by {', '.join(change.rules)}", "  ", "     "))
    for region in change.regions:
        if region.complete is complete:
            _print_region(region, change, found)


def _print_region(region: Region, change: Change, found: Compared) -> None:
    aside = left_out(region, change)
    print(wrapped(region_words(region), "  • ", "    "))
    if aside:
        print(wrapped(aside, "    ", "      "))
    print_witness(region.witness, found.difference.vocabulary, "such as one", "      ")


def _print_clause(clause: ClauseEdit) -> None:
    edits = ", ".join(edit.value for edit in clause.edits)
    print()
    print(wrapped(f"{clause.span}: {clause.name}: {edits}: {clause.words}", "", "  "))
    before, after = clause.before.splitlines(), clause.after.splitlines()
    for line in difflib.unified_diff(before, after, n=2, lineterm=""):
        if not line.startswith(("---", "+++")):
            typer.secho(f"  {printable(line)}".rstrip(), fg=_COLOURS.get(line[:1]))
