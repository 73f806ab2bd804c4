"""The query that decides every row of a history by both versions, each answer as a small number. It never runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assay.engine.backtest.history.layout import ID, STRATUM
from assay.engine.backtest.replay.treatment import Lanes
from assay.engine.language.pack.measures import Measure, Measures
from assay.engine.program.lower import Program
from assay.engine.program.sql.layout import Layout
from assay.engine.program.sql.query import SqlQuery, compile_sql
from assay.interfaces.rehearsals.engines.pushed.apart import Apart, Imposing, Sides
from assay.interfaces.rehearsals.engines.pushed.columns import MARKET, VERSIONS, VIEWS, WEIGHT, Columns
from assay.interfaces.rehearsals.engines.pushed.signals import NotPushed

# What a measure's number holds: twice its truth (0 no, 1 unknown, 2 yes), and 1 more where it is done now.
NO, UNKNOWN, YES = range(3)


def lane_column(version: int) -> str:
    """The column with the rank of a row's lane."""
    return f"lane_{VERSIONS[version]}"


def open_column(version: int) -> str:
    """The column that says whether an answer may still change what is done."""
    return f"open_{VERSIONS[version]}"


def measure_column(version: int, place: int) -> str:
    """The column with a measure's number."""
    return f"m_{VERSIONS[version]}_{place}"


def apart_column(pair: int) -> str:
    """The column that says whether a condition sets a measure of both versions apart, as 0 or 1."""
    return f"x_{pair}"


def _rule_column(rule: int) -> str:
    """The column that says whether a rule of the old version may hold, as 0 or 1."""
    return f"h_{rule}"


@dataclass(frozen=True)
class Decided:
    """Writes the query; its rows are items in markets.

    lanes  what the ranks of lanes stand for
    apart  the conditions that set measures apart
    """

    columns: Columns
    lanes: Lanes
    apart: Apart

    def query(self) -> str:
        """The whole of it."""
        name = self.columns.phrases.name
        first, second = (self._of_version(version) for version in range(2))
        steps = {
            "placed": self.columns.placed(),
            "old": first.text,
            "between": self._kept(0, first, "old"),
            "new": second.text,
        }
        written = ",\n".join([f"{name(step)} AS (\n{text}\n)" for step, text in steps.items()])
        return f"WITH {written}\n{self._kept(1, second, 'new')}"

    def _of_version(self, version: int) -> SqlQuery:
        program = self.columns.programs[version]
        signals = {found.signal.name for found in self.columns.signals(version)}
        layout = Layout(
            ID,
            f"class_{VERSIONS[version]}",
            "as_of",
            holds_classes=True,
            columns={signal: self.columns.column_of(version, signal) for signal in signals},
            keep=tuple(self._carried(version)),
            said=frozenset(signals),
        )
        table = "placed" if version == 0 else "between"
        try:
            return compile_sql(program, self.columns.phrases.dialect, table=table, with_rules=True, layout=layout)
        except ValueError as error:
            # Two signals of which the names differ in capitals alone would be one column.
            raise NotPushed(str(error)) from None

    @cached_property
    def _sides(self) -> list[Mapping[tuple[Sides, ...], list[str]]]:
        return [self.apart.by_market(pair) for pair in range(len(self.apart.pairs))]

    @cached_property
    def _old_rules(self) -> list[int]:
        """The rules of the old version that set measures apart."""
        every = [sides for by_market in self._sides for conditions in by_market for sides in conditions]
        return sorted({imposing.rule for old, _ in every for imposing in old})

    @property
    def groups(self) -> list[str]:
        """The columns that rows are counted by."""
        columns = self.columns
        return [MARKET, STRATUM, WEIGHT, *(f"by:{one}" for one in columns.dimensions), *columns.beside]

    def _carried(self, version: int) -> list[str]:
        """The columns that a version's query hands on unchanged."""
        found = [*self.groups, VIEWS]
        if version == 1:
            return found + self._answers(0) + [_rule_column(rule) for rule in self._old_rules]
        other = [self.columns.column_of(1, each.signal.name) for each in self.columns.signals(1)]
        return [*found, f"class_{VERSIONS[1]}", *other]

    def _answers(self, version: int) -> list[str]:
        measures = self.columns.programs[version].pack.measures.all
        return [
            lane_column(version),
            open_column(version),
            *(measure_column(version, place) for place in range(len(measures))),
        ]

    def _kept(self, version: int, query: SqlQuery, step: str) -> str:
        """A version's answers as numbers, beside the columns that are handed on."""
        name = self.columns.phrases.name
        handed = [ID, "as_of", *self._carried(version)]
        if version == 1:
            handed = [one for one in handed if one not in map(_rule_column, self._old_rules)]
        answers = _Answers(self.columns.programs[version], self.lanes, query, name, self.columns.phrases.text)
        made = {
            lane_column(version): answers.lane(),
            open_column(version): answers.is_open(),
            **{
                measure_column(version, place): answers.number(measure)
                for place, measure in enumerate(answers.measures.all)
            },
        }
        if version == 0:
            made |= {_rule_column(rule): answers.may_hold(rule) for rule in self._old_rules}
        else:
            made |= {apart_column(pair): answers.apart(self._sides[pair]) for pair in range(len(self.apart.pairs))}
        return self.columns.phrases.select({one: f"q.{name(one)}" for one in handed} | made, f"{name(step)} AS q")


