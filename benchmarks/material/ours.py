"""Assay's scalar back end over one market, in three steps that each do more. It keeps no answer to give it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.reasons import reason_of
from assay.engine.kernel.truth import Truth, from_planes
from assay.engine.language.meaning import Case, Outcome, pack_meaning
from assay.engine.language.pack.pack import Pack
from assay.engine.program.imposed import Standing

Planes: TypeAlias = tuple[int, int]
Reasons: TypeAlias = tuple[tuple[str, str], ...]
Explained: TypeAlias = tuple[Standing, Reasons, Reasons]
Answer = TypeVar("Answer")
Step: TypeAlias = Callable[[Item], Answer]
# Lists of reasons that are remembered, by the rules that they are of.
LARGEST_MEMO = 10_000


class Ours:
    """A pack compiled for one instant and one market class, as a decision service would hold it."""

    def __init__(self, pack: Pack, as_of: int) -> None:
        self.pack, self.as_of = pack, as_of
        self.decider = Decider(pack)
        self.scene = self.decider.scenes(as_of, "item", None)[-1]
        self._reasons = tuple((rule.ref, reason_of(rule.ref, pack)) for rule in pack.rules)
        self._memo: dict[int, Reasons] = {}
        self.rules, self.decide, self.explain = self._steps()

    def _steps(self) -> tuple[Step[Planes], Step[Standing], Step[Explained]]:
        """Three functions, each doing more than the one before.

        rules    the truth of every rule, as two planes: what every other engine here is asked for
        decide   besides, the truth of every measure, what is applied now, and whether the decision is settled
        explain  besides, the rules that fired and those that may yet, each with its reason in plain words
        """
        evaluate, rule_planes = self.scene.scalar.evaluate, self.scene.scalar.rule_planes
        active, standing, reasons_of = self.scene.active, self.scene.regime.standing, self.reasons_of

        def rules(item: Item) -> Planes:
            return rule_planes(evaluate(item.values, item.id))

        def decide(item: Item) -> Standing:
            true, possible = rule_planes(evaluate(item.values, item.id))
            return standing(true & active, possible & active)

        def explain(item: Item) -> Explained:
            true, possible = rule_planes(evaluate(item.values, item.id))
            true &= active
            possible &= active
            return standing(true, possible), reasons_of(true), reasons_of(possible & ~true)

        return rules, decide, explain

    def reasons_of(self, rules: int) -> Reasons:
        """Some rules, each with its reason."""
        found = self._memo.get(rules)
        if found is None:
            if len(self._memo) >= LARGEST_MEMO:
                self._memo.clear()
            named = []
            left = rules
            while left:
                lowest = left & -left
                left ^= lowest
                named.append(self._reasons[lowest.bit_length() - 1])
            found = self._memo[rules] = tuple(named)
        return found

    def truths(self, item: Item) -> list[Truth]:
        """The truth of every rule, in the pack's order."""
        true, possible = self.rules(item)
        return [from_planes(true >> place & 1, possible >> place & 1) for place in range(len(self.pack.rules))]

    def differences_from_meaning(self, items: Sequence[Item]) -> int:
        """How many items the reference meaning decides otherwise, in a rule or a measure."""
        return sum(self._differs(item, self._meaning(item)) for item in items)

    def _meaning(self, item: Item) -> Outcome:
        named = zip(self.pack.vocabulary.signals, item.values, strict=True)
        known = {signal.name: value for signal, value in named if value is not None}
        return pack_meaning(self.pack, Case(known, self.scene.market.example, self.as_of, item.id))

    def _differs(self, item: Item, meant: Outcome) -> bool:
        standing = self.decide(item)
        measures = {
            measure.id: from_planes(standing.true >> place & 1, standing.possible >> place & 1)
            for place, measure in enumerate(self.pack.measures.all)
        }
        return measures != meant.measures or self.truths(item) != list(meant.rules.values())
