"""Which uploads a sampling design takes, and with what probability. It never looks at what is decided of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.layout import ONE_STRATUM
from assay.interfaces.histories.synth.chance import shares_of, stream
from assay.interfaces.histories.synth.plan import Plan
from assay.interfaces.histories.synth.population import REACHES, RISKS, Latent, latent_of, parts_of

# Strata by risk: the share of uploads below each one's upper end, and how much of the sample goes to it.
_STRATA = (("low", 0.80, 0.35), ("medium", 0.94, 0.25), ("high", 0.985, 0.20), ("top", 1.0, 0.20))
# What is seen most is taken whole, up to this share of the sample: a sample of items would miss most of the views.
MOST_SEEN, _SEEN_SHARE = "most seen", 0.25
# So many of each stratum are taken where there are so many, or no variance could be told.
_FEWEST_EACH = 20


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """The uploads of a part that are taken: their places in it, their stratum and the probability they had."""

    rows: NDArray[np.intp] | None
    strata: NDArray[np.int64]
    probability: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sampling:
    """A design, worked out for one population.

    names          the strata
    stratum_of     by risk and reach, the place of the stratum
    probability    by risk and reach; where the number of rows is fixed, the share of the stratum's rows
    counts         by part and stratum, how many rows are taken; None where each is taken or not by itself
    """

    design: str
    names: tuple[str, ...]
    stratum_of: NDArray[np.int64]
    probability: NDArray[np.float64]
    counts: NDArray[np.int64] | None
    seed: int

    def taken(self, latent: Latent) -> Taken:
        """What is taken of a part."""
        cells = latent.risk * REACHES + latent.reach
        strata, probability = self.stratum_of[cells], self.probability[cells]
        if self.design == "census":
            return Taken(None, strata, probability)
        chance = stream(self.seed, latent.part, "sample")
        if self.counts is None:
            rows = np.flatnonzero(shares_of(chance, latent.rows) < probability)
        else:
            picked = []
            for place, wanted in enumerate(self.counts[latent.part].tolist()):
                members = np.flatnonzero(strata == place)
                picked.append(members[chance.choice(members.size, wanted, replace=False, shuffle=False)])
            rows = np.sort(np.concatenate(picked))
        return Taken(rows, strata[rows], probability[rows])


def sampling_of(plan: Plan, reached: Callable[[int], None]) -> Sampling:
    """The design of a recipe; for strata and probabilities every upload is looked at once."""
    recipe = plan.recipe
    one = np.zeros(RISKS * REACHES, np.int64)
    if recipe.design == "census" or not recipe.rows:
        return Sampling("census", (ONE_STRATUM,), one, np.ones(one.size), None, recipe.seed)
    cells = []
    for part in parts_of(plan):
        latent = latent_of(plan, part)
        cells.append(np.bincount(latent.risk * REACHES + latent.reach, minlength=one.size))
        reached(part)
    by_part = np.array(cells, np.int64)
    whole = by_part.sum(axis=0)
    if recipe.design == "poisson":
        return Sampling("poisson", (ONE_STRATUM,), one, _by_size(whole, recipe.wanted), None, recipe.seed)
    simple = recipe.design == "simple"
    names, stratum_of, shares = ((ONE_STRATUM,), one, [1.0]) if simple else _strata(whole, recipe.wanted)
    sizes = np.bincount(stratum_of, whole, len(names)).astype(np.int64)
    wanted = _allocated(sizes, shares, recipe.wanted)
    probability = (wanted / np.maximum(sizes, 1))[stratum_of]
    counts = np.zeros((len(by_part), len(names)), np.int64)
    for place, name in enumerate(names):
        of_part = by_part[:, stratum_of == place].sum(axis=1)
        chance = stream(recipe.seed, "allocation", name)
        counts[:, place] = chance.multivariate_hypergeometric(of_part, wanted[place], method="marginals")
    return Sampling(recipe.design, names, stratum_of, probability, counts, recipe.seed)


def _by_size(whole: NDArray[np.int64], wanted: int) -> NDArray[np.float64]:
    """Probabilities that sum to as many rows as are wanted: half by risk, half by how often uploads are seen."""
    risk = np.repeat(0.05 + np.arange(RISKS) / RISKS, REACHES)
    reach = np.tile(np.ldexp(1.0, np.arange(REACHES)), RISKS)
    size = risk / float((whole * risk).sum()) + reach / float((whole * reach).sum())
    factor = 0.0
    # Where a probability reaches 1, the others make up for it; a few rounds find the factor.
    for _ in range(50):
        full = factor * size >= 1.0
        rest = float((whole * size)[~full].sum())
        factor = max(factor, (wanted - float(whole[full].sum())) / rest) if rest else factor
    return np.minimum(1.0, factor * size)


def _strata(whole: NDArray[np.int64], wanted: int) -> tuple[tuple[str, ...], NDArray[np.int64], list[float]]:
    """Strata by risk, and what is seen most as one of its own; without those that nobody is in."""
    table = whole.reshape(RISKS, REACHES)
    above = np.cumsum(table.sum(axis=0)[::-1])[::-1]
    seen_most = above <= _SEEN_SHARE * wanted
    by_risk = table[:, ~seen_most].sum(axis=1)
    below = (np.cumsum(by_risk) - by_risk) / max(int(by_risk.sum()), 1)
    ends = [end for _, end, _ in _STRATA]
    stratum = np.minimum(np.searchsorted(ends, below, side="right"), len(ends) - 1)
    found = np.repeat(stratum[:, None], REACHES, axis=1)
    found[:, seen_most] = len(ends)
    sizes = np.bincount(found.ravel(), whole, len(ends) + 1)
    kept = [place for place in range(len(ends) + 1) if sizes[place]]
    renumbered = np.zeros(len(ends) + 1, np.int64)
    renumbered[kept] = np.arange(len(kept))
    names = (*[name for name, _, _ in _STRATA], MOST_SEEN)
    # A weight without end takes all of a stratum.
    shares = [*[share for _, _, share in _STRATA], float("inf")]
    return tuple([names[place] for place in kept]), renumbered[found.ravel()], [shares[place] for place in kept]


def _allocated(sizes: NDArray[Any], shares: list[float], wanted: int) -> NDArray[np.int64]:
    """How many rows each stratum gives; what one cannot give, the others do."""
    every = np.isinf(shares)
    found = np.where(every, sizes, np.minimum(sizes, min(_FEWEST_EACH, wanted // len(shares))))
    while (left := wanted - int(found.sum())) > 0:
        room = sizes - found
        weights = np.where(every, 0.0, shares) * (room > 0)
        more = np.minimum(room, (left * weights / weights.sum()).astype(np.int64))
        if not more.sum():
            more = np.zeros_like(room)
            more[int(np.argmax(room))] = 1
        found = found + more
    return np.asarray(found, np.int64)
