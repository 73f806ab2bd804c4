"""Which rows a figure is about, as sums by stratum. It knows no row and estimates nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.engine.backtest.moments import Moments, Stratum


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the rows of a stratum that belong to a domain; y is the row's figure, z its figure in the whole.

    rows  how many sampled rows
    y     sum of y      wy   sum of w y
    yy    sum of y²     wyy  sum of w y²     wwyy  sum of w² y²
    yz    sum of y z    wyz  sum of w y z    wwyz  sum of w² y z
    """

    rows: int = 0
    y: float = 0.0
    wy: float = 0.0
    yy: float = 0.0
    wyy: float = 0.0
    wwyy: float = 0.0
    yz: float = 0.0
    wyz: float = 0.0
    wwyz: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.rows + other.rows,
            self.y + other.y,
            self.wy + other.wy,
            self.yy + other.yy,
            self.wyy + other.wyy,
            self.wwyy + other.wwyy,
            self.yz + other.yz,
            self.wyz + other.wyz,
            self.wwyz + other.wwyz,
        )

    def __neg__(self) -> Sums:
        first = (-self.y, -self.wy)
        return Sums(self.rows, *first, self.yy, self.wyy, self.wwyy, -self.yz, -self.wyz, -self.wwyz)


NO_ROW = Sums()


@dataclass(frozen=True, slots=True)
class Domain:
    """Rows that a figure is about, with sign: rows of one side count up, rows of the other count down.

    parts   by stratum; a stratum in which no row belongs to it may be missing
    signed  whether some rows count down, so that it is a difference
    """

    parts: Mapping[str, Sums]
    signed: bool = False

    def __add__(self, other: Domain) -> Domain:
        """Both together; no row may be in both, or its square would be counted as two halves."""
        names = dict.fromkeys((*self.parts, *other.parts))
        parts = {name: self.part(name) + other.part(name) for name in names}
        return Domain(parts, self.signed or other.signed)

    def __neg__(self) -> Domain:
        return Domain({name: -part for name, part in self.parts.items()}, signed=True)

    def __sub__(self, other: Domain) -> Domain:
        return self + -other

    def part(self, stratum: str) -> Sums:
        """The sums of a stratum."""
        return self.parts.get(stratum, NO_ROW)

    @property
    def rows(self) -> int:
        """How many sampled rows belong to it."""
        return sum(part.rows for part in self.parts.values())

    @property
    def seen(self) -> float:
        """What its rows come to in the sample itself."""
        return sum(part.y for part in self.parts.values())

    @property
    def weighted(self) -> float:
        """What its rows come to where each stands for as many as its weight says."""
        return sum(part.wy for part in self.parts.values())

    @property
    def is_count(self) -> bool:
        """Whether every row of it counts as one, so that it is a share of all rows."""
        return not self.signed and all(_counts(part) for part in self.parts.values())

    @property
    def effective_rows(self) -> float:
        """Rows that would say as much if all had the same; a few with most of the views are worth a few rows.

        Strata whose squares were left out are passed over: all of their rows are in the sample, and none is estimated.
        """
        sampled = [part for part in self.parts.values() if part.wwyy > 0]
        squares = sum(part.wwyy for part in sampled)
        return sum(part.wy for part in sampled) ** 2 / squares if squares else 0.0


def _counts(part: Sums) -> bool:
    return part.yy == part.y or (part.yy == 0 and part.y == part.rows)


NOTHING = Domain({})


def domain(cells: Mapping[str, Moments], coefficient: int = 1, *, signed: bool = False) -> Domain:
    """The domain of one cell, by stratum. Domains of disjoint cells are added up, or taken from one another.

    coefficient  1, or -1 for what counts down
    signed       whether rows of the cell itself may count down
    """
    parts = {}
    for name, cell in cells.items():
        # Within a cell the figure is that of the whole: a row is in it with all that it has.
        squares = (cell.xx, cell.wxx, cell.wwxx)
        parts[name] = Sums(cell.rows, cell.x, cell.wx, *squares, *squares)
    found = Domain(parts, signed)
    return found if coefficient > 0 else -found


def within(
    cells: Mapping[str, Moments], whole: Mapping[str, Moments], rest: Mapping[str, Moments], *, signed: bool = False
) -> Domain:
    """The domain of a part of what each row has: of an item's decisions in all markets, those that change.

    whole, rest  moments of all that rows have, and of what is left of it without the part, row by row; from the three
                 squares follows the product of the part and the whole
    """
    parts = {}
    for name, cell in cells.items():
        all_of_it, left = whole.get(name, _NO_MOMENTS), rest.get(name, _NO_MOMENTS)
        products = (
            (all_of_it.xx + cell.xx - left.xx) / 2,
            (all_of_it.wxx + cell.wxx - left.wxx) / 2,
            (all_of_it.wwxx + cell.wwxx - left.wwxx) / 2,
        )
        parts[name] = Sums(cell.rows, cell.x, cell.wx, cell.xx, cell.wxx, cell.wwxx, *products)
    return Domain(parts, signed)


_NO_MOMENTS = Moments()


def together(domains: Iterable[Domain]) -> Domain:
    """Disjoint domains as one."""
    found = NOTHING
    for one in domains:
        found += one
    return found


def everything(strata: Mapping[str, Stratum]) -> Domain:
    """All rows, each counted as one."""
    parts = {}
    for name, one in strata.items():
        sums = (one.rows, one.weights, one.squares)
        parts[name] = Sums(one.rows, one.rows, one.weights, *sums, *sums)
    return Domain(parts)
