"""Made-up histories for tests, and what is in them. It holds no test."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay.engine.backtest.history.block import HistoryBlock
from assay.engine.backtest.history.needs import Needs
from assay.engine.language.pack.pack import Pack
from assay.engine.program.lower import lower_pack
from assay.interfaces.histories.synth.make import Made, synthesise
from assay.interfaces.histories.synth.recipe import Recipe
from assay.interfaces.packs import load_pack
from tests.conftest import ROOT
from tests.interfaces.histories.made import prepared, read_all

STARTER = ROOT / "packs" / "starter"
EDITIONS = ROOT / "packs" / "editions"


@cache
def edition(year: int) -> Pack:
    return load_pack(EDITIONS / str(year))


def made_up(packs: Sequence[Pack], out: Path, recipe: Recipe, truth: Path | None = None) -> Made:
    found = synthesise(packs, recipe, out, truth)
    assert isinstance(found, Made), found
    return found


def table(path: Path, *columns: str) -> Any:
    return pq.read_table(path, columns=list(columns) or None)


def blocks_of(path: Path, packs: Sequence[Pack]) -> list[HistoryBlock]:
    """All blocks of a history, none of whose rows may be refused."""
    needs = Needs.of([lower_pack(pack) for pack in packs], shown=True)
    assert isinstance(needs, Needs), needs
    blocks, refusals = read_all(prepared(path, needs))
    assert refusals.listed() == ()
    return blocks
