"""What a program says of one set of values in one market class: planes, standing, what is open. It never asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.engine.kernel.bits import places_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.classes import MarketClass
from assay.engine.program.imposed import Imposed, Regime, Standing
from assay.engine.program.scalar import Scalar


@dataclass(frozen=True, slots=True)
class State:
    """Both planes of terms, the planes of rules that hold here, and what they come to."""

    terms: int
    true: int
    possible: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Scene:
    """A compiled pack at one instant, in one market class, for one kind of subject."""

    scalar: Scalar
    regime: Regime
    market: MarketClass
    subject: str
    active: int

    @classmethod
    def of(cls, scalar: Scalar, regime: Regime, market: MarketClass, subject: str = "item") -> Scene:
        """The scene of a market class."""
        return cls(scalar, regime, market, subject, regime.active(market, subject))

    def state(self, values: Sequence[MaybeValue], item: str | None) -> State:
        """What holds for some values; market-scoped ones must stand in `values` already."""
        terms = self.scalar.evaluate(values, item)
        if self.scalar.evaluate_market is not None:
            terms &= self.scalar.evaluate_market(values, item)
        return self.state_of(terms)

    def state_of(self, terms: int) -> State:
        """What both planes of terms come to here."""
        true, possible = self.scalar.rule_planes(terms)
        true, possible = true & self.active, possible & self.active
        return State(terms, true, possible, self.regime.standing(true, possible))

    def mattering_rules(self, state: State, unsettled: int) -> list[int]:
        """The places of the open rules whose answer may change what is done."""
        return mattering_rules(self.regime.imposed, state.possible & ~state.true, unsettled)


def mattering_rules(imposed: Imposed, open_rules: int, unsettled: int) -> list[int]:
    """The places of the open rules whose answer may change what is done."""
    return places_of(open_rules & imposed.touching(unsettled))
