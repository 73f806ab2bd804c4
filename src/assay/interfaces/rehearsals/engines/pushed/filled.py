"""The tally of a replay, filled from counts that an engine gives. It makes the same sums as rows would, or none."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assay.engine.backtest.history.block import Group
from assay.engine.backtest.history.layout import CREATOR, DONE
from assay.engine.backtest.rehearsal import Scope
from assay.engine.backtest.replay.counting.draw import CERTAIN
from assay.engine.backtest.replay.counting.grid import (
    COUNT,
    COUNT_SQUARE,
    HIGH,
    LOW,
    ROWS,
    VIEWED_ROWS,
    VIEWS,
    Grid,
    Summed,
)
from assay.engine.backtest.replay.counting.groups import EVERYWHERE
from assay.engine.backtest.replay.counting.measures import ALL_VIEWS, Kind
from assay.engine.backtest.replay.counting.mixed import PARTS, CellOf, Of, Rest
from assay.engine.backtest.replay.counting.states import VIEWED, Count
from assay.engine.backtest.replay.counting.then import agrees_with
from assay.engine.backtest.replay.paths import Paths
from assay.engine.backtest.replay.tally import CHANGED, Tally
from assay.interfaces.rehearsals.engines.pushed.columns import SOURCE, Columns
from assay.interfaces.rehearsals.engines.pushed.counts import DECIDED, EACH, FIELDS, VIEWS_FIRST, Counts, sign
from assay.interfaces.rehearsals.engines.pushed.decided import Decided
from assay.interfaces.rehearsals.engines.pushed.warehouse import Warehouse

_HALF = 32


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills a tally by asking an engine."""

    warehouse: Warehouse
    columns: Columns
    decided: Decided
    ways: Paths

    def tally(self) -> Tally:
        """The tally of the whole history."""
        found = Tally(self.ways)
        found.markets = {market: bool(self.columns.history.markets) for market in self.columns.markets}
        groups = self._drawn(found)
        if not found.strata.rows:
            return found
        counts = Counts(self.columns.phrases, self.ways, groups, self.columns.beside)
        self.warehouse.keep(DECIDED, self.decided.query())
        self.warehouse.keep(EACH, counts.each())
        self._lanes(found, counts)
        self._measures(found, counts)
        self._creators(found, counts)
        self._then(found, counts)
        return found

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.warehouse.rows(query)

    def _drawn(self, found: Tally) -> dict[str, dict[str, str]]:
        """The strata, and the values by which figures are split; by dimension, what each is counted under."""
        columns, phrases = self.columns, self.columns.phrases
        inside = f"NOT ({columns.aside})"
        chosen = {"s": columns.stratum, "p": columns.probability, "n": "COUNT(*)"}
        for name, probability, rows in self._rows(phrases.select(chosen, SOURCE, inside, list(chosen.values())[:2])):
            found.strata.put(str(name), int(rows), 1.0 / float(probability))
        groups = {}
        for dimension in columns.dimensions:
            value = columns.word(dimension)
            names = [str(row[0]) for row in self._rows(phrases.select({"g": value}, SOURCE, inside, [value]))]
            groups[dimension] = found.lanes.groups.know(dimension, names)
        return groups

    # ----------------------------------------------------------------- lanes

    def _lanes(self, found: Tally, counts: Counts) -> None:
        lanes = found.lanes
        for market, stratum, path, *sums in self._rows(counts.by_market()):
            _put(lanes.alike, Scope(market), stratum, int(path), sums[:FIELDS])
            if self.columns.history.markets and (unknown := int(sums[FIELDS])):
                lanes.views_unknown[market] = lanes.views_unknown.get(market, 0) + unknown
        for dimension in (None, *counts.groups):
            for stratum, value, path, *sums in self._rows(counts.alike(dimension)):
                _put(lanes.alike, _scope(dimension, value), stratum, int(path), sums)
            if len(self.columns.markets) > 1:
                self._mixed(found, counts, dimension)
        for stratum, rows in self._rows(counts.changed()):
            _put(found.items, EVERYWHERE, stratum, CHANGED, [rows, rows, rows, 0, 0, 0])

    def _mixed(self, found: Tally, counts: Counts, dimension: str | None) -> None:
        kinds: list[Of | Rest] = [Of.ALL]
        for of in PARTS:
            kinds += [of, Rest(of)]
        for stratum, value, *sums in self._rows(counts.mixed(dimension)):
            for kind, own in zip(kinds, _by_six(sums), strict=True):
                _put(found.lanes.mixed, _scope(dimension, value), stratum, kind, own)
        for stratum, value, cell, *sums in self._rows(counts.cells(dimension)):
            _put(found.lanes.mixed, _scope(dimension, value), stratum, CellOf(int(cell)), sums)

    # -------------------------------------------------------------- measures

    def _measures(self, found: Tally, counts: Counts) -> None:
        grid = found.measures.grid
        names = [name for name, _, _ in self.decided.apart.pairs]
        pairs = [(old, new) for _, old, new in self.decided.apart.pairs]
        if not pairs:
            return
        for number, market, stratum, old, new, apart, *sums in self._rows(counts.measures_by_market(pairs)):
            for of in Count:
                up = sign(of, int(old), int(new), apart=bool(apart))
                _put_signed(grid, Scope(market), stratum, Kind(names[number], of), up, sums)
        for number, stratum, *sums in self._rows(counts.measures_by_item(pairs)):
            self._everywhere(grid, names[number], stratum, sums)
        for stratum, *sums in self._rows(counts.all_views()):
            if stratum != CERTAIN:
                _put_views(grid, stratum, ALL_VIEWS, sums[VIEWS_FIRST:])

    def _everywhere(self, grid: Grid, measure: str, stratum: str, sums: Sequence[Any]) -> None:
        """A measure over all markets, and the views of items that are partly under it."""
        views = _by(sums[4 * len(Count) :], FIELDS - VIEWS_FIRST)
        for of, (some, rows, count, square) in zip(Count, _by(sums, 4), strict=False):
            own = next(views) if of in VIEWED else (0, 0, 0)
            kind = Kind(measure, of)
            if stratum == CERTAIN:
                # Of rows that are no sample, one that counts up here and down there is a row all the same.
                _put(grid, EVERYWHERE, stratum, kind, [some, count, 0, *own[:2], 0])
            else:
                _put(grid, EVERYWHERE, stratum, kind, [rows, count, square, *own])
            if of in VIEWED:
                for part in (replace(kind, whole=True), replace(kind, rest=True)):
                    beside = next(views)
                    if stratum != CERTAIN:
                        _put_views(grid, stratum, part, beside)

    # ------------------------------------------------------ uploaders, and what was done

    def _creators(self, found: Tally, counts: Counts) -> None:
        if CREATOR not in counts.beside:
            return
        cells: dict[int, list[tuple[str, int]]] = {}
        for cell, name, items in self._rows(counts.creators_of_cells()):
            cells.setdefault(int(cell), []).append((str(name), int(items)))
        changed = [(str(name), int(items)) for name, items in self._rows(counts.creators())]
        names, every = _group([changed, *cells.values()])
        found.creators.add(names, every[0], dict(zip(cells, every[1:], strict=True)))

    def _then(self, found: Tally, counts: Counts) -> None:
        if DONE not in counts.beside:
            return
        columns, phrases = self.columns, self.columns.phrases
        measures = columns.programs[0].pack.measures
        chosen = {"s": columns.stratum, "d": columns.word(DONE)}
        query = phrases.select(chosen | {"n": "COUNT(*)"}, SOURCE, f"NOT ({columns.aside})", list(chosen.values()))
        left = {(stratum, done): int(rows) for stratum, done, rows in self._rows(query)}
        for stratum, done, does, rows in self._rows(counts.then(len(measures.all))):
            left[stratum, done] -= int(rows)
            applied = [place for place, digit in enumerate(does) if digit == "1"]
            _put_then(found, stratum, done, int(rows), agrees_with(done, applied, measures))
        # What reached no market was treated in none.
        for (stratum, done), rows in left.items():
            _put_then(found, stratum, done, rows, agrees_with(done, (), measures))


