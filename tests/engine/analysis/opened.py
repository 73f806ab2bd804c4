"""A pack compiled, with some values known: what its rules wait for. It tests nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.analysis.exhaustion import always_one, never_true
from assay.engine.analysis.questions import Cost, Questions, reviewer_cost
from assay.engine.analysis.residual import Residuals, missing_of
from assay.engine.analysis.state import Scene, State
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.syntax import Expression
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.program.imposed import Regime
from assay.engine.program.lower import lower_pack
from assay.engine.program.scalar import compile_scalar
from tests.makers import SOME_DAY, a_pack, a_rule


@dataclass(frozen=True, slots=True)
class Opened:
    """A pack in its first market class, at some day, with what is known of an item."""

    pack: Pack
    scene: Scene
    residuals: Residuals
    questions: Questions
    values: tuple[MaybeValue, ...]
    state: State

    @property
    def missing(self) -> int:
        return missing_of(self.values)

    def never(self, rule: int = 0) -> bool:
        return never_true(self.residuals, rule, self.state.terms, self.missing)

    def always(self, *rules: int) -> bool:
        return always_one(self.residuals, rules, self.state.terms, self.missing)

    def asked(self) -> list[str]:
        """The names of the questions of all rules that matter, the best first."""
        rules = self.scene.mattering_rules(self.state, self.state.standing.unsettled)
        parts = [self.questions.part(rule, self.state.terms, self.missing) for rule in rules]
        mattering = self.questions.mattering(self.scene.regime.imposed, rules, parts)
        return [self.pack.vocabulary.signals[place].name for place in self.questions.order(mattering)]


def opened(pack: Pack, values: Mapping[str, MaybeValue] | None = None, *, cost: Cost = reviewer_cost) -> Opened:
    program = lower_pack(pack)
    scalar = compile_scalar(program)
    residuals = Residuals(scalar)
    scene = Scene.of(scalar, Regime(program, SOME_DAY), program.classes[-1])
    known = tuple((values or {}).get(signal.name) for signal in pack.vocabulary.signals)
    return Opened(pack, scene, residuals, Questions(residuals, cost), known, scene.state(known, "item-1"))


def of_rules(vocabulary: Vocabulary, *conditions: str | Expression, **values: MaybeValue) -> Opened:
    """Rules of these conditions that all impose one measure."""
    rules = [a_rule(f"p/r{number}", condition) for number, condition in enumerate(conditions)]
    return opened(a_pack(*rules, vocabulary=vocabulary), values)
