"""Every estimator with the truth it aims at. It never looks at the population but for that truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.estimate.domain import everything
from assay.engine.backtest.estimate.intervals import share_of_trials
from assay.engine.backtest.estimate.labels.agreement import krippendorff
from assay.engine.backtest.estimate.labels.imperfect import rogan_gladen
from assay.engine.backtest.estimate.labels.quality import (
    Found,
    Part,
    Parts,
    Rows,
    overturn,
    precision,
    prevalence,
    recall,
)
from assay.engine.backtest.estimate.rates import difference, rate
from assay.engine.backtest.estimate.totals import Known, hajek_total, post_stratified, total
from assay.engine.backtest.figures import Estimate
from assay.interfaces.histories.synth.judging import SENSITIVITY, SPECIFICITY
from benchmarks.covering.drawing import Drawn
from benchmarks.covering.population import Population

_DONE, _NOT = 2, 0
# The share of sampled rows that people judge, and of those the share that is adjudicated.
_JUDGED, _SETTLED = 0.8, 0.5
# Items of each kind whose answer is known, on which reviewers are tried.
_GOLDEN = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimator: the designs it is for, what is true, and what a sample says."""

    name: str
    designs: tuple[str, ...]
    truth: Callable[[Population], float]
    estimate: Callable[[Drawn, np.random.Generator], Estimate]


def _amounts(found: NDArray[np.bool_], drawn: Drawn) -> NDArray[np.float64]:
    return found[drawn.rows].astype(np.float64)


