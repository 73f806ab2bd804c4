"""Whether a witness shows what its finding says: read as a record, decided, and held to the reference meaning."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from assay.engine.analysis.proof.finding import Finding, Kind
from assay.engine.analysis.situations.witness import Witness
from assay.engine.decision.decide import Decider
from assay.engine.decision.item import EVERYWHERE, Item, read_item
from assay.engine.kernel.truth import NO, UNKNOWN, YES
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.expression.syntax import Literal, walk
from assay.engine.language.meaning import Case, Outcome, holds_at, imposes, meaning_of, pack_meaning
from assay.engine.language.pack.calendar import value_by_calendar
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Period, Rule
from assay.engine.language.pack.promises.words import promise_vocabulary
from assay.engine.language.pack.vocabulary import MARKET_WORD, WITH_VALUES, Signal, SignalType
from tests.defects.promised import Promise, done_now


@dataclass(frozen=True, slots=True)
class Seen:
    """A witness as it is decided: what is known of it in its market, and what the pack says."""

    pack: Pack
    witness: Witness
    signals: Mapping[str, MaybeValue]
    outcome: Outcome

    @property
    def promise(self) -> Promise:
        """What promises are about."""
        signals = {**self.signals, MARKET_WORD: self.witness.market}
        return Promise(signals, done_now(self.outcome), promise_vocabulary(self.pack))

    def does(self, rule: Rule) -> frozenset[str]:
        """What a rule imposes on the item now."""
        truth, measures = self.outcome.rules[rule.ref], self.pack.measures.by_id
        named = rule.then if truth is YES else rule.until_known if truth is UNKNOWN else ()
        as_of = self.witness.as_of
        return frozenset(one.name for one in named if imposes(rule, measures[one.name].after_grace, as_of))


def decided(pack: Pack, decider: Decider, witness: Witness) -> Seen:
    """The witness's record, read and decided as any item; the decision and the reference meaning say the same."""
    record = json.loads(json.dumps(witness.record(pack.vocabulary)))
    item = read_item(record, pack.vocabulary, pack.markets)
    assert isinstance(item, Item), item
    signals = _signals(pack, item, witness)
    outcome = pack_meaning(pack, Case(signals, witness.market, witness.as_of, item.id, item.subject))
    decision = decider.decide(item, witness.as_of, (witness.market,))
    assert decision.measures(witness.market) == outcome.measures
    assert set(decision.applied(witness.market)) == set(_strongest(pack, outcome))
    return Seen(pack, witness, signals, outcome)


def _signals(pack: Pack, item: Item, witness: Witness) -> dict[str, MaybeValue]:
    """What is known of an item in the witness's market, what the calendar says of it among that."""
    found: dict[str, MaybeValue] = {}
    for signal, value in zip(pack.vocabulary.signals, item.values, strict=True):
        given = item.by_market.get(signal.name, {})
        here: MaybeValue = given.get(witness.market, given.get(EVERYWHERE)) if signal.by_market else value
        if here is None:
            here = value_by_calendar(signal, pack.windows, witness.market, witness.as_of)
        found[signal.name] = here
    return found


def _strongest(pack: Pack, outcome: Outcome) -> Iterator[str]:
    """What is done now, on ladders the strongest step only."""
    done = {name for name, truth in done_now(outcome).items() if truth is YES}
    below = {
        weaker.id
        for ladder in pack.measures.ladders
        for weaker, stronger in combinations(ladder.steps, 2)
        if stronger.id in done
    }
    yield from done - below


# ---------------------------------------------------------- kind by kind


def shows(pack: Pack, finding: Finding) -> bool:
    """Whether a finding's witnesses show it; one without witnesses is of a kind that says that no item does."""
    decider = Decider(pack)
    seen = tuple(decided(pack, decider, witness) for witness in finding.witnesses)
    if finding.kind not in _SHOWN:
        return not seen
    return bool(seen) and _SHOWN[finding.kind](finding, *seen)


def _clash(finding: Finding, seen: Seen) -> bool:
    one, other = (seen.does(seen.pack.rule_by_ref[ref]) for ref in finding.subjects)
    return any(seen.pack.measures.clash(first, second) for first in one for second in other)


def _gap(finding: Finding, seen: Seen) -> bool:
    (harm,) = (harm for harm in seen.pack.harms.harms if harm.id == finding.subjects[0])
    promise = seen.promise
    answers = [named.name for named in harm.answered_by] or list(promise.done)
    nothing = all(promise.done[answer] is NO for answer in answers)
    return harm.severity >= seen.pack.harms.level and promise.truth(harm.when.expression) is YES and nothing


