"""How the rows of a history were sampled, as far as estimates need it. It never guesses a probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assay.engine.backtest.moments import Stratum


class Kind(StrEnum):
    """What a sampling design comes to; estimates name it as their method."""

    CENSUS = "census"
    SIMPLE = "simple"
    STRATIFIED = "stratified"
    UNEQUAL = "unequal"


# What a history's own metadata may say of its design, where it says that the number of sampled rows was left to chance.
POISSON = "poisson"
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Design:
    """A sampling design.

    strata    by name; of a stratum whose rows have one probability a fixed number of rows was drawn, unless it is apart
    kind      what it comes to as a whole
    apart     strata of which every row was drawn by itself, with a probability of its own (Poisson sampling)
    rows      sampled rows of all strata; `weights` and `squares` are the sums of w and of w² over them
    """

    strata: Mapping[str, Stratum]
    kind: Kind
    apart: frozenset[str]
    rows: int
    weights: float
    squares: float

    @classmethod
    def of(cls, strata: Mapping[str, Stratum], hint: str = "") -> Design:
        """The design that strata show; `hint` is what the history says of itself.

        A hint decides only what rows cannot show: whether a stratum of one probability was drawn row by row. It
        never makes a sample a census.
        """
        apart = [name for name, stratum in strata.items() if hint == POISSON or not stratum.equal]
        rows = sum(stratum.rows for stratum in strata.values())
        weights = sum(stratum.weights for stratum in strata.values())
        if all(is_taken_whole(stratum) for stratum in strata.values()):
            kind = Kind.CENSUS
        elif apart:
            kind = Kind.UNEQUAL
        else:
            kind = Kind.STRATIFIED if len(strata) > 1 else Kind.SIMPLE
        return cls(strata, kind, frozenset(apart), rows, weights, sum(one.squares for one in strata.values()))

    @property
    def effective_rows(self) -> float:
        """Rows of a simple random sample whose weights would say as much.

        source  Kish 1965, Survey Sampling, §11.7: (sum of w)² / (sum of w²)
        """
        return self.weights**2 / self.squares if self.squares else 0.0


def is_taken_whole(stratum: Stratum) -> bool:
    """Whether every item of a stratum is in the sample."""
    # No weight is below 1, so that they add up to the number of rows only where each of them is 1.
    return abs(stratum.weights - stratum.rows) <= _NEAR * stratum.rows
