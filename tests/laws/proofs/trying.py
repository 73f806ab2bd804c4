"""What a pack says of every item in every market at every time, by the reference meaning. It tests nothing.

A rule can be open by Kleene's tables although every answer decides it alike. It *seems* open: when an item is decided,
such a rule is closed by exhaustion. Both readings can be tried, and most packs have no such rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import NamedTuple

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth, all_of, any_of, negate, truth_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.syntax import And, Expression, Not, Or, signals_of
from assay.engine.language.meaning import Case, imposes, meaning_of, rule_meaning, scopes_of
from assay.engine.language.pack.calendar import value_by_calendar
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.promises.words import promise_vocabulary
from assay.engine.language.pack.vocabulary import MARKET_WORD, MEASURES_WORD, SUBJECTS, Vocabulary
from tests.laws.proofs.small.packs import AS_OF, LATER, TRIED_MARKETS
from tests.laws.proofs.small.words import values_of

Item = tuple[MaybeValue, ...]


class Place(NamedTuple):
    """Where an item is decided: market, instant, subject, and its id, which rollouts hash."""

    market: str
    as_of: int
    subject: str
    id: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a pack says of an item at a place.

    rules    the truth of every rule, by reference
    by_true  measures that rules which are true impose, each with its rule
    by_open  measures that open rules impose until they are known, each with its rule
    waiting  measures that open rules may still impose
    """

    rules: Mapping[str, Truth]
    by_true: frozenset[tuple[str, str]]
    by_open: frozenset[tuple[str, str]]
    waiting: frozenset[str]

    @property
    def certain(self) -> frozenset[str]:
        return frozenset(measure for _, measure in self.by_true)

    @property
    def doing(self) -> frozenset[tuple[str, str]]:
        """The measures that are done now, each with a rule that does it."""
        return self.by_true | self.by_open

    @property
    def done(self) -> frozenset[str]:
        return frozenset(measure for _, measure in self.doing)

    @property
    def maybe(self) -> frozenset[str]:
        """The measures that are done now or may be imposed yet."""
        return self.done | self.waiting


NOTHING = Said({}, frozenset(), frozenset(), frozenset())


