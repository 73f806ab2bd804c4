"""`assay drift`: what moved between two periods, beyond noise. It changes no history and names no cause."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.terminal import (
    Waiting,
    counted,
    print_table,
    print_title,
    printable,
    sound_pack,
    wrapped,
    write_file,
    wrong_use,
)

if TYPE_CHECKING:
    from assay.engine.backtest.drift.moved import Drift
    from assay.engine.language.pack.pack import Pack
    from assay.interfaces.rehearsals.drifting.grouped import Line
    from assay.interfaces.rehearsals.drifting.periods import Period, Watched

_DAY = r"\d{4}-\d{2}-\d{2}"
_PERIOD = re.compile(rf"(?P<since>{_DAY})?\.\.(?P<until>{_DAY})?|(?P<day>{_DAY})")
_MOST_LINES = 15


def drift(  # noqa: PLR0913 (its options)
    history: Annotated[Path, typer.Argument(metavar="HISTORY", help="A Parquet file, or a folder of them.")],
    pack: Annotated[Path, typer.Option(help="The pack by whose signals and rules both periods are read.")],
    other: Annotated[
        Path | None, typer.Argument(metavar="[LATER]", help="A later history; without it, one history's two periods.")
    ] = None,
    before: Annotated[str | None, typer.Option(help="The earlier days, as in 2026-09-01..2026-09-28.")] = None,
    after: Annotated[str | None, typer.Option(help="The later days.")] = None,
    points: Annotated[float, typer.Option(help="Tell what moves at least so many of a hundred rows.")] = 0.5,
    relative: Annotated[
        float, typer.Option(help="Tell outcomes that happen so many per cent more or less often.")
    ] = 10.0,
    every: Annotated[bool, typer.Option("--all", help="List also what did not move.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a report for people, one HTML file.")] = None,
) -> None:
    """Say what moved between two periods, beyond noise. Ends with 1 where something did, or a period has no row."""
    from assay.engine.backtest.drift.compare import compare_periods
    from assay.engine.backtest.drift.moved import Worth

    if not (0 < points < 100 and relative > 0):
        wrong_use("`--points` and `--relative` are numbers above 0, in per cent")
    periods = _periods(history, other, before, after)
    sound = sound_pack(pack)
    watched = _watch(periods, sound)
    titles = periods[0].title, periods[1].title
    worth = Worth(points=points / 100, relative=relative / 100)
    found = compare_periods(watched[0].watch, watched[1].watch, titles, worth)
    if html is not None:
        from assay.interfaces.rehearsals.drifting.page.drift_page import render_drift

        write_file(html, render_drift(found, watched, sound))
    if as_json:
        _print_json(found, watched, sound)
    else:
        print_drift(found, watched, every=every)
        if html is not None:
            print(f"the report is in {html}")
    # Whoever watches by this number would take a period whose export broke for one in which nothing moved.
    raise typer.Exit(0 if found.before.rows and found.after.rows and not found.moved else 1)


def _print_json(found: Drift, watched: list[Watched], pack: Pack) -> None:
    from assay.interfaces.rehearsals.drifting.written import drift_as_json

    named = {"name": pack.name, "version": pack.version, "digest": pack.digest}
    print(json.dumps(drift_as_json(found, watched, named), ensure_ascii=False, indent=2))


def print_drift(found: Drift, watched: list[Watched], *, every: bool) -> None:
    """Drift at the terminal: the verdict, what moved, and what to bear in mind."""
    from assay.interfaces.cli.rehearsing.shown import left_out
    from assay.interfaces.rehearsals.drifting.grouped import SECTIONS, lines_of, verdict_of

    typer.secho(wrapped(verdict_of(found)), bold=True)
    for facts, one in zip((found.before, found.after), watched, strict=True):
        days = f", {facts.first_day} to {facts.last_day}" if facts.days else ""
        refused = f", {one.refusals.rows:,} left out" if one.refusals.rows else ""
        print(wrapped(f"{facts.title}: {counted(facts.rows, 'row')} of {counted(facts.days, 'day')}{days}{refused}"))
        for refusal in one.refusals.listed():
            rows = f"{left_out(refusal)}: " if refusal.rows else ""
            print(wrapped(f"{rows}{refusal.slug}: {refusal.words}", "  ", "    "))
    for note in found.notes:
        print(wrapped(f"note: {note}", "", "  "))
    for title, kinds in SECTIONS:
        lines = [line for line in lines_of(found.shifts, kinds) if line.moved or every]
        if lines:
            print_title(f"\n{title}")
            _print_lines(lines, every=every)
    _print_scores(found)


def _print_lines(lines: list[Line], *, every: bool) -> None:
    from assay.interfaces.rehearsals.drifting.grouped import move_words

    shown = lines if every else lines[:_MOST_LINES]
    rows = []
    for line in shown:
        if line.largest is not None:
            words = move_words(line.largest)
            where = f", {line.where}" if line.where else ""
            also = f"\n  and in {counted(len(line.others), 'more market')}" if line.others else ""
            rows.append((f"{line.title}{where}{also}", line.largest.name, *words, _odds(line.shift.adjusted)))
    print_table(("what", "of it most", "before", "after", "change", "by chance"), rows)
    if len(lines) > len(shown):
        print(f"… and {counted(len(lines) - len(shown), 'smaller move')}; `--all` lists everything")


def _odds(probability: float) -> str:
    """How often chance alone moves so much, corrected for all that was looked at."""
    return "< 0.001" if probability < 0.001 else f"{probability:.3f}"


def _print_scores(found: Drift) -> None:
    from assay.interfaces.rehearsals.drifting.grouped import calibration_words

    if not found.calibrated:
        return
    print_title("\nWhat scores mean")
    rows = [
        (
            one.title,
            f"{one.before.rows:,} and {one.after.rows:,}",
            *calibration_words(one),
            f"{100 * one.points:.1f} points",
            _odds(one.adjusted) + (", moved" if one.moved else ""),
        )
        for one in found.calibrated
    ]
    print_table(("score", "labelled", "Brier before", "after", "change", "off by", "by chance"), rows)


def _watch(periods: tuple[Period, Period], pack: Pack) -> list[Watched]:
    from assay.interfaces.rehearsals.drifting.periods import Watched, watch_periods

    with Waiting("reading", None) as waiting:
        found = watch_periods(periods, pack, waiting.reached)
    watched = [one for one in found if isinstance(one, Watched)]
    faults = [one for one in found if isinstance(one, Fault)]
    if faults:
        _end_with(faults, periods)
    return watched


def _end_with(faults: list[Fault], periods: tuple[Period, Period]) -> NoReturn:
    for fault in faults:
        print(printable(f"{periods[0].path}: {fault.slug}: {fault.words}"), file=sys.stderr)
    raise typer.Exit(1)


def _periods(history: Path, other: Path | None, before: str | None, after: str | None) -> tuple[Period, Period]:
    from assay.interfaces.rehearsals.drifting.periods import Period

    for path in (history, other):
        if path is not None and not path.exists():
            wrong_use(f"there is no file or folder `{path}`")
    if other is None and (before is None or after is None):
        wrong_use("name both periods, `--before FIRST..LAST --after FIRST..LAST`, or two histories")
    return Period(history, *_days("--before", before)), Period(other or history, *_days("--after", after))


def _days(option: str, given: str | None) -> tuple[str | None, str | None]:
    if given is None:
        return None, None
    found = _PERIOD.fullmatch(given.strip())
    if found is None or given.strip() == "..":
        wrong_use(f"`{option} {given}` is no period; write days such as 2026-09-01..2026-09-28")
    return (found["day"], found["day"]) if found["day"] else (found["since"], found["until"])