@dataclass(frozen=True, slots=True)
class _Answers:
    """One version's truth of measures, as what is done and what is open."""

    program: Program
    lanes: Lanes
    query: SqlQuery
    name: Callable[[str], str]
    text: Callable[[str], str]

    @property
    def measures(self) -> Measures:
        return self.program.pack.measures

    def lane(self) -> str:
        """The strongest lane that something done names."""
        by_rank: dict[int, list[str]] = {}
        for measure in self.measures.all:
            rank = self.lanes.rank_of(measure.id)
            if rank:
                by_rank.setdefault(rank, []).append(self._applied(measure))
        cases = [f"WHEN {' OR '.join(by_rank[rank])} THEN {rank}" for rank in sorted(by_rank, reverse=True)]
        return f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"

    def is_open(self) -> str:
        """Whether something is open, as 0 or 1."""
        tests = [self._unsettled(measure) for measure in self.measures.all]
        return f"CASE WHEN {' OR '.join(tests)} THEN 1 ELSE 0 END" if tests else "0"

    def number(self, measure: Measure) -> str:
        """A measure's truth and whether it is done, as one number."""
        certain, unknown = self._truth(measure), self._unknown(measure)
        truth = f"CASE WHEN {certain} THEN {2 * YES} WHEN {unknown} THEN {2 * UNKNOWN} ELSE {2 * NO} END"
        return f"({truth} + CASE WHEN {self._applied(measure)} THEN 1 ELSE 0 END)"

    def may_hold(self, rule: int) -> str:
        """Whether a rule is true or unknown, as 0 or 1."""
        return f"CASE WHEN {self._may_hold(rule)} THEN 1 ELSE 0 END"

    def apart(self, by_market: Mapping[tuple[Sides, ...], Sequence[str]]) -> str:
        """Whether some condition may hold for one version only, as 0 or 1; of the old one, rules are columns."""
        cases = []
        for sides, markets in by_market.items():
            tests = [
                f"({self._any(old, lambda rule: f'q.{_rule_column(rule)} = 1')}) <> ({self._any(new, self._may_hold)})"
                for old, new in sides
            ]
            here = f"q.{self.name(MARKET)} IN ({', '.join(map(self.text, markets))})"
            cases.append(f"WHEN {here} AND ({' OR '.join(tests)}) THEN 1")
        return f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"

    def _any(self, imposing: Sequence[Imposing], may_hold: Callable[[int], str]) -> str:
        found = [
            f"({may_hold(one.rule)} AND q.as_of >= {one.since})" if one.since is not None else may_hold(one.rule)
            for one in imposing
        ]
        return " OR ".join(found) or "FALSE"

    def _may_hold(self, rule: int) -> str:
        reference = self.program.rules[rule].rule.ref
        return f"COALESCE(q.{self.name(self.query.rules[reference])}, TRUE)"

    def _truth(self, measure: Measure) -> str:
        return f"q.{self.name(self.query.measures[measure.id])}"

    def _unknown(self, measure: Measure) -> str:
        return f"{self._truth(measure)} IS NULL"

    def _certain(self, measure: Measure) -> str:
        return f"COALESCE({self._truth(measure)}, FALSE)"

    def _reached(self, measure: Measure) -> str:
        return f"({self._certain(measure)} OR q.{self.name(self.query.meanwhile[measure.id])})"

    def _applied(self, measure: Measure) -> str:
        """Whether it is done now: on a ladder the strongest step only."""
        above = " OR ".join(self._reached(step) for step in self._stronger(measure))
        return f"({self._reached(measure)} AND NOT ({above}))" if above else self._reached(measure)

    def _unsettled(self, measure: Measure) -> str:
        """Whether an answer may still change it: of a step, only where no stronger one is certain."""
        meanwhile = f"q.{self.name(self.query.meanwhile[measure.id])}"
        maybe = f"({self._unknown(measure)} OR ({meanwhile} AND NOT {self._certain(measure)}))"
        above = " OR ".join(self._certain(step) for step in self._stronger(measure))
        return f"({maybe} AND NOT ({above}))" if above else maybe

    def _stronger(self, measure: Measure) -> list[Measure]:
        """The steps of its ladder above it, as the pack orders them."""
        index = self.measures.index
        for ladder in self.measures.ladders:
            steps = [step.id for step in ladder.steps]
            if measure.id in steps:
                return [one for one in self.measures.all if one.id in steps and index[one.id] > index[measure.id]]
        return []
