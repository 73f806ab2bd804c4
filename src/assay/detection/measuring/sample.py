"""Scores with their known truth, as arrays; variants of one item share a group. It measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Every array has one entry for each scored file.

    scores   higher for AI
    ai       whether AI made it
    groups   a number for each independent item; variants of one share it
    weights  how many uploads it stands for
    """

    scores: Floats
    ai: NDArray[np.bool_]
    groups: NDArray[np.int64]
    weights: Floats

    def part(self, chosen: NDArray[np.bool_]) -> Sample:
        """Some of the files."""
        return Sample(self.scores[chosen], self.ai[chosen], self.groups[chosen], self.weights[chosen])

    @property
    def independent_ai(self) -> int:
        """Independent items that AI made."""
        return len(np.unique(self.groups[self.ai]))

    @property
    def independent_real(self) -> int:
        """Independent items that AI did not make."""
        return len(np.unique(self.groups[~self.ai]))

    def worth(self, *, ai: bool) -> float:
        """How many independent items of equal weight those of a kind are worth; at most as many as there are.

        source  Kish 1965, Survey Sampling, ch. 8
        """
        kind = self.ai if ai else ~self.ai
        sums = np.bincount(np.unique(self.groups[kind], return_inverse=True)[1], weights=self.weights[kind])
        square = float((sums**2).sum())
        # A sum of squares may miss a whole number by its last digit, and one item more or less is a figure.
        return round(float(sums.sum()) ** 2 / square, 9) if square else 0.0

    @property
    def is_paired(self) -> bool:
        """Whether some item is in the sample both with and without AI."""
        return bool(np.intersect1d(self.groups[self.ai], self.groups[~self.ai]).size)


def sample_of(
    scores: Sequence[float],
    ai: Sequence[bool],
    groups: Sequence[str] | None = None,
    weights: Sequence[float] | None = None,
) -> Sample:
    """A sample from plain lists; an empty group is an item of its own."""
    names = list(groups) if groups is not None else [""] * len(scores)
    numbers: dict[str, int] = {}
    for place, name in enumerate(names):
        numbers.setdefault(f"={name}" if name else f"#{place}", len(numbers))
    coded = [numbers[f"={name}" if name else f"#{place}"] for place, name in enumerate(names)]
    return Sample(
        np.asarray(scores, dtype=np.float64),
        np.asarray(ai, dtype=np.bool_),
        np.asarray(coded, dtype=np.int64),
        np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=np.float64),
    )
