"""Made-up scores of which the true likelihood ratio is known for every value. No detector gave them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Family:
    """Scores of both kinds: how they are drawn, and the natural logarithm of their true likelihood ratio."""

    name: str
    draw: Callable[[Generator, Bools], Floats]
    nats: Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Scores with their truth; the first half was made by AI."""

    scores: Floats
    ai: Bools


def drawn(family: Family, count: int, seed: int) -> Drawn:
    """`count` scores of either kind."""
    ai = np.arange(2 * count) < count
    return Drawn(family.draw(np.random.default_rng(seed), ai), ai)


def _normal(apart: float) -> Family:
    """Two normal distributions of one width: the logarithm is a straight line."""

    def draw(generator: Generator, ai: Bools) -> Floats:
        return generator.normal(0, 1, len(ai)) + np.where(ai, apart, -apart) / 2

    return Family(f"normal, {apart:g} apart", draw, lambda score: apart * score)


def _shares() -> Family:
    """Probabilities that are far too sure of themselves, as many detectors give them."""

    def draw(generator: Generator, ai: Bools) -> Floats:
        odds = generator.normal(0, 1, len(ai)) + np.where(ai, 0.75, -0.75)
        return np.asarray(1 / (1 + np.exp(-3 * odds)), np.float64)

    def nats(score: Floats) -> Floats:
        return np.asarray(1.5 * np.log(score / (1 - score)) / 3, np.float64)

    return Family("overconfident shares", draw, nats)


def _skewed() -> Family:
    """Two gamma distributions: long tails to one side, and a logarithm that bends."""

    def draw(generator: Generator, ai: Bools) -> Floats:
        return np.where(ai, generator.gamma(4, 1, len(ai)), generator.gamma(2, 1, len(ai)))

    # gamma(4) / gamma(2) at x is x² / 6.
    return Family("skewed", draw, lambda score: 2 * np.log(score) - np.log(6))


def _heavy() -> Family:
    """Two Laplace distributions: far out a score says no more than less far out, and the logarithm levels off."""

    def draw(generator: Generator, ai: Bools) -> Floats:
        return generator.laplace(0, 1, len(ai)) + np.where(ai, 1.0, -1.0)

    return Family("heavy tails", draw, lambda score: np.abs(score + 1) - np.abs(score - 1))


FAMILIES = (_normal(2.0), _normal(1.0), _shares(), _skewed(), _heavy())
SHARP = _normal(6.0)
BLIND = _normal(0.0)
