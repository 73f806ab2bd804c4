"""A calibration in plain words: of whom a score is more frequent, and how far that is supported. It never flatters."""

from __future__ import annotations

import math

import numpy as np

from assay.detection.calibration.calibration import WHOLE, Calibration, Fitted
from assay.detection.calibration.measures.band import Side, Verdict, least_items

# So close to even, a likelihood ratio says nothing that anybody could act on.
_NOTHING = 0.05


def times(log10_lr: float) -> str:
    """How many times, as people say it: `4.1`, `12`, `1,300`; never rounded away from 1."""
    ratio = 10.0 ** abs(log10_lr)
    digits = 1 if ratio < 10 else 0 if ratio < 100 else -(math.floor(math.log10(ratio)) - 1)
    # Rounded down: what is told is never more than what was found.
    cut = math.floor(ratio * 10.0**digits + 1e-9) / 10.0**digits
    return f"{cut:,.1f}" if digits > 0 else f"{cut:,.0f}"


def percent(share: float) -> str:
    """A share in percent, to one decimal."""
    return f"{100 * share:.1f} %"


def meaning_of(log10_lr: float) -> str:
    """What a log10 likelihood ratio says of a score: `4.1 times as frequent among items by AI as among others`.

    It is never said how likely AI is: that takes how common AI is, which no calibration knows.
    """
    if abs(log10_lr) < _NOTHING:
        return "about as frequent among items by AI as among others"
    this, that = ("items by AI", "others") if log10_lr > 0 else ("items not by AI", "those by AI")
    return f"{times(log10_lr)} times as frequent among {this} as among {that}"


def sentence_of(calibration: Calibration, score: float, bucket: str = WHOLE) -> str:
    """One score in one sentence, with the bound where it was reached."""
    found = calibration.weigh(score, bucket)
    told = f"a score of {score:.4g} is {meaning_of(found.log10_lr)}"
    # Words that round to the same number would read like a riddle.
    if found.capped or times(found.log10_lr) == times(found.cap):
        return f"{told}, as much as this sample supports"
    if abs(found.log10_lr) < _NOTHING:
        return told
    return f"{told}; this sample supports no more than {times(found.cap)}"


def example_scores(calibration: Calibration) -> tuple[float, ...]:
    """Scores to explain a calibration by: its thresholds, and some that lie evenly through what was seen."""
    edges = np.array(calibration.whole.reference.edges)
    inner = np.quantile(edges, (0.05, 0.25, 0.5, 0.75, 0.95)) if len(edges) else np.zeros(0)
    return tuple(dict.fromkeys(float(f"{score:.3g}") for score in inner.tolist()))


def quality_of(fitted: Fitted) -> str:
    """What the figures come to, in a sentence."""
    cost = fitted.figures.cllr
    if cost.low >= 1 or fitted.bounds.upper - fitted.bounds.lower < _NOTHING:
        return "These scores say nothing of use: whoever believes them is no better off than with none."
    if cost.high >= 1:
        return "It is open whether these scores say anything of use; label more items."
    share = 1 - cost.value
    strength = "little" if share < 0.1 else "something" if share < 0.4 else "much" if share < 0.75 else "very much"
    return f"These scores say {strength}: they take away {100 * share:.0f} % of the uncertainty between AI and not AI."


def band_words(fitted: Fitted) -> tuple[str, str]:
    """The two verdicts and what each promises."""
    above, below = fitted.band.above, fitted.band.below
    return _side(above, Verdict.FOR, "above", "not made by AI"), _side(below, Verdict.AGAINST, "below", "made by AI")


def _side(side: Side, verdict: Verdict, where: str, whom: str) -> str:
    if side.beyond is None:
        needed = least_items(side.alpha)
        few = f"{side.items:,} items {whom} are too few to promise {percent(side.alpha)}"
        return f"never `{verdict}`: {few}; {needed:,} do"
    promise = f"of items {whom} at most {percent(side.alpha)} on average, {percent(side.likely)} at 95 % confidence"
    return f"`{verdict}` {where} {side.beyond:.4g}: {promise} ({side.items:,} items)"
