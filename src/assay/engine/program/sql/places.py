"""Markets and time as SQL: market classes, periods, and what the calendar says. It never reads a signal's column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlglot import expressions as exp

from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.classes import MarketClass
from assay.engine.language.pack.policy import Period
from assay.engine.language.pack.vocabulary import Signal
from assay.engine.program.sql.dialects import kind_of, type_of
from assay.engine.program.sql.logic import Sql, both, bracketed, compare, constant, text, whole


@dataclass(frozen=True, slots=True)
class Places:
    """Where and when a row is decided.

    market  its market class, each time as a new tree
    as_of   its instant, in microseconds since 1970
    """

    dialect: str
    classes: tuple[MarketClass, ...]
    market: Callable[[], Sql]
    as_of: Callable[[], Sql]

    def within(self, markets: frozenset[str] | None) -> list[Sql]:
        """What must hold for the row to be in some markets; nothing for all of them."""
        if markets is None:
            return []
        names = [found.name for found in self.classes if found.example in markets]
        if not names:
            return [constant(holds=False)]
        if len(names) == 1:
            return [compare("==", self.market(), text(names[0]))]
        return [exp.In(this=self.market(), expressions=[text(name) for name in names])]

    def during(self, period: Period) -> list[Sql]:
        """What must hold for the row to be in a period."""
        return self.between(period.effective, period.sunset)

    def between(self, start: int | None, until: int | None) -> list[Sql]:
        """What must hold for the row's instant to be at or after one and before another."""
        found = [] if start is None else [compare(">=", self.as_of(), whole(start))]
        return found if until is None else [*found, compare("<", self.as_of(), whole(until))]

    def by_calendar(self, signal: Signal, windows: Sequence[Window]) -> Sql:
        """What the calendar gives a signal; NULL where it does not say."""
        source = signal.calendar
        assert source is not None  # noqa: S101 (asked for calendar signals only)
        here = [window for window in windows if window.kind == source.kind]
        unknown = exp.cast(exp.null(), exp.DataType.build(type_of(kind_of(signal), self.dialect), dialect=self.dialect))
        if source.gives == "days_to":
            return self._days_to(signal, here, unknown)
        cases = exp.Case()
        for phase in reversed(signal.value_names):
            for window in (window for window in here if window.phase == phase):
                condition = both([*self.within(window.markets), *self.between(window.start, window.until)])
                cases = cases.when(condition, text(phase), copy=False)
        otherwise = unknown if source.otherwise is None else text(source.otherwise)
        return cases.else_(otherwise, copy=False) if cases.args.get("ifs") else otherwise

    def _days_to(self, signal: Signal, windows: Iterable[Window], unknown: Sql) -> Sql:
        """The days to the next poll: of the polls in order, the first whose day is not over."""
        dated = [(window.poll // DAY, window) for window in windows if window.poll is not None]
        polls = sorted(dated, key=lambda pair: pair[0])
        cases = exp.Case()
        for day, window in polls:
            condition = both([*self.within(window.markets), *self.between(None, (day + 1) * DAY)])
            left = exp.Sub(this=whole(day), expression=bracketed(self._day()))
            days = left if signal.integer else exp.cast(exp.Paren(this=left), exp.DataType.Type.DOUBLE)
            cases = cases.when(condition, days, copy=False)
        return cases.else_(unknown, copy=False) if polls else unknown

    def _day(self) -> Sql:
        """The days since 1970. Less what is over, so that every engine's division is exact, also before 1970."""
        signed = exp.Paren(this=exp.Mod(this=self.as_of(), expression=whole(DAY)))
        raised = exp.Paren(this=exp.Add(this=signed, expression=whole(DAY)))
        over = exp.Mod(this=raised, expression=whole(DAY))
        begun = exp.Sub(this=self.as_of(), expression=exp.Paren(this=over))
        return exp.cast(exp.Div(this=exp.Paren(this=begun), expression=whole(DAY)), exp.DataType.Type.BIGINT)


def class_of(market: Sql, classes: Sequence[MarketClass]) -> Sql:
    """The class of a market, by its code; empty for a market that no class has, where only worldwide rules hold."""
    found = exp.Case()
    for one in classes:
        codes: list[Sql] = [text(code) for code in sorted(one.codes)]
        found = found.when(exp.In(this=market.copy(), expressions=codes), text(one.name), copy=False)
    return found.else_(text(""), copy=False)
