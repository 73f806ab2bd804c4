"""From the truth of rules to what is done, at one instant: measures, ladders, what is open. It never reads an item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

from assay.engine.kernel.bits import places_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.meaning import holds_at, imposes
from assay.engine.language.pack.calendar import value_by_calendar
from assay.engine.language.pack.classes import MarketClass
from assay.engine.program.lower import Program

# 2^11 entries fill the second-level cache of no machine, and 1,000 rules are 91 pieces.
_PIECE = 11
# A table that fills itself is emptied at this size.
LARGEST_MEMO = 10_000


class Standing(NamedTuple):
    """What the truth of rules comes to, as sets of measures (bit i is the measure at place i).

    true      measures that are certain
    possible  measures that are certain or unknown
    applied   what is done now: certain measures and `until_known` of open rules, on ladders the strongest only
    unsettled measures of which an answer may still change what is done; none means settled
    """

    true: int
    possible: int
    applied: int
    unsettled: int


class Imposed:
    """What each rule imposes while no grace period begins or ends, and what truths of rules come to by it.

    then, until  by rule: the measures it imposes, and those it imposes until it is known
    touches      by rule: both of them
    places       by rule: the places of the measures it imposes
    imposing     by measure: the rules that impose it, as a set of bits
    touching     from a set of measures to the rules that impose one of them, be it until they are known
    measures     how many measures there are
    """

    def __init__(self, program: Program, then: tuple[int, ...], until: tuple[int, ...]) -> None:
        self.then, self.until = then, until
        self.touches = tuple(one | other for one, other in zip(then, until, strict=True))
        measures = program.pack.measures
        self.measures = len(measures.all)
        self.places = tuple(tuple(places_of(imposed)) for imposed in then)
        self.imposing = tuple(_rules_with(place, then) for place in range(self.measures))
        self.touching = union_table(tuple(_rules_with(place, self.touches) for place in range(self.measures)))
        self.measures_of = union_table(self.then)
        # One look-up gives both what open rules may impose and, above it, what they impose in the meantime.
        both = zip(self.then, self.until, strict=True)
        self._open_of = union_table(tuple(then | until << self.measures for then, until in both))
        self._ladders = tuple(sum(1 << measures.index[step.id] for step in ladder.steps) for ladder in measures.ladders)
        self._steps = sum(self._ladders)
        self._strongest, self._below = _ByReached(self._strongest_of), _ByReached(self._below_of)

    @classmethod
    def at(cls, program: Program, as_of: int, known: dict[ByRule, Imposed]) -> Imposed:
        """What is imposed at an instant: one of those that are known, or a new one that is known from then on."""
        rules = program.rules
        then = tuple(_imposed(program, lowered.then, place, as_of) for place, lowered in enumerate(rules))
        until = tuple(_imposed(program, lowered.until_known, place, as_of) for place, lowered in enumerate(rules))
        found = known.get((then, until))
        if found is None:
            found = known[then, until] = cls(program, then, until)
        return found

    @cached_property
    def covering(self) -> tuple[int, ...]:
        """By rule: the other rules that, being true, leave nothing of it to matter: they impose all that it does."""
        settled = []
        for then in self.then:
            below = 0
            for steps in self._ladders:
                reached = then & steps
                # A step settles every step below it.
                below |= steps & ((1 << reached.bit_length()) - 1) if reached else 0
            settled.append(then | below)
        return tuple(
            sum(1 << other for other, all_of_it in enumerate(settled) if other != rule and not touched & ~all_of_it)
            for rule, touched in enumerate(self.touches)
        )

    def standing(self, true: int, possible: int, always: int = 0) -> Standing:
        """What rules that are true, and rules that may be, come to; `always` are measures that are certain anyhow."""
        certain = self.measures_of(true) | always
        waiting = self._open_of(possible & ~true)
        meantime = waiting >> self.measures
        maybe = certain | waiting & (1 << self.measures) - 1
        done, steps = certain | meantime, self._steps
        return Standing(
            certain,
            maybe,
            done & ~steps | self._strongest[done & steps],
            (maybe | meantime) & ~certain & ~self._below[certain & steps],
        )

    def _strongest_of(self, reached: int) -> int:
        """Of steps that are reached, the strongest of each ladder. Stronger steps stand at higher places."""
        return sum(1 << (reached & steps).bit_length() - 1 for steps in self._ladders if reached & steps)

    def _below_of(self, certain: int) -> int:
        """Steps below one that is certain: they change nothing, whichever way they are answered."""
        tops = ((steps, 1 << (certain & steps).bit_length() - 1) for steps in self._ladders if certain & steps)
        return sum(steps & top - 1 for steps, top in tops)


ByRule: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]


def _rules_with(place: int, by_rule: tuple[int, ...]) -> int:
    """The rules that have a measure in their set, as a set of bits."""
    return sum(1 << rule for rule, measures in enumerate(by_rule) if measures >> place & 1)


def _imposed(program: Program, places: tuple[int, ...], rule: int, as_of: int) -> int:
    measures = program.pack.measures.all
    written = program.rules[rule].rule
    return sum(1 << place for place in set(places) if imposes(written, measures[place].after_grace, as_of))


class Regime:
    """A program at one instant: which rules hold where, what they impose, and what the calendar says.

    as_of    microseconds since the epoch
    imposed  what rules impose then; shared by all instants between which no grace period begins or ends
    """

    def __init__(self, program: Program, as_of: int, known: dict[ByRule, Imposed] | None = None) -> None:
        self.program, self.as_of = program, as_of
        self.imposed = Imposed.at(program, as_of, {} if known is None else known)

    def standing(self, true: int, possible: int, always: int = 0) -> Standing:
        """The same as `Imposed.standing`."""
        return self.imposed.standing(true, possible, always)

    def active(self, market: MarketClass, subject: str) -> int:
        """The rules that hold in a market class for a subject at this instant, as a set of bits."""
        found = 0
        for place, lowered in enumerate(self.program.rules):
            here = lowered.markets is None or market.example in lowered.markets
            if here and lowered.rule.subject == subject and holds_at(lowered.rule.period, self.as_of):
                found |= 1 << place
        return found

    @cached_property
    def calendar(self) -> Mapping[str, Mapping[str, MaybeValue]]:
        """What the calendar says: signal, then class name, then value."""
        pack = self.program.pack
        return {
            signal.name: {
                market.name: value_by_calendar(signal, pack.windows, market.example, self.as_of)
                for market in self.program.classes
            }
            for signal in pack.vocabulary.signals
            if signal.calendar is not None
        }


class _ByReached(dict[int, int]):
    """A set of steps for each set of steps that is reached, worked out when it first comes."""

    def __init__(self, work_out: Callable[[int], int]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, reached: int) -> int:
        if len(self) >= LARGEST_MEMO:
            self.clear()
        found = self[reached] = self._work_out(reached)
        return found


def union_table(by_rule: tuple[int, ...]) -> Callable[[int], int]:
    """From a set of rules to the union of what each has, through tables of pieces."""
    tables = []
    for start in range(0, len(by_rule), _PIECE):
        piece = by_rule[start : start + _PIECE]
        table = [0] * (1 << len(piece))
        for number in range(1, len(table)):
            lowest = number & -number
            table[number] = table[number ^ lowest] | piece[lowest.bit_length() - 1]
        tables.append(table)
    first = tables[0] if tables else [0]
    rest = tuple((place * _PIECE, table) for place, table in enumerate(tables) if place)
    low = (1 << _PIECE) - 1

    def union(rules: int) -> int:
        found = first[rules & low]
        for shift, table in rest:
            found |= table[rules >> shift & low]
        return found

    return union
