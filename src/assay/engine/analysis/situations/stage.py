"""Where a proof takes place: signals, market classes, stretches of time, subjects. It says nothing of any rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assay.engine.kernel.instants import DAY
from assay.engine.language.expression.syntax import Compare, Expression, In, ListLiteral, Literal, Name, walk
from assay.engine.language.pack.calendar import value_by_calendar
from assay.engine.language.pack.classes import MarketClass, classes_of, sets_apart
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import MARKET_WORD, SUBJECTS, Vocabulary
from assay.engine.program.smt.formula import ALWAYS, Axis, Formula, Known, Within, every, some


@dataclass(frozen=True)
class Stage:
    """What every claim about a pack, or about two packs, has in common.

    markets  classes that neither rules, windows nor promises tell apart
    epochs   the instants at which something begins or ends, the first of them the day of the proof; each stands for
             all time up to the next, the last for all time after it
    silent   for signals of the calendar: the pairs of market and epoch for which it has no value
    """

    vocabulary: Vocabulary
    markets: tuple[MarketClass, ...]
    epochs: tuple[int, ...]
    silent: Mapping[str, frozenset[tuple[int, int]]]
    _said: dict[tuple[str, int], Formula] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def sizes(self) -> Mapping[Axis, int]:
        """How many places each axis has."""
        return {Axis.MARKET: len(self.markets), Axis.EPOCH: len(self.epochs), Axis.SUBJECT: len(SUBJECTS)}

    def within(self, axis: Axis, places: Iterable[int]) -> Formula:
        """That the situation lies in some places; simply true where these are all of them."""
        kept = frozenset(places)
        return ALWAYS if len(kept) == self.sizes[axis] else Within(axis, kept)

    def in_markets(self, codes: Iterable[str] | None) -> Formula:
        """That the market is one of these; None is everywhere."""
        if codes is None:
            return ALWAYS
        wanted = frozenset(codes)
        return self.within(Axis.MARKET, (place for place, one in enumerate(self.markets) if one.example in wanted))

    def between(self, start: int | None, until: int | None) -> Formula:
        """That the instant lies between two, of which the second is excluded; None is no bound."""
        return self.within(
            Axis.EPOCH,
            (
                place
                for place, instant in enumerate(self.epochs)
                if (start is None or instant >= start) and (until is None or instant < until)
            ),
        )

    def of_subject(self, subject: str) -> Formula:
        """That the decision is about an item, an account or a campaign."""
        return Within(Axis.SUBJECT, frozenset((SUBJECTS.index(subject),)))

    @property
    def within_first_epoch(self) -> Formula:
        """That it is the day of the proof."""
        return self.within(Axis.EPOCH, (0,))

    def end_of(self, epoch: int) -> int | None:
        """When an epoch ends; None for the last."""
        return self.epochs[epoch + 1] if epoch + 1 < len(self.epochs) else None

    def calendar(self, signals: Iterable[str], point: int = 0) -> Formula:
        """That signals of the calendar are unknown only where the calendar has no value for them."""
        return every(self._calendar(name, point) for name in sorted(set(signals)) if name in self.silent)

    def _calendar(self, name: str, point: int) -> Formula:
        key = (name, point)
        if key not in self._said:
            by_markets: dict[frozenset[int], list[int]] = {}
            for epoch in range(len(self.epochs)):
                markets = frozenset(market for market, when in self.silent[name] if when == epoch)
                by_markets.setdefault(markets, []).append(epoch)
            silent = (
                every((self.within(Axis.MARKET, markets), self.within(Axis.EPOCH, epochs)))
                for markets, epochs in by_markets.items()
                if markets
            )
            self._said[key] = some((Known(name, point), *silent))
        return self._said[key]


def stage_of(packs: Iterable[Pack], vocabulary: Vocabulary, as_of: int) -> Stage:
    """The stage for one pack, or for several whose words are joined in one vocabulary."""
    given = tuple(packs)
    sets: set[frozenset[str]] = set()
    instants: set[int] = set()
    for pack in given:
        sets |= sets_apart(pack) | _promised_markets(pack)
        instants |= _instants(pack, vocabulary)
    markets = classes_of(given[0].markets, sets)
    epochs = (as_of, *sorted(instant for instant in instants if instant > as_of))
    return Stage(vocabulary, markets, epochs, _silent(given, vocabulary, markets, epochs))


def _silent(
    packs: tuple[Pack, ...], vocabulary: Vocabulary, markets: tuple[MarketClass, ...], epochs: tuple[int, ...]
) -> Mapping[str, frozenset[tuple[int, int]]]:
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for signal in vocabulary.signals:
        if signal.calendar is not None:
            found[signal.name] = frozenset(
                (place, number)
                for place, market in enumerate(markets)
                for number, instant in enumerate(epochs)
                if any(value_by_calendar(signal, pack.windows, market.example, instant) is None for pack in packs)
            )
    return found


def _instants(pack: Pack, vocabulary: Vocabulary) -> set[int]:
    """When something that matters to a claim begins or ends."""
    found: set[int | None] = set()
    for rule in pack.rules:
        found |= {rule.period.effective, rule.period.sunset, rule.grace_until}
    for duty in pack.obligations:
        if duty.property is not None:
            found |= {duty.effective, duty.until}
    kinds = {signal.calendar.kind for signal in vocabulary.signals if signal.calendar is not None}
    for window in pack.windows:
        if window.kind in kinds:
            # A vote is ahead up to the end of its day.
            found |= {window.start, window.until, None if window.poll is None else (window.poll // DAY + 1) * DAY}
    return {instant for instant in found if instant is not None}


def _promised_markets(pack: Pack) -> set[frozenset[str]]:
    """The sets of markets that promises tell apart."""
    sets = {duty.reach for duty in pack.obligations if duty.property is not None and duty.reach}
    sets |= {pack.markets.reach(named.name) for scenario in pack.protected for named in scenario.markets}
    for expression in _promises(pack):
        for node in walk(expression):
            match node:
                case Compare(_, Name(path), Literal(value)) | Compare(_, Literal(value), Name(path)):
                    sets |= {frozenset((str(value),))} if path == MARKET_WORD else set()
                case In(Name(path), ListLiteral(items)) if path == MARKET_WORD:
                    sets |= {frozenset((str(item.value),)) for item in items}
    return sets


def _promises(pack: Pack) -> list[Expression]:
    found = [invariant.holds for invariant in pack.measures.invariants]
    found += [harm.when.expression for harm in pack.harms.harms]
    for duty in pack.obligations:
        if duty.property is not None:
            found += [duty.property.when.expression, duty.property.requires.expression]
    return found
