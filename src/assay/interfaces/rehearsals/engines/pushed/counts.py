"""Queries over the decided rows that give counts: by market, by item, by measure. They choose no row's values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.engine.backtest.history.layout import CREATOR, DONE, ID, STRATUM
from assay.engine.backtest.replay.counting.groups import OTHER
from assay.engine.backtest.replay.counting.mixed import PARTS, Of
from assay.engine.backtest.replay.counting.states import VIEWED, Count
from assay.engine.backtest.replay.paths import Paths
from assay.interfaces.rehearsals.engines.pushed.columns import MARKET, VIEWS
from assay.interfaces.rehearsals.engines.pushed.decided import (
    UNKNOWN,
    YES,
    apart_column,
    lane_column,
    measure_column,
    open_column,
)
from assay.interfaces.rehearsals.engines.pushed.phrases import Phrases

# The kept tables: decided rows, and one row for each item.
DECIDED, EACH = "decided", "each_item"
# What every sum gives, in this order: rows, what they count as, its square, rows with views, views, their square.
FIELDS, VIEWS_FIRST = 6, 3
# A measure's places in both versions.
Pair: TypeAlias = tuple[int | None, int | None]
_STATED = (ID, MARKET, STRATUM, VIEWS, "measure", "a", "b", "x")
_LANES, _OPEN = (lane_column(0), lane_column(1)), (open_column(0), open_column(1))


@dataclass(frozen=True, slots=True)
class Counts:
    """How counts are asked for.

    groups  by dimension, by each value that is counted under another one, that other
    beside  what else is known of a row, by the layout's names
    """

    phrases: Phrases
    ways: Paths
    groups: Mapping[str, Mapping[str, str]]
    beside: Sequence[str] = ()

    # ---------------------------------------------------------------- pieces

    def sums(self, count: str, views: str, where: str = "TRUE") -> list[str]:
        """Six sums over rows.

        count, views  what a row counts as, and its views, both known
        where         the rows that are summed
        """
        found = ["1", count, f"{count} * {count}", f"CASE WHEN {views} <> 0 THEN 1 ELSE 0 END", views]
        return [_sum(each, where) for each in (*found, self.phrases.square(views))]

    @property
    def path(self) -> str:
        """The code of a row's path."""
        bits = self.ways.bits
        shifts = (*zip(_LANES, (0, bits), strict=True), *zip(_OPEN, (2 * bits, 2 * bits + 1), strict=True))
        return "(" + " + ".join(f"{name} * {1 << shift}" for name, shift in shifts) + ")"

    @property
    def cell(self) -> str:
        """The cell of the matrix that a decision is in."""
        return f"({_LANES[0]} + {_LANES[1]} * {1 << self.ways.bits})"

    def part(self, of: Of) -> str:
        """Whether a decision is counted."""
        (old, new), (was, now) = _LANES, _OPEN
        return {
            Of.ALL: "TRUE",
            Of.CHANGED: f"{old} <> {new}",
            Of.STRICTER: f"{new} > {old}",
            Of.MILDER: f"{new} < {old}",
            Of.OPENED: f"({now} = 1 AND {was} = 0)",
            Of.SETTLED: f"({was} = 1 AND {now} = 0)",
        }[of]

    def _select(self, columns: Iterable[str], source: str, by: Sequence[str], where: str = "") -> str:
        chosen = [*by, *columns]
        named = {f"c{place}": column for place, column in enumerate(chosen)}
        return self.phrases.select(named, source, where, by)

    def _nested(self, inner: str) -> str:
        return f"(\n{inner}\n) AS inside"

    # ----------------------------------------------------------------- lanes

    def each(self) -> str:
        """One row for each item: its markets, whether all treat it alike, its views."""
        kept = [ID, STRATUM, *(f"by:{name}" for name in self.groups), *self.beside]
        chosen = {name: self.phrases.name(name) for name in kept}
        chosen |= {"n": "COUNT(*)", "least": f"MIN({self.path})", "most": f"MAX({self.path})", "v": _sum(_KNOWN_VIEWS)}
        chosen |= {"changed": f"MAX(CASE WHEN {self.part(Of.CHANGED)} THEN 1 ELSE 0 END)"}
        return self.phrases.select(chosen, DECIDED, "", [self.phrases.name(name) for name in kept])

    def by_market(self) -> str:
        """Market, stratum, path; sums; rows of which the views are unknown."""
        unknown = _sum("1", f"{VIEWS} IS NULL")
        return self._select([*self.sums("1", _KNOWN_VIEWS), unknown], DECIDED, [MARKET, STRATUM, self.path])

    def alike(self, dimension: str | None) -> str:
        """Stratum, value, path; sums: items that all their markets treat alike."""
        return self._select(self.sums("n", "v"), EACH, [STRATUM, self._value(dimension), "least"], "least = most")

    def mixed(self, dimension: str | None) -> str:
        """Stratum, value; for all decisions, and for each part and its rest: sums, of items treated in several ways."""
        chosen = {ID: f"d.{ID}", STRATUM: f"d.{STRATUM}", "g": self._value(dimension, "d."), "n": "COUNT(*)"}
        chosen["v"] = _sum(_KNOWN_VIEWS)
        sums = self.sums("n", "v")
        for place, of in enumerate(PARTS):
            chosen |= {f"n{place}": _sum("1", self.part(of)), f"v{place}": _sum(_KNOWN_VIEWS, self.part(of))}
            sums += self.sums(f"n{place}", f"v{place}", f"n{place} > 0")
            sums += self.sums(f"(n - n{place})", f"(v - v{place})", f"n > n{place}")
        inner = self.phrases.select(chosen, _SEVERAL_WAYS, "least <> most", [f"d.{ID}", f"d.{STRATUM}", chosen["g"]])
        return self._select(sums, self._nested(inner), [STRATUM, "g"])

    def cells(self, dimension: str | None) -> str:
        """Stratum, value, cell; sums, of items treated in several ways."""
        chosen = {ID: f"d.{ID}", STRATUM: f"d.{STRATUM}", "g": self._value(dimension, "d."), "cell": self.cell}
        by = list(chosen.values())
        chosen |= {"n": "COUNT(*)", "v": _sum(_KNOWN_VIEWS)}
        inner = self.phrases.select(chosen, _SEVERAL_WAYS, "least <> most", by)
        return self._select(self.sums("n", "v"), self._nested(inner), [STRATUM, "g", "cell"])

    def changed(self) -> str:
        """Stratum; how many items end up in another lane somewhere."""
        return self._select(["COUNT(*)"], EACH, [STRATUM], "changed = 1")

    def _value(self, dimension: str | None, table: str = "") -> str:
        """The value that a row is counted under."""
        if dimension is None:
            return f"CAST('' AS {self.phrases.text_type})"
        column = table + self.phrases.name(f"by:{dimension}")
        other = {value for value, under in self.groups[dimension].items() if under != value}
        if not other:
            return column
        kept = self.phrases.listed(sorted(self.groups[dimension].keys() - other))
        return f"CASE WHEN {column} IN {kept} THEN {column} ELSE {self.phrases.text(OTHER)} END"

    # ------------------------------------------------------ uploaders, and what was done

    def creators(self) -> str:
        """Uploader; how many of their items end up in another lane somewhere."""
        return self._select(["COUNT(*)"], EACH, [CREATOR], "changed = 1")

    def creators_of_cells(self) -> str:
        """Cell, uploader; how many of their items are in the cell somewhere, of cells in which lanes differ."""
        return self._select([f"COUNT(DISTINCT {ID})"], DECIDED, [self.cell, CREATOR], self.part(Of.CHANGED))

    def then(self, measures: int) -> str:
        """Stratum, what was done, and what the old version does anywhere, a digit a measure; how many items."""
        digits = [f"CAST(MAX({measure_column(0, place)} % 2) AS {self.phrases.text_type})" for place in range(measures)]
        chosen = {STRATUM: STRATUM, DONE: DONE, "does": f"CONCAT('', {', '.join(digits)})"}
        inner = self.phrases.select(chosen, DECIDED, "", [ID, STRATUM, DONE])
        return self._select(["COUNT(*)"], self._nested(inner), [STRATUM, DONE, "does"])

    # -------------------------------------------------------------- measures

    def measures_by_market(self, pairs: Sequence[Pair]) -> str:
        """Measure, market, stratum, its number under both versions, whether they stand apart; sums."""
        by = ["measure", MARKET, STRATUM, "a", "b", "x"]
        return self._select(self.sums("1", _KNOWN_VIEWS), self._nested(_stated(self.phrases, pairs)), by)

    def measures_by_item(self, pairs: Sequence[Pair]) -> str:
        """Measure, stratum; for each way of counting: items with any of it, items, what they count as, its square;
        then for those of which views are counted: sums of views, all views of such items, and what of these is not
        under it.
        """
        chosen = {"measure": "measure", ID: f"d.{ID}", STRATUM: f"d.{STRATUM}", "v": "MAX(v)"}
        found, viewed = [], []
        for place, (of, sign) in enumerate(SIGNS.items()):
            chosen |= {f"s{place}": _sum(sign), f"a{place}": f"MAX(CASE WHEN {sign} <> 0 THEN 1 ELSE 0 END)"}
            found += [_sum(f"a{place}"), _sum("1", f"s{place} <> 0"), _sum(f"s{place}"), _sum(f"s{place} * s{place}")]
            if of in VIEWED:
                chosen[f"v{place}"] = _sum(_KNOWN_VIEWS, f"{sign} <> 0")
                for views in (f"v{place}", "v", f"(v - v{place})"):
                    viewed += self.sums("0", views, f"v{place} <> 0")[VIEWS_FIRST:]
        stated = f"(\n{_stated(self.phrases, pairs)}\n) AS d JOIN {EACH} AS e ON d.{ID} = e.{ID}"
        inner = self.phrases.select(chosen, stated, "", ["measure", f"d.{ID}", f"d.{STRATUM}"])
        return self._select([*found, *viewed], self._nested(inner), ["measure", STRATUM])

    def all_views(self) -> str:
        """Stratum; sums of views over all items."""
        return self._select(self.sums("0", "v"), EACH, [STRATUM])


