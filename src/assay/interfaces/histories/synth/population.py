"""Uploads of which everything is known, drawn in parts that do not depend on each other. It hides nothing of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.interfaces.histories.synth.chance import Bits, bits_of, mixed, shares_of, stream
from assay.interfaces.histories.synth.plan import PHASES, Plan, SignalPlan

# Rows that are drawn together; the same seed gives other rows where this is changed.
PART = 1 << 16
# What a detector's scores are worth for the risk by which strata are cut, beside the kind.
_OF_SCORE = 0.35
RISKS, REACHES = 256, 20


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """What lies behind the uploads of a part.

    first   the place of its first upload among all
    slot    hours since the first day began
    kind    the kind of upload, `score` a detector's code for it
    size    how often it is seen in all, about
    risk    how likely an operator would think that it breaks a rule, from 0 to 255
    reach   how often it is seen in all, in doublings
    """

    part: int
    first: int
    slot: NDArray[np.int64]
    creator: NDArray[np.uint64]
    cohort: NDArray[np.int64]
    kind: NDArray[np.int64]
    score: NDArray[np.uint16]
    size: NDArray[np.float64]
    risk: NDArray[np.int64]
    reach: NDArray[np.int64]

    @property
    def rows(self) -> int:
        """How many uploads it has."""
        return int(self.kind.size)


@dataclass(frozen=True, slots=True, eq=False)
class Uploads:
    """Uploads with all that is known of them; codes are places in the menus of their signals."""

    places: NDArray[np.int64]
    slot: NDArray[np.int64]
    creator: NDArray[np.uint64]
    cohort: NDArray[np.int64]
    kind: NDArray[np.int64]
    home: NDArray[np.int64]
    language: NDArray[Any]
    surface: NDArray[Any]
    views: Mapping[str, NDArray[np.int64]]
    codes: Mapping[str, NDArray[Any]]

    @property
    def rows(self) -> int:
        """How many uploads there are."""
        return int(self.kind.size)

    def taken(self, rows: NDArray[np.intp] | None) -> Uploads:
        """Some of them, in the order given; None is all."""
        if rows is None:
            return self
        return Uploads(
            self.places[rows],
            self.slot[rows],
            self.creator[rows],
            self.cohort[rows],
            self.kind[rows],
            self.home[rows],
            self.language[rows],
            self.surface[rows],
            {market: found[rows] for market, found in self.views.items()},
            {name: found[rows] for name, found in self.codes.items()},
        )


def parts_of(plan: Plan) -> Iterator[int]:
    """The numbers of all parts."""
    yield from range(-(-plan.recipe.rows // PART))


def latent_of(plan: Plan, part: int) -> Latent:
    """What lies behind the uploads of one part; cheap, since strata need it of every part before any is written."""
    seed, first = plan.recipe.seed, part * PART
    rows = min(PART, plan.recipe.rows - first)
    slot = np.searchsorted(plan.starts, np.arange(first, first + rows), side="right") - 1
    # A few upload much of it, and most once: ranks are drawn towards the lowest.
    rank = shares_of(stream(seed, part, "creator"), rows)
    creator = (rank * rank * plan.creators).astype(np.uint64)
    cohort = plan.cohort.spin(0, creator_bits(creator, f"{seed} cohort")).astype(np.int64)
    elapsed = slot * PHASES // (24 * plan.recipe.days)
    kind = plan.kinds_of.spin(cohort * PHASES + elapsed, bits_of(stream(seed, part, "kind"), rows)).astype(np.int64)
    score = _scores(plan, part, kind, slot)
    risk = (1.0 - _OF_SCORE) * plan.risk[kind] + _OF_SCORE * (score.astype(np.float64) / 1000.0)
    # Operators guess: what they think of an upload is not what it is.
    risk += 0.2 * (shares_of(stream(seed, part, "guess"), rows) - 0.5)
    levels = np.clip(risk * RISKS, 0, RISKS - 1).astype(np.int64)
    size = plan.audience.sizes.take((bits_of(stream(seed, part, "size"), rows) >> 3).astype(np.int64))
    size *= plan.followed.take(cohort)
    # The exponent of a double is a logarithm that is the same on every machine.
    reach = np.clip(np.frexp(size)[1], 0, REACHES - 1).astype(np.int64)
    return Latent(part, first, slot, creator, cohort, kind, score, size, levels, reach)


def _scores(plan: Plan, part: int, kind: NDArray[np.int64], slot: NDArray[np.int64]) -> NDArray[np.uint16]:
    bits = bits_of(stream(plan.recipe.seed, part, "score"), kind.size)
    seen = kind
    if plan.recipe.drift:
        # Generators learn: towards the end, up to 45 of 100 uploads are scored as if they were photos.
        chance = bits_of(stream(plan.recipe.seed, part, "evading"), kind.size)
        seen = np.where(chance < slot * 29491 // (24 * plan.recipe.days), 0, kind)
    return plan.score.spin(seen, bits).astype(np.uint16)


def uploads_of(plan: Plan, latent: Latent, rows: NDArray[np.intp] | None = None) -> Uploads:
    """The uploads of a part with all their signals, or some of them: what is not taken costs nothing more."""
    seed, part = plan.recipe.seed, latent.part

    def of(values: NDArray[Any]) -> NDArray[Any]:
        return values if rows is None else values[rows]

    def bits(name: str) -> Bits:
        return of(bits_of(stream(seed, part, name), latent.rows))

    kind, creator, cohort = of(latent.kind), of(latent.creator), of(latent.cohort)
    home = plan.audience.home.spin(0, bits("home")).astype(np.int64)
    language = plan.audience.language.spin(home, bits("language"))
    views = {
        market: plan.audience.views(place, home, language, of(latent.size), bits(f"views {market}"))
        for place, market in enumerate(plan.audience.markets)
    }
    busy_kinds = np.array([one.busy for one in plan.kinds]).astype(np.int64)
    codes = {}
    for each in plan.signals:
        if each.name == plan.detector:
            codes[each.name] = of(latent.score)
        elif each.of_creator:
            codes[each.name] = _of_creator(each, creator, cohort, seed)
        else:
            classes = kind if each.menu.by_kind else busy_kinds[kind]
            codes[each.name] = each.wheel.spin(classes, bits(f"signal {each.name}"))
    surface = plan.surface.spin(0, bits("surface"))
    places = of(np.arange(latent.first, latent.first + latent.rows))
    return Uploads(places, of(latent.slot), creator, cohort, kind, home, language, surface, views, codes)


def _of_creator(each: SignalPlan, creator: NDArray[np.uint64], cohort: NDArray[np.int64], seed: int) -> NDArray[Any]:
    """What is so of an account, whatever its owner uploads this time."""
    classes = np.zeros_like(cohort) if each.menu.by_kind else np.isin(cohort, _BUSY_COHORTS).astype(np.int64)
    return each.wheel.spin(classes, creator_bits(creator, f"{seed} {each.name}"))


# New uploaders and those of mass-produced clips, by their places among the cohorts.
_BUSY_COHORTS = (0, 4)


def creator_bits(creator: NDArray[np.uint64], salt: str) -> Bits:
    """Sixteen bits that a creator always has."""
    return (mixed(creator, salt) >> np.uint64(48)).astype(np.uint16)
