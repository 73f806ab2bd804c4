"""How far people agree: Krippendorff's alpha and Cohen's kappa, from counts of who said what. It names nobody."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from assay.engine.backtest.estimate.intervals import most_unseen, quantile
from assay.engine.backtest.figures import Estimate
from assay.engine.backtest.rehearsal import Agreement

# What was said of one item: each value and how many people said it, in the order of values.
Pattern: TypeAlias = tuple[tuple[str, int], ...]
ALPHA, KAPPA = "jackknife", "delta"
_LEAST_ITEMS = 2


def krippendorff(patterns: Mapping[Pattern, int]) -> Estimate:
    """Krippendorff's alpha for values without order; anybody may have said nothing of an item.

    patterns  how many items have each; items of which fewer than two people spoke are left aside
    returns   no value where only one value was ever said, so that agreement cannot be told from habit
    source    Krippendorff 2019, Content Analysis, ch. 12; interval by leaving each item out in turn, on the scale of
              log(1 - alpha): Efron and Stein 1981, doi:10.1214/aos/1176345462
    """
    paired = {pattern: items for pattern, items in patterns.items() if sum(count for _, count in pattern) > 1}
    items = sum(paired.values())
    said: Counter[str] = Counter()
    apart = 0.0
    for pattern, times in paired.items():
        apart += times * _apart(pattern)
        for word, count in pattern:
            said[word] += times * count
    by_chance = _by_chance(said)
    if items < _LEAST_ITEMS or not by_chance:
        return Estimate(None, None, None, items, ALPHA)
    value = 1 - apart / said.total() / by_chance
    if not apart:
        # Nobody differed: what differences so many items can have hidden.
        return Estimate(1.0, max(-1.0, 1 - most_unseen(items) / by_chance), 1.0, items, ALPHA)
    error = _jackknife_error(paired, said, apart)
    if error is None:
        return Estimate(value, -1.0, 1.0, items, ALPHA)
    factor = math.exp(min(quantile(items - 1) * error, 50.0))
    return Estimate(value, max(-1.0, 1 - (1 - value) * factor), 1 - (1 - value) / factor, items, ALPHA)


def _apart(pattern: Pattern) -> float:
    """How many pairs of values of an item differ, each pair weighed so that every value counts once."""
    said = sum(count for _, count in pattern)
    return (said**2 - sum(count**2 for _, count in pattern)) / (said - 1)


def _by_chance(said: Mapping[str, int]) -> float:
    """The share of pairs that would differ if values were dealt out to items by chance."""
    values = sum(said.values())
    return (values**2 - sum(count**2 for count in said.values())) / (values * (values - 1)) if values > 1 else 0.0


def _jackknife_error(paired: Mapping[Pattern, int], said: Counter[str], apart: float) -> float | None:
    """The standard error of log(1 - alpha); None where without one item alpha is not there."""
    without: list[tuple[float, int]] = []
    for pattern, times in paired.items():
        left = said.copy()
        left.subtract(dict(pattern))
        difference, by_chance = apart - _apart(pattern), _by_chance(left)
        if difference <= 0 or not by_chance:
            return None
        without.append((math.log(difference / left.total() / by_chance), times))
    items = sum(times for _, times in without)
    mean = math.fsum(one * times for one, times in without) / items
    return math.sqrt((items - 1) / items * math.fsum(times * (one - mean) ** 2 for one, times in without))


def cohen(pairs: Mapping[tuple[str, str], int]) -> Estimate:
    """Cohen's kappa of two people, by how often each pair of values was said.

    source  Cohen 1960, doi:10.1177/001316446002000104; interval: Fleiss, Cohen and Everitt 1969,
            doi:10.1037/h0028106
    """
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    values = sorted({value for pair in pairs for value in pair})
    items = sum(pairs.values())
    if len(values) < 2 or items < _LEAST_ITEMS:
        return Estimate(None, None, None, items, KAPPA)
    place = {value: number for number, value in enumerate(values)}
    table = np.zeros((len(values), len(values)))
    for (one, other), times in pairs.items():
        table[place[one], place[other]] += times
    by_chance = 1 - float(table.sum(0) @ table.sum(1)) / items**2
    if not by_chance:
        return Estimate(None, None, None, items, KAPPA)
    if float(np.trace(table)) == items:
        return Estimate(1.0, max(-1.0, 1 - most_unseen(items) / by_chance), 1.0, items, KAPPA)
    # What divides by nothing there is a test that is not asked for.
    with np.errstate(all="ignore"):
        found = cohens_kappa(table)
    low, high = max(-1.0, float(found.kappa_low)), min(1.0, float(found.kappa_upp))
    return Estimate(float(found.kappa), low, high, items, KAPPA)


class Ratings:
    """What people said of one thing on many items, kept as counts: no item and no order of them is kept."""

    def __init__(self) -> None:
        self.patterns: Counter[Pattern] = Counter()
        self.pairs: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
        self.people: set[str] = set()

    def add(self, said: Mapping[str, str]) -> None:
        """What each of some people said of one item."""
        self.people |= said.keys()
        if len(said) < 2:
            return
        named = sorted(said)
        values = sorted(said.values())
        self.patterns[tuple([(value, values.count(value)) for value in dict.fromkeys(values)])] += 1
        for place, one in enumerate(named):
            for other in named[place + 1 :]:
                self.pairs.setdefault((one, other), Counter())[said[one], said[other]] += 1

    def merge(self, other: Ratings) -> None:
        """What was said of other items."""
        self.patterns += other.patterns
        self.people |= other.people
        for both, pairs in other.pairs.items():
            self.pairs[both] = self.pairs.get(both, Counter()) + pairs


def agreement_of(of: str, ratings: Ratings) -> Agreement:
    """How far people agree; kappa of the two who share most items."""
    shared = sorted(ratings.pairs.items(), key=_most_shared)
    kappa = cohen(shared[0][1]) if shared else None
    return Agreement(of, ratings.patterns.total(), len(ratings.people), krippendorff(ratings.patterns), kappa)


def _most_shared(one: tuple[tuple[str, str], Counter[tuple[str, str]]]) -> tuple[int, tuple[str, str]]:
    return -one[1].total(), one[0]


def agreements(ratings: Mapping[str, Ratings], order: Iterable[str]) -> tuple[Agreement, ...]:
    """One line for each thing on which two people spoke of one item, in the order given."""
    return tuple([agreement_of(of, ratings[of]) for of in order if of in ratings and ratings[of].patterns])