_KNOWN_VIEWS = f"COALESCE({VIEWS}, 0)"
_SEVERAL_WAYS = f"{DECIDED} AS d JOIN {EACH} AS e ON d.{ID} = e.{ID}"


def _sum(value: str, where: str = "TRUE") -> str:
    inner = value if where == "TRUE" else f"CASE WHEN {where} THEN {value} ELSE 0 END"
    return f"COALESCE(SUM({inner}), 0)"


def _number(version: int, pair: Pair) -> str:
    place = pair[version]
    return "0" if place is None else measure_column(version, place)


def _stated(phrases: Phrases, pairs: Sequence[Pair]) -> str:
    """A row for each measure that a decision has in any way; measures by their places among the pairs."""
    rows = []
    for number, pair in enumerate(pairs):
        old, new = (_number(version, pair) for version in (0, 1))
        rows.append([str(number), old, new, apart_column(number)])
    stacked = phrases.stacked(DECIDED, ("measure", "a", "b", "x"), rows, (ID, MARKET, STRATUM, VIEWS))
    return phrases.select({name: name for name in _STATED}, f"(\n{stacked}\n) AS every_one", "a <> 0 OR b <> 0")


def _up(test: str) -> str:
    return f"CASE WHEN {test} THEN 1 ELSE 0 END"