def _cured(finding: Finding, seen: Seen, labelled: Seen) -> bool:
    cure = seen.pack.measures.label_never_cures
    assert cure is not None
    (measure,) = finding.subjects
    changed = {*cure.undisclosed, *cure.disclosed}
    before, after = seen.signals, labelled.signals
    stated = cure.undisclosed.items() <= before.items() and cure.disclosed.items() <= after.items()
    same = all(before[name] == after[name] for name in before if name not in changed)
    meant = cure.when is None or meaning_of(cure.when.expression, before, seen.pack.vocabulary) is YES
    lifted = seen.outcome.measures[measure] is YES and labelled.promise.done[measure] is NO
    return stated and same and meant and lifted and seen.witness.as_of == labelled.witness.as_of


def _invariant(finding: Finding, seen: Seen) -> bool:
    (promised,) = (one for one in seen.pack.measures.invariants if one.id == finding.subjects[0])
    return seen.promise.truth(promised.holds) is NO


def _obligation(finding: Finding, seen: Seen) -> bool:
    (duty,) = (duty for duty in seen.pack.obligations if duty.id == finding.subjects[0])
    said, promise = duty.property, seen.promise
    assert said is not None
    binds = seen.witness.market in duty.reach and holds_at(Period(duty.effective, duty.until), seen.witness.as_of)
    return binds and promise.truth(said.when.expression) is YES and promise.truth(said.requires.expression) is NO


def _scenario(finding: Finding, seen: Seen) -> bool:
    (scenario,) = (one for one in seen.pack.protected if one.id == finding.subjects[0])
    markets = seen.pack.markets.resolve(tuple(named.name for named in scenario.markets))
    # Beside what is given only the calendar may say something.
    known = {name: value for name, value in seen.witness.signals.items() if value is not None}
    added = [seen.pack.vocabulary.by_name[name] for name in known if scenario.given.get(name) is None]
    wanted = {name: value for name, value in scenario.given.items() if value is not None}
    given = wanted.items() <= known.items() and all(signal.calendar is not None for signal in added)
    met = any(seen.promise.done[named.name] is not NO for named in scenario.never)
    return given and seen.witness.market in markets and met


def _undermined(finding: Finding, seen: Seen) -> bool:
    rule = seen.pack.rule_by_ref[finding.subjects[0]]
    (exception,) = (one for one in seen.pack.exceptions if one.ref == finding.subjects[1])
    conditions = (rule.when.expression, exception.when.expression)
    both = all(meaning_of(one, seen.signals, seen.pack.vocabulary) is YES for one in conditions)
    return rule.no_exception and both and seen.outcome.rules[rule.ref] is not YES


def _open_forever(finding: Finding, seen: Seen) -> bool:
    """Some measure is open, two answers to this signal alone decide it in two ways, and no reviewer may give one."""
    signal = seen.pack.vocabulary.by_name[finding.subjects[0]]
    witness, pack = seen.witness, seen.pack
    found = [
        pack_meaning(
            pack,
            Case({**seen.signals, signal.name: value}, witness.market, witness.as_of, witness.id, witness.subject),
        )
        for value in _answers(signal, seen)
    ]
    still_open = [measure for measure, truth in seen.outcome.measures.items() if truth is UNKNOWN]
    alone = any({YES, NO} <= {outcome.measures[measure] for outcome in found} for measure in still_open)
    return "reviewer" not in signal.asserted_by and seen.signals[signal.name] is None and alone


def _answers(signal: Signal, seen: Seen) -> list[Value]:
    """Values of a signal that conditions may tell apart."""
    if signal.type is SignalType.FLAG:
        return [True, False]
    if signal.type is SignalType.SET:
        names = signal.value_names
        return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]
    if signal.type in WITH_VALUES:
        return list(signal.value_names)
    constants = {
        node.value for rule in seen.pack.rules for node in walk(rule.when.expression) if isinstance(node, Literal)
    }
    if signal.type is SignalType.TEXT:
        return ["", *(one for one in constants if isinstance(one, str))]
    known = {*constants, *seen.signals.values()}
    numbers = [one for one in known if isinstance(one, int | float) and not isinstance(one, bool)]
    return [one + step for one in numbers for step in (-0.125, 0, 0.125)]


_SHOWN: Mapping[Kind, Callable[..., bool]] = {
    Kind.CLASHING_RULES: _clash,
    Kind.GAP: _gap,
    Kind.LABEL_CURES: _cured,
    Kind.BROKEN_INVARIANT: _invariant,
    Kind.BROKEN_OBLIGATION: _obligation,
    Kind.WOULD_BREAK: _obligation,
    Kind.FALLEN_SCENARIO: _scenario,
    Kind.UNDERMINED_RULE: _undermined,
    Kind.OPEN_FOREVER: _open_forever,
}
