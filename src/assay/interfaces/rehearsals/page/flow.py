"""How decisions flow from their old outcomes to new ones, as shapes of a drawing. It draws only what moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.engine.backtest.rehearsal import Cell, Matrix
from assay.engine.backtest.replay.treatment import Lane
from assay.interfaces.rehearsals.figures import Said, said

# The drawing is stretched to its place sideways, so only its heights are in pixels.
WIDTH = 100
_TALLEST = 260.0
_SLOT = 56.0
_GAP = 8.0
_THINNEST = 1.5


@dataclass(frozen=True, slots=True)
class Move:
    """Decisions that go from one lane to another: what is said of them, and the outline of their ribbon."""

    old: str
    new: str
    side: str
    figure: Said
    views: str
    path: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A lane on both sides: where it stands, how thick its bars are, and what stays in it."""

    title: str
    top: float
    leaving: float
    arriving: float
    stays: str

    @property
    def line(self) -> float:
        """Where the line of what stays is drawn."""
        return self.top + max(self.leaving, self.arriving) + 3


@dataclass(frozen=True, slots=True)
class Flow:
    """A drawing of everything that moves, the largest moves first."""

    slots: tuple[Slot, ...]
    moves: tuple[Move, ...]
    height: float
    kept_back: int


def flow_of(matrix: Matrix, lanes: Sequence[Lane]) -> Flow:
    """The flow of one matrix; lanes that nothing is in are left out."""
    used = {name for cell in matrix.cells for name in (cell.old, cell.new)}
    shown = [lane for lane in sorted(lanes, key=lambda lane: lane.rank) if lane.id in used]
    moved = [cell for cell in matrix.cells if cell.old != cell.new and cell.decisions.value]
    kept_back = sum(cell.old != cell.new and cell.decisions.value is None for cell in matrix.cells)
    whole = sum(cell.decisions.value or 0.0 for cell in moved)
    scale = _TALLEST / whole if whole else 0.0
    slots = _slots(shown, matrix, moved, scale)
    places = {lane.id: place for place, lane in enumerate(shown)}
    paths = _paths(moved, slots, places, scale)
    moves = [
        Move(
            shown[places[cell.old]].title,
            shown[places[cell.new]].title,
            "stricter" if places[cell.new] > places[cell.old] else "milder",
            said(cell.decisions),
            said(cell.views).together if cell.views is not None else "",
            path,
        )
        for cell, path in zip(moved, paths, strict=True)
    ]
    order = sorted(range(len(moves)), key=lambda place: -(moved[place].decisions.value or 0.0))
    height = slots[-1].line + _SLOT / 2 if slots else 0.0
    return Flow(tuple(slots), tuple(moves[place] for place in order), height, kept_back)


def _slots(shown: Sequence[Lane], matrix: Matrix, moved: Sequence[Cell], scale: float) -> list[Slot]:
    found: list[Slot] = []
    stays = {cell.old: cell.decisions for cell in matrix.cells if cell.old == cell.new}
    top = 4.0
    for lane in shown:
        leaving = sum(_thick(cell, scale) for cell in moved if cell.old == lane.id)
        arriving = sum(_thick(cell, scale) for cell in moved if cell.new == lane.id)
        rest = stays.get(lane.id)
        words = f"{said(rest).together} stay" if rest is not None and rest.value is not None else ""
        found.append(Slot(lane.title, round(top, 1), round(leaving, 1), round(arriving, 1), words))
        top += max(leaving, arriving, _SLOT) + _GAP
    return found


def _paths(moved: Sequence[Cell], slots: Sequence[Slot], places: dict[str, int], scale: float) -> list[str]:
    """The outline of each ribbon; on both sides ribbons lie in the order of where they come from or go to."""
    starts: dict[tuple[str, str], float] = {}
    ends: dict[tuple[str, str], float] = {}
    for sides, key, other in ((starts, "old", "new"), (ends, "new", "old")):
        filled = [slot.top for slot in slots]
        for cell in sorted(moved, key=lambda cell: (places[getattr(cell, key)], places[getattr(cell, other)])):
            place = places[getattr(cell, key)]
            sides[cell.old, cell.new] = filled[place]
            filled[place] += _thick(cell, scale)
    found = []
    for cell in moved:
        start, end, thick = starts[cell.old, cell.new], ends[cell.old, cell.new], _thick(cell, scale)
        middle = WIDTH / 2
        found.append(
            f"M0 {start:.1f}C{middle} {start:.1f} {middle} {end:.1f} {WIDTH} {end:.1f}V{end + thick:.1f}"
            f"C{middle} {end + thick:.1f} {middle} {start + thick:.1f} 0 {start + thick:.1f}Z"
        )
    return found


def _thick(cell: Cell, scale: float) -> float:
    return max((cell.decisions.value or 0.0) * scale, _THINNEST)
