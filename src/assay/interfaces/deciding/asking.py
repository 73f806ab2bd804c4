"""What to ask a person next about an item, why, and how many questions to expect. It asks nobody."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from assay.engine.decision.decide import Decider, Decision, Outcome
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.kernel.errors import Fault
from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.policy import Rule
from assay.engine.language.pack.vocabulary import Signal, Vocabulary

TRIALS = 24
_MOST_ASKED = 100


def outcome_in(markets: Sequence[str], decision: Decision) -> Outcome:
    """The outcome of the first of these markets that the decision names."""
    named = (outcome for market in markets for outcome in decision.outcomes if market in outcome.markets)
    return next(named, decision.outcomes[0])


def with_answers(item: Item, answers: Mapping[str, object], vocabulary: Vocabulary) -> Item:
    """The item with a person's answers, each the JSON value of its signal; None is that nobody can tell."""
    values, by_market = list(item.values), dict(item.by_market)
    for name, answer in answers.items():
        signal = vocabulary.by_name[name]
        value = None if answer is None else signal.read(answer)
        if value is None or isinstance(value, Fault):
            continue
        if signal.by_market:
            by_market[name] = {EVERYWHERE: value}
        else:
            values[vocabulary.index[name]] = value
    return replace(item, values=tuple(values), by_market=by_market)


def turning_rules(signal: Signal, outcome: Outcome, decider: Decider) -> list[Rule]:
    """The open rules that turn on a signal, the most severe first."""
    pack = decider.pack
    turning = []
    for ref in decider.rule_refs(outcome.possible & ~outcome.true):
        rule = pack.rule_by_ref[ref]
        conditions = [rule.when, *((rule.unless,) if rule.unless is not None else ())]
        conditions += [exception.when for exception in pack.exceptions_of[rule.ref]]
        scoped = {"surface"} if rule.surfaces else set()
        scoped |= {"audience"} if rule.audience else set()
        if signal.name in scoped or any(signal.name in signals_of(each.expression) for each in conditions):
            turning.append(rule)
    turning.sort(key=lambda rule: rule.severity, reverse=True)
    return turning


class Guesses:
    """How many questions an item is expected to take until it is settled: the mean over made-up answers.

    They are drawn by the pack's priors, the same every time. A trial takes a good part of a millisecond, so that
    callers who may not stand still make one at a time.
    """

    def __init__(self, decider: Decider, item: Item, as_of: int, markets: tuple[str, str]) -> None:
        """Begin; `markets` is the name by which the outcome is known, and the class that is decided."""
        self._decider, self._item, self._as_of, self._markets = decider, item, as_of, markets
        self._chance = random.Random(0)

    def trial(self, asked: AbstractSet[str] = frozenset()) -> int:
        """The questions of one set of made-up answers; what was asked before is not asked again."""
        decider, guessed = self._decider, dict[str, object]()
        signals = decider.vocabulary.signals
        while len(guessed) < _MOST_ASKED:
            item = with_answers(self._item, guessed, decider.vocabulary)
            outcome = outcome_in(self._markets, decider.decide(item, self._as_of, self._markets[1:]))
            left = [place for place in outcome.questions if signals[place].name not in asked | guessed.keys()]
            if outcome.settled or not left:
                break
            domain = decider.residuals.domain(left[0])
            signal = signals[left[0]]
            drawn = self._chance.choices(domain.values, domain.weights)[0] if domain is not None else None
            guessed[signal.name] = None if drawn is None else signal.write(drawn)
        return len(guessed)

    def expected(self, asked: AbstractSet[str] = frozenset()) -> float:
        """The mean over all trials."""
        return sum(self.trial(asked) for _ in range(TRIALS)) / TRIALS