class Tried:
    """A small pack, with every item and every place there is.

    closing  whether rules that only seem open are closed
    """

    def __init__(self, pack: Pack, *, closing: bool = False) -> None:
        self.pack, self.closing = pack, closing
        self.names = tuple(signal.name for signal in pack.vocabulary.signals)
        self.values = tuple(values_of(signal) for signal in pack.vocabulary.signals)
        self.complete: list[Item] = list(product(*self.values))
        self.items: list[Item] = list(product(*((*values, None) for values in self.values)))
        self.places = [Place(*each) for each in product(self._markets(), self._instants(), *self._who())]
        self.words = promise_vocabulary(pack)
        self._reads: dict[str, tuple[int, ...]] = {}
        self._truths: dict[tuple[str, Place, Item], Truth] = {}
        self._said: dict[tuple[Place, Item], Said] = {}

    # ------------------------------------------------------------------ places

    def _markets(self) -> tuple[str, ...]:
        pack = self.pack
        apart = any(rule.markets for rule in pack.rules) or bool(pack.windows) or len(_market_lists(pack)) > 0
        return TRIED_MARKETS if apart else TRIED_MARKETS[:1]

    def _instants(self) -> tuple[int, ...]:
        pack = self.pack
        bounds = {bound for rule in pack.rules for bound in (rule.period.effective, rule.period.sunset)}
        bounds |= {rule.grace_until for rule in pack.rules}
        bounds |= {bound for duty in pack.obligations for bound in (duty.effective, duty.until)}
        return (AS_OF, *LATER) if bounds != {None} or pack.windows else (AS_OF,)

    def _who(self) -> tuple[tuple[str, ...], list[str]]:
        """Subjects; and ids of which each lies in other rollouts."""
        spoken = {rule.subject for rule in self.pack.rules} | {
            signal.subject for signal in self.pack.vocabulary.signals
        }
        return tuple(subject for subject in SUBJECTS if subject in spoken), ids_for(self.pack)

    def can_be(self, item: Item, place: Place) -> bool:
        """Whether an item leaves nothing open that the calendar says of its market and day."""
        return all(
            value is not None
            or signal.calendar is None
            or value_by_calendar(signal, self.pack.windows, place.market, place.as_of) is None
            for signal, value in zip(self.pack.vocabulary.signals, item, strict=True)
        )

    @cached_property
    def everything(self) -> list[tuple[Place, Item]]:
        """Every item at every place."""
        return [(place, item) for place in self.places for item in self.items if self.can_be(item, place)]

    # ------------------------------------------------------------------- rules

    def case(self, place: Place, item: Item) -> Case:
        return Case(dict(zip(self.names, item, strict=True)), place.market, place.as_of, place.id, place.subject)

    def kleene(self, rule: Rule, place: Place, item: Item) -> Truth:
        """A rule's truth by the tables; items that are alike in what it reads are looked at once."""
        places = self._reads.get(rule.ref)
        if places is None:
            read = self.read_by(rule)
            places = self._reads[rule.ref] = tuple(at for at, name in enumerate(self.names) if name in read)
        key = (rule.ref, place, tuple([item[at] for at in places]))
        found = self._truths.get(key)
        if found is None:
            found = self._truths[key] = rule_meaning(rule, self.pack, self.case(place, item))
        return found

    def truth(self, rule: Rule, place: Place, item: Item) -> Truth:
        """A rule's truth; where rules are closed and every answer decides this one alike, that."""
        found = self.kleene(rule, place, item)
        return self.closed(rule, place, item) if found is UNKNOWN and self.closing else found

    def closed(self, rule: Rule, place: Place, item: Item) -> Truth:
        """The truth that every answer gives an open rule; unknown where answers differ."""
        read = self.read_by(rule)
        ways = product(
            *(
                (value,) if value is not None or name not in read else values
                for name, value, values in zip(self.names, item, self.values, strict=True)
            )
        )
        answers = {self.kleene(rule, place, full) for full in ways}
        return answers.pop() if len(answers) == 1 else UNKNOWN

    def seem_open(self, rules: Iterable[Rule]) -> bool:
        """Whether one of some rules somewhere only seems open."""
        return any(
            self.kleene(rule, place, item) is UNKNOWN and self.closed(rule, place, item) is not UNKNOWN
            for rule in rules
            for place, item in self.everything
        )

    def read_by(self, rule: Rule) -> frozenset[str]:
        """The signals that a rule, its exceptions and its scope read."""
        conditions = [rule.when, *([rule.unless] if rule.unless is not None else [])]
        conditions += [found.when for found in self.pack.exceptions_of[rule.ref]]
        scopes = {signal for signal, wanted in scopes_of(rule) if wanted}
        return frozenset(scopes.union(*(signals_of(condition.expression) for condition in conditions)))

    def said(self, place: Place, item: Item) -> Said:
        found = self._said.get((place, item))
        if found is None:
            found = self._said[place, item] = self._say(place, item)
        return found

    def _say(self, place: Place, item: Item) -> Said:
        rules = {rule.ref: self.truth(rule, place, item) for rule in self.pack.rules}
        by_true: set[tuple[str, str]] = set()
        by_open: set[tuple[str, str]] = set()
        waiting: set[str] = set()
        for rule in self.pack.rules:
            now = self.imposed(rule, (named.name for named in rule.then), place)
            if rules[rule.ref] is YES:
                by_true |= {(rule.ref, measure) for measure in now}
            elif rules[rule.ref] is UNKNOWN:
                waiting |= now
                until = self.imposed(rule, (named.name for named in rule.until_known), place)
                by_open |= {(rule.ref, measure) for measure in until}
        return Said(rules, frozenset(by_true), frozenset(by_open), frozenset(waiting))

    def imposed(self, rule: Rule, measures: Iterable[str], place: Place) -> frozenset[str]:
        """Of some measures of a rule those that it imposes at this time."""
        by_id = self.pack.measures.by_id
        return frozenset(name for name in measures if imposes(rule, by_id[name].after_grace, place.as_of))

    def stronger(self, measure: str) -> frozenset[str]:
        """A measure and the stronger steps of its ladder."""
        for ladder in self.pack.measures.ladders:
            steps = [step.id for step in ladder.steps]
            if measure in steps:
                return frozenset(steps[steps.index(measure) :])
        return frozenset((measure,))

    def seen(self, measures: frozenset[str]) -> frozenset[str]:
        """What people meet of some measures: on a ladder the strongest only."""
        return frozenset(one for one in measures if not (self.stronger(one) - {one}) & measures)

    # ---------------------------------------------------------------- promises

    def holds(self, condition: Expression, place: Place, item: Item) -> Truth:
        """A condition of a promise about an item, over signals, `market` and `measures`."""
        return self.holds_of(condition, place, item, self.said(place, item))

    def holds_of(self, condition: Expression, place: Place, item: Item, said: Said) -> Truth:
        words = {**dict(zip(self.names, item, strict=True)), MARKET_WORD: place.market}
        return promised(condition, words, said.done, said.waiting, self.words)

    def about(self, *conditions: Expression) -> tuple[str, ...]:
        """The subjects whose decisions may read all that a promise reads, an item first; all, where it reads none."""
        read = {name for one in conditions for name in signals_of(one)} & set(self.names)
        subjects = [SUBJECTS.index(self.pack.vocabulary.by_name[name].subject) for name in read]
        spoken = {rule.subject for rule in self.pack.rules}
        return SUBJECTS[: min(subjects) + 1] if subjects else tuple(one for one in SUBJECTS if one in spoken)

    def about_whom(self, when: Expression | None, requires: Expression) -> tuple[str, ...]:
        """What only forbids is about every decision that may read it; what asks for something, about the nearest."""
        conditions = [requires, *([when] if when is not None else [])]
        reads = any(name in self.names for one in conditions for name in signals_of(one))
        subjects = self.about(*conditions)
        asks = any(
            (when is None or self.holds(when, place, item) is YES)
            and self.holds_of(requires, place, item, NOTHING) is NO
            for place, item in self.everything
        )
        return subjects[-1:] if reads and asks else subjects


