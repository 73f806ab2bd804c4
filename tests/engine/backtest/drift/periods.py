"""Made-up days of uploads for tests of drift, and what one small pack makes of them. It tests nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.drift.watch import Watch
from assay.engine.backtest.history.block import Group, HistoryBlock, Label
from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.program.columnar.compile import compile_columnar
from assay.engine.program.columnar.table.block import Block
from assay.engine.program.columnar.table.columns import Coded, Column, Dictionary, Numbers
from assay.engine.program.lower import lower_pack
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VALUES = (None, "none", "altered", "generated")
SETS = (None, frozenset[str](), frozenset({"inpainting"}), frozenset({"inpainting", "face_swap"}))
PACK = a_pack(
    a_rule("p/label", 'ai_extent.atLeast("altered")', then=("label:ai",)),
    a_rule("p/gone", 'ai_extent == "generated" && disclosed', then=("removed",)),
    vocabulary=a_vocabulary(
        a_signal("disclosed"),
        a_signal("ai_extent", "scale"),
        a_signal("made_with", "set"),
        a_signal("risk", "score"),
        a_signal("followers", "number", minimum=0, integer=True),
    ),
)
COLUMNAR = compile_columnar([lower_pack(PACK)])
FIRST = (parse_instant("2026-09-01") or 0) // DAY


@dataclass(frozen=True, slots=True)
class World:
    """What uploads are like.

    extent    how likely each value of `ai_extent` is, unknown first
    lifted    by how much a score of the risk is too low now, 0 for one that means what it says
    unlike    how much days differ from one another beyond chance
    share     how many of the uploads are in the sample: of the quiet ones, and of the others
    people    how many upload, each in one language; 0 where nobody knows who
    named     what uploaders' names begin with
    """

    extent: tuple[float, ...] = (0.1, 0.6, 0.2, 0.1)
    disclosed: float = 0.3
    known_sets: float = 0.9
    languages: tuple[float, ...] = (0.7, 0.3)
    lifted: float = 0.0
    labelled: float = 0.0
    unlike: float = 0.0
    share: tuple[float, float] = (1.0, 1.0)
    markets: tuple[str, ...] = ()
    people: int = 0
    named: str = "u"


def blocks_of(world: World, seed: int, *, first: int = 0, days: int = 28, rows: int = 100) -> list[HistoryBlock]:
    """A block for each day."""
    chance = np.random.default_rng(seed)
    return [_block(world, chance, FIRST + first + day, rows) for day in range(days)]


def watched(blocks: Sequence[HistoryBlock]) -> Watch:
    found = Watch(COLUMNAR.bundles[0].program)
    for block in blocks:
        found.add(block, COLUMNAR.evaluate(block.block))
    return found


def period(world: World, seed: int, *, first: int = 0, days: int = 28, rows: int = 100) -> Watch:
    return watched(blocks_of(world, seed, first=first, days=days, rows=rows))


def _block(world: World, chance: np.random.Generator, day: int, rows: int) -> HistoryBlock:
    extent = np.array(world.extent)
    if world.unlike:
        extent *= np.exp(chance.normal(0, world.unlike, extent.size))
    values = chance.choice(len(VALUES), rows, p=extent / extent.sum())
    strata = (values > 1).astype(np.int64)
    kept = chance.random(rows) < np.array(world.share)[strata]
    values, strata = values[kept], strata[kept]
    size = int(kept.sum())
    risk = np.clip(chance.beta(2, 2, size), 0, 1)
    columns: dict[str, Column] = {
        "ai_extent": Coded(values.astype(np.uint8), Dictionary(VALUES)),
        "disclosed": Coded(
            (1 + (chance.random(size) < world.disclosed)).astype(np.uint8), Dictionary((None, False, True))
        ),
        "made_with": Coded(_sets(world, chance, size), Dictionary(SETS)),
        "risk": Numbers(np.where(chance.random(size) < 0.05, np.nan, risk)),
        "followers": Numbers(chance.geometric(0.01, size).astype(np.int64)),
    }
    block = Block(size, columns, day * DAY)
    speaks, creators = chance.choice(2, size, p=world.languages), None
    if world.people:
        # Who uploads is one of few, and speaks the language that their name was dealt.
        who = chance.integers(0, world.people, size)
        own = np.array([share_of(f"{world.named}{one}", "language") for one in range(world.people)])
        speaks = (own[who] > world.languages[0]).astype(np.int64)
        creators = Group(who, tuple(f"{world.named}{one}" for one in range(world.people)))
    languages = Group(speaks, ("de", "fr"))
    probability = np.array(world.share)[strata]
    views = {market: chance.integers(0, 3, size) for market in world.markets}
    labels = _labels(world, chance, risk)
    stratum = Group(strata, ("quiet", "loud"))
    return HistoryBlock(block, stratum, probability, views, {"language": languages}, creators, labels=labels)


def _sets(world: World, chance: np.random.Generator, size: int) -> NDArray[np.uint8]:
    known = chance.random(size) < world.known_sets
    return np.where(known, 1 + chance.choice(3, size, p=(0.5, 0.3, 0.2)), 0).astype(np.uint8)


def _labels(world: World, chance: np.random.Generator, risk: NDArray[np.float64]) -> tuple[Label, ...]:
    rows = np.flatnonzero(chance.random(risk.size) < world.labelled)
    found = chance.random(rows.size) < np.clip(risk[rows] + world.lifted, 0, 1)
    return tuple(
        Label(int(row), "removed", "yes" if so else "no", "ada", 0, final=False)
        for row, so in zip(rows, found.tolist(), strict=True)
    )
