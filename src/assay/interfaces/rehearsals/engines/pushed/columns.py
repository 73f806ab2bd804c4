"""A history's own columns as SQL: how each row is read, and what is wrong with it. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.history.layout import (
    CREATOR,
    DAY_COLUMN,
    DONE,
    HOUR,
    ID,
    ONE_STRATUM,
    PROBABILITY,
    STRATUM,
    SUBJECT,
    views_column,
)
from assay.engine.backtest.history.needs import FIRST_DAY, LAST_DAY, Needs
from assay.engine.backtest.history.own import LEAST_PROBABILITY, MOST_VIEWS
from assay.engine.backtest.replay.counting.draw import CERTAIN
from assay.engine.decision.item import LONGEST_ID
from assay.engine.language.pack.classes import REST
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.lower import Program
from assay.interfaces.histories.files import History
from assay.interfaces.rehearsals.engines.pushed.phrases import Phrases
from assay.interfaces.rehearsals.engines.pushed.signals import NotPushed, SignalColumn

# The table that holds the rows, and the columns that are made of them. No name of the layout begins like these.
SOURCE, MARKET, VIEWS, WEIGHT = "history", "market", "seen", "weight"
VERSIONS = ("a", "b")


@dataclass(frozen=True)
class Columns:
    """The columns of a history, for two versions of a pack.

    programs  the version in force and the candidate
    asked     the markets that are asked for; None is all
    """

    phrases: Phrases
    history: History
    needs: Needs
    programs: tuple[Program, Program]
    asked: tuple[str, ...] | None = None

    @cached_property
    def kinds(self) -> Mapping[str, Any]:
        """The Arrow type of each column, which is one in all files.

        raises  NotPushed where two files have two types for it
        """
        found: dict[str, Any] = {}
        for schema in self.history.schemas:
            for field in schema:
                kind = _bare(field.type)
                if found.setdefault(field.name, kind) != kind:
                    raise NotPushed(f"the column `{field.name}` has two types in the files")
        return found

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets in which rows are decided."""
        own = self.history.markets
        return self.asked if self.asked is not None and own else own or (ELSEWHERE,)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What rows are told apart by."""
        return tuple([name for name in self.needs.dimensions if name in self.kinds and self._is_text(name)])

    @property
    def beside(self) -> tuple[str, ...]:
        """What else is known of a row: its uploader, and what was done then."""
        wanted = ((CREATOR, self.needs.creators), (DONE, self.needs.done))
        return tuple([name for name, needed in wanted if needed and name in self.kinds])

    def _is_text(self, name: str) -> bool:
        kind = self.kinds[name]
        plain = kind.value_type if pa.types.is_dictionary(kind) else kind
        return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain) or pa.types.is_null(plain))

    # --------------------------------------------------------------- what is read

    def signals(self, version: int) -> Iterator[SignalColumn]:
        """The signals that the versions' rules read, as far as this version knows them and the rows say them."""
        vocabulary = self.programs[version].pack.vocabulary
        for declared in self.needs.signals:
            signal = vocabulary.by_name.get(declared[0].name)
            if signal is None:
                continue
            kind = self.kinds.get(signal.name)
            if signal.calendar is None or kind is not None:
                yield SignalColumn(self.phrases, signal, kind)

    def column_of(self, version: int, signal: str) -> str:
        """The column in which a version finds a signal."""
        return f"{VERSIONS[version]}:{signal}"

    def placed(self) -> str:
        """A query with a row for every market that a row of the history reached, or may have; of the period only."""
        name, phrases = self.phrases.name, self.phrases
        chosen = {ID: self.own(ID), "as_of": phrases.first_moments(self.own(DAY_COLUMN)), STRATUM: self.stratum}
        chosen |= {WEIGHT: f"1.0 / {self.probability}", MARKET: "m.market"}
        chosen |= {f"by:{one}": self.word(one) for one in self.dimensions}
        chosen |= {one: self.word(one) for one in self.beside}
        chosen |= {f"class_{one}": f"m.class_{one}" for one in VERSIONS} | {VIEWS: self._views}
        for version in range(2):
            for found in self.signals(version):
                chosen[self.column_of(version, found.signal.name)] = found.value(SOURCE, "m.market")
        places = ", ".join([phrases.listed(place) for place in self._places()])
        table = f"{name(SOURCE)} AS {SOURCE} CROSS JOIN (VALUES {places}) AS m(market, class_a, class_b)"
        reached = f"({self._views} IS NULL OR {self._views} <> 0)"
        return phrases.select(chosen, table, f"NOT ({self.aside}) AND {reached}")

    def _places(self) -> list[list[str]]:
        return [[market, *(_class_of(program, market) for program in self.programs)] for market in self.markets]

    @property
    def _views(self) -> str:
        """The views in the row's market, NULL where they are unknown."""
        if not self.history.markets:
            return "CAST(NULL AS BIGINT)"
        cases = [
            f"WHEN {self.phrases.text(market)} THEN CAST({self.own(views_column(market))} AS BIGINT)"
            for market in self.markets
        ]
        return f"CASE m.market {' '.join(cases)} END"

    @property
    def stratum(self) -> str:
        """The stratum of a row; what was taken with certainty is one of its own."""
        return f"CASE WHEN {self.probability} >= 1.0 THEN {self.phrases.text(CERTAIN)} ELSE {self.own_stratum} END"

    @property
    def own_stratum(self) -> str:
        """The stratum of a row as the history names it."""
        return self.word(STRATUM) if STRATUM in self.kinds else f"CAST('{ONE_STRATUM}' AS {self.phrases.text_type})"

    @property
    def probability(self) -> str:
        """The probability with which a row was drawn."""
        return f"CAST({self.own(PROBABILITY)} AS DOUBLE)" if PROBABILITY in self.kinds else "CAST(1 AS DOUBLE)"

    def word(self, name: str) -> str:
        """A column of words; the empty one is unknown."""
        return f"COALESCE({self.own(name)}, '')"

    def own(self, name: str) -> str:
        """A column of the history itself."""
        return f"{SOURCE}.{self.phrases.name(name)}"

    @property
    def day(self) -> str:
        """The days since 1970 of a row's day."""
        return self.phrases.days(self.own(DAY_COLUMN))

    # --------------------------------------------------------------- what is wrong

    @property
    def aside(self) -> str:
        """Where a row is outside of the period that is asked for."""
        return f"NOT ({self.day} BETWEEN {self.needs.since} AND {self.needs.until})"

    def wrong(self) -> dict[str, str]:
        """By column, what makes a row one that is refused. NULL says the same as false."""
        id_column, day = self.own(ID), self.own(DAY_COLUMN)
        found = {
            ID: f"{id_column} IS NULL OR length({id_column}) NOT BETWEEN 1 AND {LONGEST_ID}",
            DAY_COLUMN: f"{day} IS NULL OR {self.day} NOT BETWEEN {FIRST_DAY} AND {LAST_DAY}",
        }
        if PROBABILITY in self.kinds:
            drawn = self.probability
            found[PROBABILITY] = (
                f"{drawn} IS NULL OR {self.phrases.is_nan(drawn)} OR {drawn} < {LEAST_PROBABILITY!r} OR {drawn} > 1.0"
            )
        if HOUR in self.kinds:
            found[HOUR] = f"{self.own(HOUR)} NOT BETWEEN 0 AND 23"
        for market in self.history.markets:
            column = views_column(market)
            found[column] = f"{self.own(column)} NOT BETWEEN 0 AND {MOST_VIEWS}"
        for declared in self.needs.signals:
            tests = [test for signal in declared for test in self._wrong_values(signal)]
            if tests:
                found[declared[0].name] = " OR ".join(dict.fromkeys(tests))
        return found

    def _wrong_values(self, signal: Signal) -> Sequence[str]:
        return SignalColumn(self.phrases, signal, self.kinds.get(signal.name)).wrong(SOURCE, self.needs.markets)

    @property
    def other_subjects(self) -> str | None:
        """Where a row is no item; None where all are."""
        return f"{self.own(SUBJECT)} NOT IN ('item', '')" if SUBJECT in self.kinds else None


def _class_of(program: Program, market: str) -> str:
    if market == ELSEWHERE:
        return REST
    return next((found.name for found in program.classes if market in found.codes), "")


def _bare(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
