"""How many decisions and views go from which lane to which, by market and by group. It keeps no row."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.figures import Unit
from assay.engine.backtest.moments import Moments
from assay.engine.backtest.rehearsal import Scope
from assay.engine.backtest.replay.counting.draw import Draw
from assay.engine.backtest.replay.counting.entries import Entries
from assay.engine.backtest.replay.counting.grid import Grid, moments_of
from assay.engine.backtest.replay.counting.groups import OTHER, Grouping, Groups
from assay.engine.backtest.replay.counting.mixed import CellOf, InMarket, Of, Rest, mixed_entries, table_of
from assay.engine.backtest.replay.paths import Paths
from assay.engine.backtest.replay.seen import Seen
from assay.engine.program.columnar.planes import unpack


class LaneTally:
    """Decisions and views by where they go from and to: an accumulator.

    alike  rows that all their markets treat alike, by path
    mixed  other rows, by each way of counting apart, since one row may be in several cells at once
    """

    def __init__(self, ways: Paths) -> None:
        self.ways = ways
        self.alike, self.mixed, self.groups = Grid(), Grid(), Groups()
        self.views_unknown: dict[str, int] = {}

    def add(self, seen: Seen, draw: Draw) -> dict[int, NDArray[np.intp]]:
        """The rows of a block; returns those of each cell in which lanes differ, in some market of theirs."""
        markets = [self._market(seen, name) for name in seen.history.markets]
        for market in markets:
            self._single(market).packed().put(self.alike, draw, Grouping((Scope(market.name),)))
        alike, mixed = self._apart(markets, draw)
        for grouping in self.groups.of(seen.history):
            alike.put(self.alike, draw, grouping)
            mixed.put(self.mixed, draw, grouping)
        self._join()
        return self._changed(alike, mixed)

    def merge(self, other: LaneTally) -> None:
        """The rows of another stretch of the same history."""
        self.alike.merge(other.alike)
        self.mixed.merge(other.mixed)
        self.groups.merge(other.groups)
        for market, rows in other.views_unknown.items():
            self.views_unknown[market] = self.views_unknown.get(market, 0) + rows
        self._join()

    def moments(
        self, scope: Scope, of: Of | Rest | CellOf, unit: Unit, weights: Mapping[str, float | None]
    ) -> dict[str, Moments]:
        """By stratum, the moments of what is counted.

        weights  by stratum the weight of its rows; None where they differ
        """
        paths = self._paths(of)
        found = {}
        for name, weight in weights.items():
            alike = moments_of(self.alike.of(scope, name, paths), unit, weight)
            found[name] = alike + moments_of(self.mixed.of(scope, name, (of,)), unit, weight)
        return found

    def cells(self, scope: Scope) -> list[CellOf]:
        """The cells of the matrix in which a scope has rows."""
        found = {CellOf(int(self.ways.cell[path])) for path in self.alike.filled(scope) if isinstance(path, int)}
        found |= {kind for kind in self.mixed.filled(scope) if isinstance(kind, CellOf)}
        return sorted(found, key=lambda cell: cell.cell)

    @property
    def scopes(self) -> list[Scope]:
        """The scopes that have rows, in order of their names."""
        found = {*self.alike.filled_scopes(), *self.mixed.filled_scopes()}
        scopes = [scope for scope in found if isinstance(scope, Scope)]
        return sorted(scopes, key=lambda scope: (scope.market, scope.dimension, scope.value))

    def _paths(self, of: Of | Rest | CellOf) -> list[int]:
        match of:
            case CellOf(cell):
                table = self.ways.cell == cell
            case Rest(part):
                table = ~table_of(self.ways, part)
            case _:
                table = table_of(self.ways, of)
        return np.flatnonzero(table).tolist()

    def _market(self, seen: Seen, name: str) -> InMarket:
        views = seen.history.views.get(name)
        if views is not None and (unknown := int((views < 0).sum())):
            self.views_unknown[name] = self.views_unknown.get(name, 0) + unknown
            views = np.maximum(views, 0)
        present = unpack(seen.present(name), seen.history.rows)
        return InMarket(name, present, seen.paths(name).astype(np.int64), views)

    def _single(self, market: InMarket) -> Entries:
        entries = Entries(None, market.paths, tuple(range(self.ways.size)), None, market.views)
        return entries if market.present.all() else entries.only(np.flatnonzero(market.present))

    def _apart(self, markets: Sequence[InMarket], draw: Draw) -> tuple[Entries, Entries]:
        """The rows that all their markets treat alike, and the others."""
        first = markets[0]
        nothing = np.zeros(0, np.intp)
        if len(markets) == 1:
            return self._single(first).packed(), mixed_entries(markets, nothing, self.ways, rests=False)
        counts, path = first.present.astype(np.int64), first.paths.copy()
        mixed = np.zeros(first.present.size, np.bool_)
        for market in markets[1:]:
            np.copyto(path, market.paths, where=market.present & (counts == 0))
            mixed |= market.present & (market.paths != path)
            counts += market.present
        given = [market.views for market in markets if market.views is not None]
        views: NDArray[np.int64] | None = np.sum(given, axis=0, dtype=np.int64) if given else None
        alike = Entries(None, path, tuple(range(self.ways.size)), counts, views)
        chosen = (counts > 0) & ~mixed
        if not chosen.all():
            alike = alike.only(np.flatnonzero(chosen))
        return alike.packed(), mixed_entries(markets, np.flatnonzero(mixed), self.ways, rests=not draw.certain)

    def _changed(self, alike: Entries, mixed: Entries) -> dict[int, NDArray[np.intp]]:
        """The rows of each cell off the diagonal."""
        off = {int(self.ways.cell[path]) for path in np.flatnonzero(self.ways.changed).tolist()}
        found: dict[int, list[NDArray[np.intp]]] = {}
        for entries in (alike, mixed):
            cells = [self._cell(kind) for kind in entries.names]
            for place, cell in enumerate(cells):
                if cell in off:
                    chosen = np.flatnonzero(entries.kinds == place)
                    found.setdefault(cell, []).append(chosen if entries.rows is None else entries.rows[chosen])
        return {cell: np.concatenate(parts) for cell, parts in found.items()}

    def _cell(self, kind: Hashable) -> int:
        if isinstance(kind, CellOf):
            return kind.cell
        return int(self.ways.cell[kind]) if isinstance(kind, int) else -1

    def _join(self) -> None:
        for scope in self.groups.crowded():
            for grid in (self.alike, self.mixed):
                grid.move(scope, replace(scope, value=OTHER))
