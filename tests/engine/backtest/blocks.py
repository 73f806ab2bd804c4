"""Builders of past items, blocks of history, and what two versions make of them. They test nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.history.block import Group, HistoryBlock, Label
from assay.engine.backtest.moments import Stratum
from assay.engine.backtest.replay.seen import Seen
from assay.engine.kernel.instants import DAY, parse_instant
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.measures import Ladder, Measure, Measures
from assay.engine.language.pack.pack import Pack
from assay.engine.program.columnar.compile import Columnar, compile_columnar
from assay.engine.program.columnar.table.block import Block, ListedIds
from assay.engine.program.columnar.table.columns import column_of
from assay.engine.program.lower import lower_pack
from tests.makers import a_measure

FIRST_DAY = (parse_instant("2026-11-02") or 0) // DAY


@dataclass(frozen=True, slots=True)
class Row:
    """One past item; `day` counts from the first day of the history."""

    id: str
    signals: Mapping[str, MaybeValue] = field(default_factory=dict)
    day: int = 0
    hour: int = -1
    creator: str = ""
    probability: float = 1.0
    stratum: str = "all"
    views: Mapping[str, int] = field(default_factory=lambda: {"DE": 10})
    labels: tuple[tuple[str, str], ...] = ()


def measures_with_clocks() -> Measures:
    """A ladder, labels, strikes, and clocks of one hour and of two days."""
    steps = (a_measure("not_recommended", "step", 1), a_measure("removed", "step", 2))
    others = tuple(
        a_measure(name, kind)
        for name, kind in (
            ("label:ai", "member"),
            ("clock:one_hour", "member"),
            ("clock:two_days", "member"),
            ("strike:minor", "kind"),
            ("strike:severe", "kind"),
        )
    )
    ladder = Ladder("visibility", "Visibility", Measure("visible", "Visible", "it stays", "step", "visibility"), steps)
    return Measures(all=(*steps, *others), ladders=(ladder,))


def a_block(rows: Sequence[Row], pack: Pack, *, creators: bool = True, hours: bool = True) -> HistoryBlock:
    """Rows as a block; a market counts for all rows as soon as one of them names it."""
    strata = tuple(dict.fromkeys(row.stratum for row in rows)) or ("all",)
    makers = tuple(dict.fromkeys(row.creator for row in rows)) or ("",)
    markets = sorted({market for row in rows for market in row.views})
    columns = {
        signal.name: column_of([row.signals.get(signal.name) for row in rows])
        for signal in pack.vocabulary.signals
        if not signal.by_market
    }
    block = Block(
        len(rows),
        columns,
        np.array([(FIRST_DAY + row.day) * DAY for row in rows], np.int64),
        ids=ListedIds([row.id for row in rows]),
    )
    return HistoryBlock(
        block,
        Group(np.array([strata.index(row.stratum) for row in rows], np.int64), strata),
        np.array([row.probability for row in rows], np.float64),
        {market: np.array([row.views.get(market, 0) for row in rows], np.int64) for market in markets},
        {},
        creators=Group(np.array([makers.index(row.creator) for row in rows], np.int64), makers) if creators else None,
        hours=np.array([row.hour for row in rows], np.int8) if hours else None,
        labels=tuple(
            Label(place, of, value, "p1", None, final=False)
            for place, row in enumerate(rows)
            for of, value in row.labels
        ),
    )


def both(old: Pack, new: Pack) -> Columnar:
    """Two versions, compiled together."""
    return compile_columnar([lower_pack(old), lower_pack(new)])


def seen_of(rows: Sequence[Row], columnar: Columnar, *, creators: bool = True, hours: bool = True) -> Seen:
    """Rows decided by two versions."""
    pack = columnar.bundles[1].program.pack
    return Seen.of(a_block(rows, pack, creators=creators, hours=hours), columnar)


def design_of(rows: Sequence[Row], hint: str = "") -> Design:
    """The sampling design that rows show."""
    strata = {}
    for name in dict.fromkeys(row.stratum for row in rows):
        weights = [1 / row.probability for row in rows if row.stratum == name]
        squares = sum(weight * weight for weight in weights)
        strata[name] = Stratum(name, len(weights), sum(weights), squares, len(set(weights)) == 1)
    return Design.of(strata, hint)