def removed_total(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """How many uploads the candidate removes."""
    return total(drawn.design, drawn.domain(_amounts(drawn.population.new, drawn)))


def removed_hajek(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """The same where the number of uploads is known."""
    found = drawn.domain(_amounts(drawn.population.new, drawn))
    return hajek_total(drawn.design, found, everything(drawn.design.strata), drawn.population.rows)


def removed_rate(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """The share of uploads that it removes."""
    found = drawn.domain(_amounts(drawn.population.new, drawn))
    return rate(drawn.design, found, everything(drawn.design.strata))


def removed_in_language(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """The share of the uploads in one language that it removes: a rate in a part of the sample."""
    here = drawn.population.language[drawn.rows] == _LANGUAGE
    found = drawn.domain(_amounts(drawn.population.new, drawn) * here)
    return rate(drawn.design, found, drawn.domain(here.astype(np.float64)))


_LANGUAGE = 2


def of_decisions(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """The share of decisions that remove: an upload is decided once in each market that it reached."""
    reached = drawn.population.reached[drawn.rows]
    part = drawn.within(reached * _amounts(drawn.population.new, drawn), reached)
    return rate(drawn.design, part, drawn.domain(reached))


def changed_total(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """How many more uploads the candidate removes."""
    return total(drawn.design, drawn.domain(_change(drawn), signed=True))


def changed_rate(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """By how much the share that is removed changes."""
    return rate(drawn.design, drawn.domain(_change(drawn), signed=True), everything(drawn.design.strata))


def _change(drawn: Drawn) -> NDArray[np.float64]:
    return _amounts(drawn.population.new, drawn) - _amounts(drawn.population.old, drawn)


def moved_total(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """How many uploads go from removed to kept: one cell of the matrix."""
    moved = drawn.population.old[drawn.rows] & ~drawn.population.new[drawn.rows]
    return total(drawn.design, drawn.domain(moved.astype(np.float64)))


def by_language(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """Removed uploads, reweighted to the number of uploads in each language."""
    languages, new = drawn.population.language[drawn.rows], _amounts(drawn.population.new, drawn)
    groups = {}
    for code, size in enumerate(drawn.population.languages):
        if size:
            here = languages == code
            found = drawn.domain(new * here)
            groups[str(code)] = Known(found, drawn.domain(here.astype(np.float64)), float(size))
    return post_stratified(drawn.design, groups)


def views_total(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """Views of removed uploads."""
    views = drawn.population.views[drawn.rows]
    return total(drawn.design, drawn.domain(views * _amounts(drawn.population.new, drawn)), drawn.domain(views))


def per_view(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """Prevalence: the share of views on uploads that are removed."""
    views = drawn.population.views[drawn.rows]
    return rate(drawn.design, drawn.domain(views * _amounts(drawn.population.new, drawn)), drawn.domain(views))


def reviewer_seconds(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """A forecast that is a sum: what reviewers need for all of it."""
    most = np.full(drawn.rows.size, drawn.population.seconds.max())
    return total(drawn.design, drawn.domain(drawn.population.seconds[drawn.rows]), drawn.domain(most))


def wilson(drawn: Drawn, _: np.random.Generator) -> Estimate:
    """The plain share of a simple sample."""
    found = drawn.population.new[drawn.rows]
    return share_of_trials(int(found.sum()), int(found.size))


def two_markets(drawn: Drawn, chance: np.random.Generator) -> Estimate:
    """The difference of two rates that come from two halves of the rows, as from two samples."""
    half = chance.random(drawn.rows.size) < 0.5
    found = drawn.population.new[drawn.rows]
    sides = [share_of_trials(int(found[side].sum()), int(side.sum())) for side in (half, ~half)]
    return difference(*sides)


# ------------------------------------------------------------------ what people found


def _parts(drawn: Drawn, judged: NDArray[np.bool_], truth: NDArray[np.bool_]) -> Parts:
    """Rows by stratum and by what the candidate does to them, with what people found of those that are judged."""
    done = drawn.population.new[drawn.rows]
    parts = []
    for place, name in enumerate(drawn.names):
        for state, side in ((_NOT, ~done), (_DONE, done)):
            here = (drawn.strata == place) & side
            weights = drawn.weights[here]
            if not weights.size:
                continue
            known = judged[here]
            own, right = weights[known], truth[here][known].astype(np.float64)
            squares = own**2
            sums = [float((each * right).sum()) for each in (own, squares, squares)]
            found = Found(int(own.size), float(right.sum()), float(own.sum()), float(squares.sum()), *sums)
            rows = Rows(int(weights.size), float(weights.sum()), float((weights**2).sum()))
            parts.append(Part(name, state, rows, found))
    return tuple(parts)


def _judged(drawn: Drawn, chance: np.random.Generator) -> NDArray[np.bool_]:
    return chance.random(drawn.rows.size) < _JUDGED


def precision_of(drawn: Drawn, chance: np.random.Generator) -> Estimate:
    """Of what is removed, how much should be."""
    return precision(drawn.design, _parts(drawn, _judged(drawn, chance), drawn.population.right[drawn.rows]))


def recall_of(drawn: Drawn, chance: np.random.Generator) -> Estimate:
    """Of what should be removed, how much is."""
    return recall(drawn.design, _parts(drawn, _judged(drawn, chance), drawn.population.right[drawn.rows]))


def overturned(drawn: Drawn, chance: np.random.Generator) -> Estimate:
    """Of what is removed, how much a reviewer would reverse."""
    return overturn(drawn.design, _parts(drawn, _judged(drawn, chance), drawn.population.said[drawn.rows]))


def corrected(drawn: Drawn, chance: np.random.Generator) -> Estimate:
    """How much should be removed, from reviewers who err, and who were tried on golden items of their own."""
    said = drawn.population.said[drawn.rows]
    found, cleared = chance.binomial(_GOLDEN, SENSITIVITY), chance.binomial(_GOLDEN, SPECIFICITY)
    apparent = prevalence(drawn.design, _parts(drawn, _judged(drawn, chance), said))
    return rogan_gladen(apparent, (int(found), _GOLDEN), (int(cleared), _GOLDEN))


def corrected_within(drawn: Drawn, chance: np.random.Generator) -> Estimate:
    """The same, with reviewers tried on some of the very items that they judged."""
    judged = _judged(drawn, chance)
    said, right = drawn.population.said[drawn.rows], drawn.population.right[drawn.rows]
    settled = judged & (chance.random(judged.size) < _SETTLED)
    found, ill = int((said & right & settled).sum()), int((right & settled).sum())
    cleared, well = int((~said & ~right & settled).sum()), int((~right & settled).sum())
    return rogan_gladen(prevalence(drawn.design, _parts(drawn, judged, said)), (found, ill), (cleared, well))


def alpha(drawn: Drawn, chance: np.random.Generator) -> Estimate:
    """How far two reviewers agree, in what both saw of a simple sample."""
    seen = _judged(drawn, chance)
    return krippendorff(_patterns(drawn.population, drawn.rows[seen]))


def _patterns(population: Population, rows: NDArray[np.intp]) -> Counter[tuple[tuple[str, int], ...]]:
    yes = population.agreed[0][rows].astype(int) + population.agreed[1][rows]
    kinds = {0: (("no", 2),), 1: (("no", 1), ("yes", 1)), 2: (("yes", 2),)}
    counts = np.bincount(yes, minlength=3).tolist()
    return Counter({kinds[number]: count for number, count in enumerate(counts) if count})


# --------------------------------------------------------------------------- the list


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float((part & whole).sum() / whole.sum())


def _alpha_of_all(population: Population) -> float:
    return krippendorff(_patterns(population, np.arange(population.rows))).value or 0.0


ITEMS = ("simple", "stratified", "poisson")
# Where views are what counts, samples that take what is seen most are drawn as well.
VIEWS = ("simple", "by views", "cut by views")
BY_RISK = ("stratified", "poisson")
FIGURES = (
    Figure("Horvitz-Thompson total", ITEMS, lambda of: float(of.new.sum()), removed_total),
    Figure("Hájek total", ITEMS, lambda of: float(of.new.sum()), removed_hajek),
    Figure("rate", ITEMS, lambda of: float(of.new.mean()), removed_rate),
    Figure("rate in one language", ITEMS, lambda of: _share(of.new, of.language == _LANGUAGE), removed_in_language),
    Figure("rate of decisions", ITEMS, lambda of: float((of.new * of.reached).sum() / of.reached.sum()), of_decisions),
    Figure("post-stratified total", ITEMS, lambda of: float(of.new.sum()), by_language),
    Figure("one cell of the matrix", ITEMS, lambda of: float((of.old & ~of.new).sum()), moved_total),
    Figure("difference of totals", ITEMS, lambda of: float(of.new.sum() - of.old.sum()), changed_total),
    Figure("difference of rates", ITEMS, lambda of: float(of.new.mean() - of.old.mean()), changed_rate),
    Figure("views of what is removed", VIEWS, lambda of: float(of.views[of.new].sum()), views_total),
    Figure("prevalence per view", VIEWS, lambda of: float(of.views[of.new].sum() / of.views.sum()), per_view),
    Figure("reviewers' seconds", ITEMS, lambda of: float(of.seconds.sum()), reviewer_seconds),
    Figure("precision", ITEMS, lambda of: _share(of.right, of.new), precision_of),
    Figure("recall", ITEMS, lambda of: _share(of.new, of.right), recall_of),
    Figure("overturn rate", ITEMS, lambda of: _share(~of.said, of.new), overturned),
    Figure("Rogan-Gladen", ITEMS, lambda of: float(of.right.mean()), corrected),
    Figure("Wilson", ("simple",), lambda of: float(of.new.mean()), wilson),
    Figure("difference of two samples", ("simple",), lambda of: 0.0, two_markets),
    Figure("Krippendorff's alpha", ("simple",), _alpha_of_all, alpha),
)
# Intervals that are wider than need be, on purpose: trials on the very items that were judged are taken for trials of
# their own; and of views a sample by risk leaves nearly all to a few rows, so that nobody knows what it did not see.
CAUTIOUS = (
    Figure("Rogan-Gladen, own trials", ITEMS, lambda of: float(of.right.mean()), corrected_within),
    *[replace(figure, designs=BY_RISK) for figure in FIGURES if figure.designs == VIEWS],
)
# The same rows as if they were a simple sample: what reviewing the risky ones and averaging comes to.
NAIVE = Figure("pooled, unweighted", ("stratified", "poisson"), lambda of: float(of.new.mean()), wilson)
