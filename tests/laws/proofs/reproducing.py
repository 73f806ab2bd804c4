"""What a witness shows, said by the reference meaning and by the decider. It tests nothing and uses no proof."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.analysis.situations.witness import Witness
from assay.engine.decision.decide import Decider, Outcome
from assay.engine.decision.item import Item, read_item
from assay.engine.kernel.bits import places_of
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.syntax import Expression
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.promises.words import promise_vocabulary
from assay.engine.language.pack.vocabulary import MARKET_WORD
from tests.laws.proofs.trying import Place, Tried, calendar_of, promised


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of a witness: the truth of rules and measures, and which measures open rules impose."""

    rules: dict[str, Truth]
    measures: dict[str, Truth]
    meanwhile: frozenset[str]
    settled: bool

    @property
    def done(self) -> frozenset[str]:
        return self.meanwhile | {measure for measure, truth in self.measures.items() if truth is YES}

    @property
    def waiting(self) -> frozenset[str]:
        return frozenset(measure for measure, truth in self.measures.items() if truth is UNKNOWN)

    @property
    def maybe(self) -> frozenset[str]:
        return self.done | self.waiting


def signals_in(pack: Pack, witness: Witness) -> dict[str, MaybeValue]:
    """What is known of a witness, with what the calendar adds."""
    return {**calendar_of(pack, witness.market, witness.as_of), **witness.signals}


def by_tables(pack: Pack, witness: Witness) -> Told:
    """What Kleene's tables say of it."""
    return _tried(Tried(pack), witness)


def by_meaning(pack: Pack, witness: Witness) -> Told:
    """The same, where what every answer agrees on is no longer unknown."""
    return _tried(Tried(pack, closing=True), witness)


def _tried(tried: Tried, witness: Witness) -> Told:
    pack, known = tried.pack, signals_in(tried.pack, witness)
    place = Place(witness.market, witness.as_of, witness.subject, witness.id)
    said = tried.said(place, tuple(known.get(name) for name in tried.names))
    measures = {
        measure: YES if measure in said.certain else UNKNOWN if measure in said.waiting else NO
        for measure in pack.measures.by_id
    }
    meanwhile = frozenset(measure for _, measure in said.by_open)
    return Told(dict(said.rules), measures, meanwhile, settled=not said.waiting - said.certain)


def by_decider(pack: Pack, witness: Witness) -> Told:
    """The witness's record, read as a stranger's and decided."""
    decider = Decider(pack)
    item = read_item(witness.record(pack.vocabulary), pack.vocabulary, pack.markets)
    assert isinstance(item, Item), item
    decision = decider.decide(item, witness.as_of)
    outcome = decision.outcome(witness.market)
    return Told(
        _rules(decider, outcome),
        decision.measures(witness.market),
        frozenset(_meanwhile(decider, outcome, witness.as_of)),
        outcome.settled,
    )


def _rules(decider: Decider, outcome: Outcome) -> dict[str, Truth]:
    possible = outcome.possible & ~outcome.never
    return {
        reference: YES if outcome.true >> place & 1 else UNKNOWN if possible >> place & 1 else NO
        for place, reference in enumerate(decider.rule_refs((1 << len(decider.pack.rules)) - 1))
    }


def _meanwhile(decider: Decider, outcome: Outcome, as_of: int) -> list[str]:
    """What open rules impose until they are known, weaker steps of a ladder too."""
    until = decider.regime(as_of).imposed.until
    waiting = outcome.possible & ~outcome.true & ~outcome.never
    return [measure for rule in places_of(waiting) for measure in decider.measure_ids(until[rule])]


def says(pack: Pack, condition: Expression, witness: Witness, told: Told) -> Truth:
    """What a condition of a promise says of a witness."""
    words = {**signals_in(pack, witness), MARKET_WORD: witness.market}
    return promised(condition, words, told.done, told.waiting, promise_vocabulary(pack))
