"""The sentences that sum a rehearsal up, each with its interval. They never say more than its figures do."""

from __future__ import annotations

from assay.engine.backtest.rehearsal import EVERYWHERE, Matrix, MeasureLine, Rehearsal
from assay.interfaces.rehearsals.figures import Kind, Said, said, said_bounds

NOTHING = "There was nothing to decide: the history has no row that could be read."


def verdict_of(rehearsal: Rehearsal) -> str:
    """How much changes, and what happens with the strongest measure that changes."""
    whole = whole_of(rehearsal)
    if whole is None:
        return NOTHING
    changed = said(whole.changed, Kind.SHARE)
    if not changed.known:
        return "How many decisions change cannot be told: too few rows stand behind the figure."
    if not whole.changed.value and not changed.interval:
        return _nothing_known(rehearsal)
    first = f"{changed.value} of decisions change{_between(changed)}"
    told = strongest_of(rehearsal)
    return f"{first}; {_told(told)}." if told is not None else f"{first}."


def whole_of(rehearsal: Rehearsal) -> Matrix | None:
    """The matrix of all decisions; None where nothing was decided."""
    if not rehearsal.history.rows:
        return None
    return next((one for one in rehearsal.comparison.matrices if is_whole(one)), None)


def is_whole(one: Matrix | MeasureLine) -> bool:
    """Whether something is about every decision."""
    return one.scope.market == EVERYWHERE and not one.scope.dimension


def strongest_of(rehearsal: Rehearsal) -> MeasureLine | None:
    """The strongest lane's measure that is newly done or no longer done in some decisions."""
    lines = {line.measure: line for line in rehearsal.comparison.measures if is_whole(line)}
    for lane in sorted(rehearsal.comparison.lanes, key=lambda lane: -lane.rank):
        line = lines.get(lane.id)
        if line is not None and (line.gained.value or line.lost.value):
            return line
    return None


def _nothing_known(rehearsal: Rehearsal) -> str:
    """No decision is known to change; where a signal is missing, how many may, by the measure that may most."""
    whole = [line for line in rehearsal.comparison.measures if is_whole(line)]
    line = max(whole, key=_leeway, default=None)
    if line is None or not _leeway(line):
        return "No decision changes."
    change = said_bounds(line.change, signed=True)
    return (
        f"No decision changes by what is known. Signals are missing: with them, “{line.title}” may change by {change} "
        "decisions."
    )


def _leeway(line: MeasureLine) -> float:
    return max(abs(bound.value or 0.0) for bound in (line.change.least, line.change.most))


def _told(line: MeasureLine) -> str:
    gained, lost = said(line.gained), said(line.lost)
    parts = []
    if line.gained.value:
        parts.append(f"newly done in {gained.value} {_noun(gained)}{_between(gained)}")
    if line.lost.value:
        noun = "" if parts else f" {_noun(lost)}"
        parts.append(f"no longer done in {lost.value}{noun}{_between(lost)}")
    return f"“{line.title}” is " + ", and ".join(parts)


def _noun(figure: Said) -> str:
    return "decision" if figure.value == "1" else "decisions"


def _between(figure: Said) -> str:
    return f" ({figure.interval})" if figure.interval else ""
