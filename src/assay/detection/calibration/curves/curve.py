"""A monotone curve from a score to a base-10 logarithm of a likelihood ratio. It never extrapolates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# So close to 0 and 1 a logit says how a score was rounded, and nothing of the item.
_EDGE = 1e-6
_DIGITS = 10


class Scale(StrEnum):
    """On which scale of the score a curve is straight between its knots."""

    PLAIN = "plain"
    LOGIT = "logit"


def scale_of(scores: Floats) -> Scale:
    """Log odds for scores that are shares, which crowd at both ends; else the score as it is."""
    shares = len(scores) and float(scores.min()) >= 0 and float(scores.max()) <= 1
    return Scale.LOGIT if shares else Scale.PLAIN


def scaled(scores: Floats, scale: Scale) -> Floats:
    """Scores on a scale."""
    if scale is Scale.PLAIN:
        return scores
    inside = np.clip(scores, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(inside / (1 - inside)), np.float64)


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight between knots on its scale, and level outside them: where nothing was seen, nothing is added.

    knots   scaled scores, rising
    values  log10 likelihood ratios, never falling
    """

    scale: Scale
    knots: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        sound = len(self.knots) == len(self.values) > 0 and all(map(math.isfinite, (*self.knots, *self.values)))
        rising = all(first < second for first, second in zip(self.knots, self.knots[1:], strict=False))
        if not (sound and rising and list(self.values) == sorted(self.values)):
            raise ValueError("a curve has knots that rise and as many values that never fall")

    def __call__(self, scores: Floats) -> Floats:
        """Log10 likelihood ratios of scores."""
        return np.asarray(np.interp(scaled(scores, self.scale), self.knots, self.values), np.float64)


def curve_through(scale: Scale, knots: Floats, values: Floats) -> Curve:
    """A curve whose numbers are short enough to be the same wherever they are written and read."""
    rounded: dict[float, float] = {}
    height = -math.inf
    for knot, value in zip(knots.tolist(), values.tolist(), strict=True):
        height = max(height, short(value))
        rounded[short(knot)] = height
    return Curve(scale, tuple(rounded), tuple(rounded.values()))


def short(number: float) -> float:
    """A number to ten digits, which every machine reads and writes alike; never a negative zero."""
    return float(f"{number:.{_DIGITS}g}") + 0.0
