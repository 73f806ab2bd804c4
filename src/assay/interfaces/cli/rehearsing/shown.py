"""A rehearsal at the terminal: the verdict, what moves, where, at what cost, and what to mind. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.rehearsal import HistoryFacts, Matrix, Refusal, Rehearsal
from assay.interfaces.cli.terminal import counted, print_table, print_title, printable, wrapped
from assay.interfaces.rehearsals.figures import Kind, said
from assay.interfaces.rehearsals.page.views import SIDES, kind_of, place_title, titled
from assay.interfaces.rehearsals.verdict import is_whole, verdict_of, whole_of

_MOST_MOVES = 12


def print_rehearsal(found: Rehearsal) -> None:
    """All that fits a terminal; the report and the JSON have the rest."""
    typer.secho(wrapped(verdict_of(found)), bold=True)
    print(wrapped(_from(found)))
    for one in found.refusals:
        first = f", first {one.first}" if one.first else ""
        print(wrapped(f"{left_out(one)}: {one.words}{first}" + (f"; {one.hint}" if one.hint else ""), "", "  "))
    whole = whole_of(found)
    if whole is not None:
        _print_figures(found, whole)
    for words in found.not_worked_out:
        print(wrapped(f"not worked out: {words}", "", "  "))
    applying = [one for one in found.pitfalls if one.applies]
    if applying:
        print_title("\nWhat could mislead")
    for pitfall in applying:
        print(wrapped(f"• {pitfall.title}: {pitfall.words}", "", "  "))


def left_out(one: Refusal) -> str:
    """How many rows were left out, or of how many something was."""
    rows = counted(one.rows, "row")
    return "left out" if not one.rows else f"in {rows}" if one.rows_stay else f"{rows} left out"


def _print_figures(found: Rehearsal, whole: Matrix) -> None:
    """Every table, as long as it has a line."""
    alone = found.history.markets in {(), (ELSEWHERE,)}
    _table("What moves", ("now", "proposed", "decisions", "views", "rows"), _moves(found, whole))
    markets = [one for one in found.comparison.matrices if not is_whole(one) and not one.scope.dimension]
    if len(markets) > 1:
        header = ("market", "decisions", "change", "stricter", "milder", "newly open")
        _table("By market", header, [_market(one, alone=alone) for one in (whole, *markets)])
    reweighted = found.comparison.post_stratified
    if reweighted is not None:
        print(wrapped(f"Reweighted to totals known from elsewhere, {_share(reweighted)} of decisions change."))
    _table(
        f"In {counted(found.forecast.days, 'day')}, people and clocks would feel",
        ("what", "now", "proposed", "change"),
        [
            (titled(line), *_forecast(line.old, line.new, line.change, kind_of(line.unit)))
            for line in found.forecast.lines
        ],
    )
    _table(
        "Were they right",
        ("measure", "version", "right, where done", "done, where right", "would be reversed"),
        [
            (one.title, SIDES.get(one.side, one.side).lower(), *map(_share, (one.precision, one.recall, one.overturn)))
            for one in found.quality
        ],
    )


def _table(title: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    lines = list(rows)
    if lines:
        print_title(f"\n{title}")
        print_table(header, lines)


def _moves(found: Rehearsal, whole: Matrix) -> list[tuple[str, ...]]:
    """The cells of the matrix that are off its diagonal, the largest first, and one line for those that stay."""
    titles = {lane.id: lane.title for lane in found.comparison.lanes}
    cells = sorted(
        (cell for cell in whole.cells if cell.old != cell.new), key=lambda cell: -(cell.decisions.value or 0.0)
    )
    rows: list[tuple[str, ...]] = [
        (
            titles[cell.old],
            titles[cell.new],
            said(cell.decisions).together,
            said(cell.views).together if cell.views is not None else "-",
            f"{cell.decisions.rows:,}",
        )
        for cell in cells[:_MOST_MOVES]
    ]
    if len(cells) > _MOST_MOVES:
        rows.append((f"… and {counted(len(cells) - _MOST_MOVES, 'smaller move')}", "", "", "", ""))
    return rows


def _market(one: Matrix, *, alone: bool) -> tuple[str, ...]:
    shares = (one.changed, one.stricter, one.milder, one.opened)
    return (place_title(one.scope, alone=alone), said(one.decisions).together, *map(_share, shares))


def _forecast(old: Estimate, new: Estimate, change: Estimate, kind: Kind) -> tuple[str, ...]:
    return said(old, kind).together, said(new, kind).together, said(change, kind, signed=True).together


def _share(one: Estimate) -> str:
    return said(one, Kind.SHARE).together


def _from(found: Rehearsal) -> str:
    """What it was made from, in a line."""
    old, new = (f"{one.title} {one.version}".strip() for one in (found.old, found.new))
    if old == new:
        # A draft often keeps its title and version until it is released; its digest tells it apart.
        old, new = (f"{old} ({one.digest[:15]})" for one in (found.old, found.new))
    return printable(f"from {old} to {new}, on {_history(found.history)}")


def _history(history: HistoryFacts) -> str:
    rows = counted(history.rows, "row")
    days = f" of {history.first_day} to {history.last_day}" if history.first_day else ""
    refused = f", {history.refused:,} left out" if history.refused else ""
    return f"{history.title}: {rows}{days}{refused}; {history.design}"