def _put_then(found: Tally, stratum: str, done: str, rows: int, agrees: bool) -> None:
    if done and rows:
        found.then.put(stratum, rows, agrees=agrees)


def _put(grid: Grid, scope: Scope, stratum: str, kind: Hashable, sums: Sequence[Any]) -> None:
    """Six sums as one cell of a grid."""
    rows, count, square, viewed, views, views_square = (int(number) for number in sums)
    if not rows and not viewed:
        return
    whole = np.zeros((1, 1, 1, 7), np.int64)
    own = whole[0, 0, 0]
    own[ROWS], own[COUNT], own[COUNT_SQUARE], own[VIEWED_ROWS], own[VIEWS] = rows, count, square, viewed, views
    own[HIGH], own[LOW] = views_square >> _HALF, views_square & (1 << _HALF) - 1
    grid.add((scope,), (stratum,), (kind,), Summed(whole, np.zeros((1, 1, 1, 8))))


def _put_signed(grid: Grid, scope: Scope, stratum: str, kind: Kind, up: int, sums: Sequence[Any]) -> None:
    """Decisions that all count up, or down, or not at all."""
    if up:
        rows, *_, viewed, views, square = sums
        own = (viewed, views, square) if kind.count in VIEWED else (0, 0, 0)
        # Of rows that are no sample nothing varies.
        squares = (0, 0) if stratum == CERTAIN else (rows, own[2])
        _put(grid, scope, stratum, kind, [rows, up * int(rows), squares[0], *own[:2], squares[1]])


def _put_views(grid: Grid, stratum: str, kind: Kind, sums: Sequence[Any]) -> None:
    """Sums of views alone: a row is one that has some."""
    _put(grid, EVERYWHERE, stratum, kind, [sums[0], 0, 0, *sums])


def _scope(dimension: str | None, value: str) -> Scope:
    return EVERYWHERE if dimension is None else Scope(dimension=dimension, value=value)


def _by_six(sums: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return _by(sums, FIELDS)


def _by(sums: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (sums[start : start + size] for start in range(0, len(sums), size))


def _group(parts: Iterable[Sequence[tuple[str, int]]]) -> tuple[Group, list[Any]]:
    """Names with how many items each has, as rows: one a name, and as many as there are for items without one."""
    places: dict[str, int] = {}
    codes: list[int] = []
    rows = []
    for part in parts:
        first = len(codes)
        for name, items in part:
            codes += [places.setdefault(name, len(places))] * (1 if name else items)
        rows.append(np.arange(first, len(codes)))
    return Group(np.array(codes, np.int64), tuple(places) or ("",)), rows