def promised(
    condition: Expression,
    words: Mapping[str, MaybeValue],
    done: frozenset[str],
    waiting: frozenset[str],
    vocabulary: Vocabulary,
) -> Truth:
    """A condition of a promise by Kleene's tables; a question about measures is open where they can be so or so.

    waiting  measures that may be done too
    """
    match condition:
        case And(operands):
            return all_of([promised(one, words, done, waiting, vocabulary) for one in operands])
        case Or(operands):
            return any_of([promised(one, words, done, waiting, vocabulary) for one in operands])
        case Not(operand):
            return negate(promised(operand, words, done, waiting, vocabulary))
    if MEASURES_WORD not in signals_of(condition):
        return meaning_of(condition, words, vocabulary)
    answers = {
        meaning_of(condition, {**words, MEASURES_WORD: done | more}, vocabulary) for more in _subsets(waiting - done)
    }
    return truth_of(YES in answers) if len(answers) == 1 else UNKNOWN


def _market_lists(pack: Pack) -> list[str]:
    """The words of promises that tell markets apart."""
    expressions = [invariant.holds for invariant in pack.measures.invariants]
    expressions += [harm.when.expression for harm in pack.harms.harms]
    for duty in pack.obligations:
        if duty.property is not None:
            expressions += [duty.property.when.expression, duty.property.requires.expression]
    cure = pack.measures.label_never_cures
    if cure is not None and cure.when is not None:
        expressions.append(cure.when.expression)
    named = [word for one in expressions for word in signals_of(one) if word == MARKET_WORD]
    named += [market for duty in pack.obligations for market in duty.markets if duty.markets != ("BR",)]
    return named + [one.name for scenario in pack.protected for one in scenario.markets]


def _subsets(some: frozenset[str]) -> Iterator[frozenset[str]]:
    ordered = sorted(some)
    for row in product((False, True), repeat=len(ordered)):
        yield frozenset(name for name, one in zip(ordered, row, strict=True) if one)


def ids_for(*packs: Pack) -> list[str]:
    """Ids of which each lies in other rollouts."""
    shares = {(rule.ref, rule.rollout) for pack in packs for rule in pack.rules if rule.rollout < 1.0}
    ids: dict[tuple[bool, ...], str] = {}
    for number in range(200 if shares else 1):
        name = f"item-{number}"
        ids.setdefault(tuple(share_of(name, reference) < share for reference, share in sorted(shares)), name)
    return list(ids.values())


def calendar_of(pack: Pack, market: str, as_of: int) -> dict[str, MaybeValue]:
    """What the calendar says in a market at an instant."""
    signals = [signal for signal in pack.vocabulary.signals if signal.calendar is not None]
    return {signal.name: value_by_calendar(signal, pack.windows, market, as_of) for signal in signals}


def without_excuses(pack: Pack) -> Pack:
    """The pack with nothing that any rule gives way to."""
    policies = [
        replace(policy, exceptions=(), rules=tuple(replace(rule, unless=None) for rule in policy.rules))
        for policy in pack.policies
    ]
    return replace(pack, policies=tuple(policies))
