"""Made-up uploads of which everything is known, decided by two editions: what samples are held to. It draws none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assay.engine.language.pack.pack import Pack
from assay.engine.program.columnar.planes import unpack
from assay.interfaces.histories.synth.deciding import Deciding
from assay.interfaces.histories.synth.judging import SENSITIVITY, SPECIFICITY
from assay.interfaces.histories.synth.missing import Missing
from assay.interfaces.histories.synth.plan import plan_of
from assay.interfaces.histories.synth.population import latent_of, parts_of, uploads_of
from assay.interfaces.histories.synth.recipe import Recipe
from assay.interfaces.histories.synth.tables import ids_of
from assay.interfaces.packs import load_pack

EDITIONS = Path(__file__).resolve().parents[2] / "packs" / "editions"
MEASURE = "removed"
# What a reviewer takes for an open item, in seconds; half of them take one question.
_SECONDS = (12.0, 40.0)


@dataclass(frozen=True, eq=False)
class Population:
    """Uploads, one a place in every array.

    risk        from 0 to 255, what strata are cut by
    language    a code; `creator` another
    views       in all markets together; `reached` in how many it has some
    old, new    whether each edition removes it
    right       whether it should be removed, with all that is known
    said        what one reviewer says of that
    agreed      what two others say of that
    seconds     what a reviewer needs for it
    """

    risk: NDArray[np.uint8]
    language: NDArray[np.int64]
    creator: NDArray[np.int64]
    views: NDArray[np.float64]
    reached: NDArray[np.float64]
    old: NDArray[np.bool_]
    new: NDArray[np.bool_]
    right: NDArray[np.bool_]
    said: NDArray[np.bool_]
    agreed: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    seconds: NDArray[np.float64]

    @property
    def rows(self) -> int:
        """How many uploads there are."""
        return int(self.risk.size)

    @cached_property
    def languages(self) -> tuple[int, ...]:
        """How many uploads there are in each language, by its code."""
        return tuple(np.bincount(self.language).tolist())


def population(rows: int, seed: int) -> Population:
    """So many uploads; the same seed gives the same."""
    packs = [load_pack(EDITIONS / year) for year in ("2024", "2025")]
    parts = [_decided([packs[0], packs[1]], rows, seed), _decided([packs[1], packs[0]], rows, seed)]
    (risk, language, creator, views, reached, old, right), (*_, new, _) = parts
    chance = np.random.default_rng(seed)
    people = [np.where(right, chance.random(rows) < SENSITIVITY, chance.random(rows) >= SPECIFICITY) for _ in range(3)]
    open_to_question = chance.random(rows) < np.where(right, 0.5, 0.1)
    seconds = np.where(open_to_question, chance.choice(_SECONDS, rows), 0.0)
    return Population(
        risk.astype(np.uint8),
        language,
        creator,
        views.astype(np.float64),
        reached.astype(np.float64),
        old.astype(bool),
        new.astype(bool),
        right.astype(bool),
        people[0],
        (people[1], people[2]),
        seconds,
    )


def _decided(packs: Sequence[Pack], rows: int, seed: int) -> tuple[NDArray[np.int64], ...]:
    """What is known of each upload; in the end what the first edition does without what is missing, and with it."""
    plan = plan_of(packs, Recipe(rows, seed, missing=0.05))
    assert not isinstance(plan, list)
    measure = packs[0].measures.index[MEASURE]
    deciding, missing = Deciding(plan), Missing.of(plan)
    found: list[tuple[NDArray[np.int64], ...]] = []
    for part in parts_of(plan):
        latent = latent_of(plan, part)
        uploads = uploads_of(plan, latent)
        ids = ids_of(uploads.places)
        done = [
            unpack(deciding.done(uploads, codes, ids)[measure], uploads.rows).astype(np.int64)
            for codes in (missing.hidden(uploads, plan, part), uploads.codes)
        ]
        by_market = np.stack(list(uploads.views.values()))
        views = by_market.sum(axis=0), (by_market > 0).sum(axis=0)
        known = latent.risk.astype(np.int64), uploads.language.astype(np.int64), uploads.creator.astype(np.int64)
        found.append((*known, *views, *done))
    return tuple([np.concatenate(arrays) for arrays in zip(*found, strict=True)])
