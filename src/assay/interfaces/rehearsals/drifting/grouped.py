"""Shifts as people read them: one line for a thing, whatever the number of markets. It drops none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.engine.backtest.drift.moved import Calibrated, CategoryMove, Drift, Shift
from assay.engine.backtest.drift.watch import MIX, OUTCOME, REACH, SIGNAL
from assay.engine.backtest.history.block import ELSEWHERE
from assay.interfaces.rehearsals.figures import Kind, said

SECTIONS = (
    ("What is uploaded", (SIGNAL, MIX, REACH)),
    ("What is decided", (OUTCOME,)),
)
# By kind, what shares are of; of a set's value they are of rows of which the set is known.
_OF = {OUTCOME: "decisions", MIX: "rows", SIGNAL: "rows", REACH: "rows"}


@dataclass(frozen=True, slots=True)
class Line:
    """A thing that was watched in one market or in several.

    shift   of the market where that is most certain, among those where it moved; the largest of many would mislead
    where   that market; empty where it has none
    others  further markets where it moved as well; `looks` markets in all
    """

    title: str
    shift: Shift
    where: str
    others: tuple[str, ...]
    looks: int

    @property
    def moved(self) -> bool:
        """Whether it moved anywhere."""
        return self.shift.moved

    @property
    def largest(self) -> CategoryMove | None:
        """The category that moved most."""
        return self.shift.categories[0] if self.shift.categories else None


def lines_of(shifts: Iterable[Shift], kinds: Iterable[str]) -> tuple[Line, ...]:
    """One line for each thing of some kinds, what moved most first."""
    wanted = frozenset(kinds)
    grouped: dict[tuple[str, str, str], list[Shift]] = {}
    for shift in shifts:
        if shift.thing.kind in wanted:
            grouped.setdefault(shift.thing[:3], []).append(shift)
    lines = [_line(found) for found in grouped.values()]
    return tuple(sorted(lines, key=_first))


def _line(found: list[Shift]) -> Line:
    shown, *others = sorted(found, key=_by_weight)
    market = shown.thing.market
    title = shown.title.removesuffix(f" in {market}") if market else shown.title
    also = tuple([place_of(other.thing.market) for other in others if other.moved])
    return Line(title, shown, "" if not market else place_of(market), also, len(found))


def place_of(market: str) -> str:
    """A market as people call it."""
    return "elsewhere" if market == ELSEWHERE else market


def _by_weight(shift: Shift) -> tuple[object, ...]:
    return not shift.moved, not shift.real, shift.probability, -shift.points, shift.thing


def _first(line: Line) -> tuple[object, ...]:
    return not line.moved, not line.shift.real, -line.shift.points, line.title


def move_words(move: CategoryMove) -> tuple[str, str, str]:
    """A category's share before and after, and by how much it changed, in points."""
    before, after = (said(one, Kind.SHARE).value for one in (move.before, move.after))
    change = said(move.change, Kind.SHARE, signed=True)
    interval = f" ({change.interval.removesuffix(' %')})" if change.interval else ""
    return before, after, f"{change.value.removesuffix(' %')} points{interval}"


def verdict_of(drift: Drift) -> str:
    """What it comes to, in a sentence."""
    if not drift.before.rows or not drift.after.rows:
        empty = drift.before.title if not drift.before.rows else drift.after.title
        return f"Nothing can be said: {empty} has no row."
    looks = f"{drift.looks:,} {'thing was' if drift.looks == 1 else 'things were'} looked at"
    lines = [line for _, kinds in SECTIONS for line in lines_of(drift.shifts, kinds) if line.moved]
    scores = [one for one in drift.calibrated if one.moved]
    if not lines and not scores:
        return f"Nothing moved beyond noise; {looks}."
    counts = [(len(lines_of_kind), words) for words, lines_of_kind in _kinds(lines).items()]
    parts = [f"{count} {one if count == 1 else several}" for count, (one, several) in counts if count]
    parts += [f"the meaning of {len(scores)} {'score' if len(scores) == 1 else 'scores'}"] if scores else []
    listed = ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]
    return f"{listed[0].upper()}{listed[1:]} moved beyond noise; {looks}."


def _kinds(lines: list[Line]) -> Mapping[tuple[str, str], list[Line]]:
    names = {SIGNAL: ("signal", "signals"), OUTCOME: ("outcome", "outcomes")}
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        found.setdefault(names.get(line.shift.thing.kind, ("share of uploads", "shares of uploads")), []).append(line)
    return found


def calibration_words(one: Calibrated) -> tuple[str, str, str]:
    """The Brier score before and after, and its change."""
    before, after = (said(side.brier, Kind.COEFFICIENT).together for side in (one.before, one.after))
    return before, after, said(one.change, Kind.COEFFICIENT, signed=True).together


def shares_of_what(shift: Shift) -> str:
    """What a shift's shares are shares of."""
    return "rows of which it is known" if shift.thing.part else _OF[shift.thing.kind]