def _either(up: str, down: str) -> str:
    return f"CASE WHEN {up} THEN 1 WHEN {down} THEN -1 ELSE 0 END"


_CERTAIN, _MAYBE, _DONE = ((f"a {test}", f"b {test}") for test in (f">= {2 * YES}", f">= {2 * UNKNOWN}", "% 2 = 1"))
# For each way of counting a measure, whether a decision counts up (1), down (-1) or not (0).
SIGNS = {
    Count.OLD_LEAST: _up(_CERTAIN[0]),
    Count.OLD_MOST: _up(_MAYBE[0]),
    Count.NEW_LEAST: _up(_CERTAIN[1]),
    Count.NEW_MOST: _up(_MAYBE[1]),
    Count.CHANGE_LEAST: _either(f"{_CERTAIN[1]} AND NOT {_MAYBE[0]}", f"{_MAYBE[0]} AND NOT {_CERTAIN[1]} AND x = 1"),
    Count.CHANGE_MOST: _either(f"{_MAYBE[1]} AND NOT {_CERTAIN[0]} AND x = 1", f"{_CERTAIN[0]} AND NOT {_MAYBE[1]}"),
    Count.GAINED: _up(f"{_DONE[1]} AND NOT {_DONE[0]}"),
    Count.LOST: _up(f"{_DONE[0]} AND NOT {_DONE[1]}"),
    Count.DONE_OLD: _up(_DONE[0]),
    Count.DONE_NEW: _up(_DONE[1]),
}


def sign(of: Count, old: int, new: int, *, apart: bool) -> int:
    """The same of one decision, by its measure's number under both versions."""
    truths = old // 2, new // 2
    match of:
        case Count.OLD_LEAST | Count.NEW_LEAST:
            return int(truths[of is Count.NEW_LEAST] == YES)
        case Count.OLD_MOST | Count.NEW_MOST:
            return int(truths[of is Count.NEW_MOST] >= UNKNOWN)
        case Count.CHANGE_LEAST:
            up, down = truths[1] == YES and not truths[0], truths[0] >= UNKNOWN and truths[1] != YES and apart
        case Count.CHANGE_MOST:
            up, down = truths[1] >= UNKNOWN and truths[0] != YES and apart, truths[0] == YES and not truths[1]
        case Count.GAINED | Count.DONE_NEW:
            up, down = new % 2 == 1 and (of is Count.DONE_NEW or old % 2 == 0), False
        case _:
            up, down = old % 2 == 1 and (of is Count.DONE_OLD or new % 2 == 0), False
    return int(up) - int(down)
