"""What a history comes to, and which of its rows are wrong, as an engine counts it. It leaves no row out in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.history.facts import Facts
from assay.engine.backtest.history.layout import CREATOR, HOUR, LABELS, PROBABILITY, STRATUM, SUBJECT, views_column
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY
from assay.interfaces.rehearsals.engines.pushed.columns import SOURCE, Columns
from assay.interfaces.rehearsals.engines.pushed.signals import SignalColumn
from assay.interfaces.rehearsals.engines.pushed.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Checking:
    """Asks an engine what rows are like."""

    warehouse: Warehouse
    columns: Columns

    def faults(self) -> list[Fault]:
        """Rows that would be left out, by column: with one of them the counts would not be those of other engines."""
        columns = self.columns
        tests = columns.wrong()
        if columns.other_subjects is not None:
            tests[SUBJECT] = columns.other_subjects
        counted = {f"c{place}": f"COUNT(CASE WHEN {test} THEN 1 END)" for place, test in enumerate(tests.values())}
        found = self._rows(columns.phrases.select(counted, SOURCE))[0]
        faults = [
            Fault("wrong-rows", f"`{name}`: {int(rows):,} rows that {_DOES.get(name, _IS_WRONG)}", name)
            for name, rows in zip(tests, found, strict=True)
            if rows
        ]
        return faults or self._uneven()

    def _uneven(self) -> list[Fault]:
        """Strata of which rows have several probabilities: sums of their weights depend on who adds them up."""
        columns, phrases = self.columns, self.columns.phrases
        if PROBABILITY not in columns.kinds:
            return []
        inside = f"NOT ({columns.aside})"
        chosen = {"s": columns.stratum, "n": f"COUNT(DISTINCT {columns.probability})"}
        uneven = [
            name
            for name, several in self._rows(phrases.select(chosen, SOURCE, inside, [columns.stratum]))
            if several > 1
        ]
        words = "in the stratum `{}` rows were drawn with several probabilities"
        return [Fault("uneven-stratum", words.format(name), STRATUM) for name in sorted(uneven)]

    def facts(self, into: Facts) -> int:
        """Counts what the history comes to; returns how many rows are outside of the period asked for."""
        columns, phrases = self.columns, self.columns.phrases
        inside = f"NOT ({columns.aside})"
        day = columns.day
        for number, rows in self._rows(phrases.select({"d": day, "n": "COUNT(*)"}, SOURCE, inside, [day])):
            into.days[int(number) * DAY] = int(rows)
            into.rows += int(rows)
        self._strata(into, inside)
        declared = columns.needs.declared
        known = [SignalColumn(phrases, signal, columns.kinds.get(signal.name)).known(SOURCE) for signal in declared]
        tests = [*known, self._has(CREATOR, "<> ''"), self._has(HOUR, ">= 0"), self._has(LABELS, "IS NOT NULL")]
        counted = {f"c{place}": f"COUNT(CASE WHEN {test} THEN 1 END)" for place, test in enumerate(tests)}
        *found, creators, hours, labels = self._rows(phrases.select(counted, SOURCE, inside))[0]
        for signal, rows in zip(declared, found, strict=True):
            into.know(signal.name, int(rows))
        into.has_creators, into.has_hours, into.labels = creators > 0, hours > 0, int(labels)
        self._markets(into, inside)
        return int(self._rows(phrases.select({"n": f"COUNT(CASE WHEN {columns.aside} THEN 1 END)"}, SOURCE))[0][0])

    def _strata(self, into: Facts, inside: str) -> None:
        columns = self.columns
        chosen = {"s": columns.own_stratum, "p": columns.probability, "n": "COUNT(*)"}
        found = self._rows(columns.phrases.select(chosen, SOURCE, inside, list(chosen.values())[:2]))
        for name, probability, rows in sorted(found):
            into.drawn(str(name), int(rows), float(probability))

    def _markets(self, into: Facts, inside: str) -> None:
        columns = self.columns
        into.has_views = bool(columns.history.markets)
        if not into.has_views:
            into.markets[ELSEWHERE] = (into.rows, 0)
            return
        for market in columns.markets:
            views = columns.own(views_column(market))
            chosen = {
                "n": f"COUNT(CASE WHEN {views} IS NULL OR {views} <> 0 THEN 1 END)",
                "v": f"COALESCE(SUM({views}), 0)",
            }
            rows, seen = self._rows(columns.phrases.select(chosen, SOURCE, inside))[0]
            into.markets[market] = (int(rows), int(seen))

    def _has(self, name: str, test: str) -> str:
        return f"{self.columns.own(name)} {test}" if name in self.columns.kinds else "FALSE"

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.warehouse.rows(query)


_IS_WRONG = "have a value that is none"
_DOES = {SUBJECT: "are no items but accounts or campaigns"}
