"""Where an item is decided: market classes in groups, and what sets them apart. It never decides."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.analysis.state import Scene
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.classes import MarketClass
from assay.engine.program.imposed import Regime
from assay.engine.program.lower import Program
from assay.engine.program.scalar import Scalar

# Of eleven classes there are two thousand sets; an item that names many single markets could make more.
_MOST_NAMED = 5_000
# Ways in which items tell markets apart, and sets of markets that are asked for, which are remembered.
_MOST_ROWS = 10_000
_MOST_ASKED = 1_000

# Names of market classes; None stands for every class.
Named: TypeAlias = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One market class, or one market of it that an item tells apart.

    bit      names the row among all rows
    active   the rules that hold there
    special  those of them that do not hold in every row of its group
    """

    bit: int
    active: int
    special: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows for which market-scoped signals leave the same planes.

    mask     those planes
    bits     the rows, as a set
    common   the rules that hold in all of them, and `special` those that hold in some only
    """

    mask: int
    bits: int
    common: int
    special: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Where an item is decided: groups of rows, and the names of rows in the pack's order."""

    groups: tuple[Group, ...]
    names: tuple[str, ...]
    named: dict[int, tuple[str, ...]]

    def name(self, bits: int) -> tuple[str, ...]:
        """The names of a set of rows."""
        found = self.named.get(bits)
        if found is None:
            if len(self.named) > _MOST_NAMED:
                self.named.clear()
            found = self.named[bits] = tuple([self.names[place] for place in places_of(bits)])
        return found


def group_of(mask: int, rows: list[tuple[int, int]]) -> Group:
    """A group of rows, from the planes they leave and, for each, its bit and the rules that hold there."""
    common = functools.reduce(operator.and_, (active for _, active in rows))
    some = functools.reduce(operator.or_, (active for _, active in rows))
    each = tuple(Row(bit, active, active & ~common) for bit, active in rows)
    return Group(mask, sum(row.bit for row in each), common, some & ~common, each)


class Places:
    """Where items are decided in one stretch of time."""

    def __init__(self, scalar: Scalar, regime: Regime) -> None:
        self.scalar, self.regime = scalar, regime
        pack = scalar.program.pack
        scoped = [(place, signal.name) for place, signal in enumerate(pack.vocabulary.signals) if signal.by_market]
        self._scoped = tuple(scoped)
        self._scenes: dict[tuple[str, Named], tuple[Scene, ...]] = {}
        self._codes: dict[Named, frozenset[str]] = {}
        self._rows: dict[tuple[object, ...], Rows] = {}

    def scenes(self, subject: str, markets: Named) -> tuple[Scene, ...]:
        """A scene for each market class that holds one of the markets; for every class where none are named."""
        found = self._scenes.get((subject, markets))
        if found is None:
            program = self.scalar.program
            classes = program.classes if markets is None else classes_of(program, markets)
            if len(self._scenes) >= _MOST_ASKED:
                self._scenes.clear()
            found = tuple(Scene.of(self.scalar, self.regime, market, subject) for market in classes)
            self._scenes[subject, markets] = found
        return found

    def rows(self, item: Item, markets: Named, values: Sequence[MaybeValue]) -> Rows:
        """The market classes to decide, and apart from them single markets of which the item says something else."""
        if self.scalar.mixes_markets:
            return self._work_out(item, markets, values)
        key: tuple[object, ...] = (item.subject, markets)
        if item.by_market:
            codes = self._codes.get(markets) or self._codes_of(markets)
            key += tuple([(name, _said(given, codes)) for name, given in item.by_market.items()])
        found = self._rows.get(key)
        if found is None:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            found = self._rows[key] = self._work_out(item, markets, values)
        return found

    def _codes_of(self, markets: Named) -> frozenset[str]:
        """The single markets of which it matters what an item says."""
        if len(self._codes) >= _MOST_ASKED:
            self._codes.clear()
        found = frozenset().union({EVERYWHERE}, *(scene.market.codes for scene in self.scenes("item", markets)))
        self._codes[markets] = found
        return found

    def _work_out(self, item: Item, markets: Named, values: Sequence[MaybeValue]) -> Rows:
        evaluate = self.scalar.evaluate_market
        groups: dict[int, list[tuple[int, int]]] = {}
        names: list[str] = []
        for scene in self.scenes(item.subject, markets):
            for name, code in _splits(item, scene.market):
                filled = self._filled(scene, item, code, values)
                mask = -1 if evaluate is None else evaluate(filled, item.id)
                groups.setdefault(mask, []).append((1 << len(names), scene.active))
                names.append(name)
        return Rows(tuple(group_of(mask, rows) for mask, rows in groups.items()), tuple(names), {})

    def _filled(self, scene: Scene, item: Item, code: str | None, values: Sequence[MaybeValue]) -> Sequence[MaybeValue]:
        """The values as they are in one market class, or in one market of it that the item tells apart."""
        if not self._scoped:
            return values
        filled = list(values)
        calendar = self.regime.calendar
        for place, name in self._scoped:
            given = _given(item, name, code)
            filled[place] = calendar[name][scene.market.name] if given is None and name in calendar else given
        return filled


def classes_of(program: Program, markets: Iterable[str]) -> tuple[MarketClass, ...]:
    """The classes that hold any of some markets, each a code, a group or a class's name."""
    codes: set[str] = set()
    for name in markets:
        named = next((found.codes for found in program.classes if found.name == name), None)
        codes |= named if named is not None else program.pack.markets.reach(name)
    return tuple(found for found in program.classes if found.codes & codes)


def _said(given: Mapping[str, Value], codes: frozenset[str]) -> tuple[tuple[str, Value], ...]:
    """What an item says of a signal by market, as far as it matters where it is decided."""
    pairs = given.items()
    return tuple(pairs) if len(pairs) == 1 else tuple(sorted([pair for pair in pairs if pair[0] in codes]))


def _splits(item: Item, market: MarketClass) -> list[tuple[str, str | None]]:
    """The single markets of a class that an item tells apart, by name and code, and what is left of the class."""
    if not item.by_market:
        return [(market.name, None)]
    named = sorted({code for given in item.by_market.values() for code in given} & market.codes)
    if not named:
        return [(market.name, None)]
    rest: list[tuple[str, str | None]] = [(market.name, None)] if len(named) < len(market.codes) else []
    return [(code, code) for code in named] + rest


def _given(item: Item, name: str, code: str | None) -> MaybeValue:
    """What an item says of a market-scoped signal in a market: for its code, or else for every market."""
    given = item.by_market.get(name)
    if not given:
        return None
    return given[code] if code is not None and code in given else given.get(EVERYWHERE)
