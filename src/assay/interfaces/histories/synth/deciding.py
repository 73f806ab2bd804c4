"""What the pack in force decides of made-up uploads. It decides nothing by itself: that is the columnar program's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.kernel.instants import DAY
from assay.engine.language.pack.classes import REST
from assay.engine.program.columnar.compile import Columnar, compile_columnar
from assay.engine.program.columnar.planes import Plane, pack, union
from assay.engine.program.columnar.table.arrow import ArrowIds
from assay.engine.program.columnar.table.block import EVERYWHERE, Block
from assay.engine.program.columnar.table.columns import Coded, Column, Numbers
from assay.interfaces.histories.synth.plan import Plan, SignalPlan
from assay.interfaces.histories.synth.population import Uploads

# The day of 1970-01-01, as dates are counted from the year 1.
EPOCH_DAY = 719_163


class Deciding:
    """The first of a plan's packs, compiled. What it remembers of values is not shared between threads."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._columnar: Columnar = compile_columnar(plan.programs[:1])
        self._first = (plan.recipe.first_day.toordinal() - EPOCH_DAY) * DAY

    def done(self, uploads: Uploads, codes: Mapping[str, NDArray[Any]], ids: Any) -> list[Plane]:
        """By measure, the uploads it is done to in some market that they reached."""
        as_of = self._first + uploads.slot // 24 * DAY
        columns, by_market = self._columns(uploads, codes)
        block = Block(uploads.rows, columns, as_of, by_market, ids=ArrowIds(ids))
        planes = self._columnar.evaluate(block)
        found: list[list[Plane]] = []
        for market, views in uploads.views.items():
            standing = planes.standing(0, REST if market == ELSEWHERE else market)
            found.append(list(standing.applied & pack(views > 0)))
        return [union(parts, uploads.rows) for parts in zip(*found, strict=True)]

    def _columns(
        self, uploads: Uploads, codes: Mapping[str, NDArray[Any]]
    ) -> tuple[dict[str, Column], dict[str, dict[str, Column]]]:
        columns: dict[str, Column] = {}
        by_market: dict[str, dict[str, Column]] = {}
        for each in self._plan.signals:
            if not each.signal.by_market:
                columns[each.name] = _column(each, codes[each.name])
                continue
            home, elsewhere = told_apart(each, codes[each.name])
            said = {EVERYWHERE: _column(each, elsewhere)}
            for place, market in enumerate(self._plan.audience.markets):
                if market != ELSEWHERE:
                    said[market] = _column(each, np.where(uploads.home == place, home, 0))
            by_market[each.name] = said
        return columns, by_market


def told_apart(each: SignalPlan, codes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """A market-scoped signal's code in an upload's home market and everywhere else; 0 says nothing of it.

    What is likeliest holds everywhere; anything else is so in the home market alone.
    """
    usual = likeliest(each)
    return np.where(codes == usual, 0, codes), np.where(codes == 0, 0, usual)


def likeliest(each: SignalPlan) -> int:
    """The code of a signal that most uploads have."""
    weights = [sum(row[place] for row in each.menu.weights) for place in range(len(each.menu.weights[0]))]
    return 1 + max(range(len(weights)), key=weights.__getitem__)


def _column(each: SignalPlan, codes: NDArray[Any]) -> Column:
    if each.numbers is None:
        return Coded(codes, each.dictionary)
    known = codes > 0
    return Numbers(each.numbers.take(codes), None if known.all() else pack(known))
