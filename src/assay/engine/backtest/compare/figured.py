"""From what was counted to estimates, for one scope. It shows no figure that too few rows stand behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.backtest.estimate.bounds import LEAST_ROWS, suppress
from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.domain import Domain, domain, within
from assay.engine.backtest.estimate.rates import rate
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.figures import Estimate, Unit
from assay.engine.backtest.rehearsal import EVERYWHERE, Scope
from assay.engine.backtest.replay.counting.mixed import CellOf, Of, Rest
from assay.engine.backtest.replay.tally import Tally


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a comparison.

    least_rows  figures with fewer rows behind them, though with some, are kept back
    totals      by dimension and value how many decisions there are in truth, where that is known from elsewhere
    """

    least_rows: int = LEAST_ROWS
    totals: Mapping[str, Mapping[str, float]] | None = None


class Figured:
    """The estimates of a tally."""

    def __init__(self, tally: Tally, design: Design, asked: Asked) -> None:
        self.tally, self.design, self.asked = tally, design, asked
        self.weights = tally.weights()
        self._wholes: dict[tuple[Scope, Unit], Domain] = {}

    def whole(self, scope: Scope, unit: Unit) -> Domain:
        """All decisions of a scope, or all their views."""
        found = self._wholes.get((scope, unit))
        if found is None:
            moments = self.tally.lanes.moments(scope, Of.ALL, unit, self.weights)
            found = self._wholes[scope, unit] = domain(moments)
        return found

    def part(self, scope: Scope, of: Of, unit: Unit) -> Domain:
        """Some decisions of a scope, as a part of them all."""
        lanes = self.tally.lanes
        own = lanes.moments(scope, of, unit, self.weights)
        if scope.market != EVERYWHERE:
            # In one market a row is in a part with all that it has, or not at all.
            return domain(own)
        everything = lanes.moments(scope, Of.ALL, unit, self.weights)
        return within(own, everything, lanes.moments(scope, Rest(of), unit, self.weights))

    def share(self, scope: Scope, of: Of, unit: Unit) -> Estimate:
        """A part of a scope's decisions, or of their views, as a share of them all."""
        return self.share_of(self.part(scope, of, unit), self.whole(scope, unit))

    def share_of(self, part: Domain, whole: Domain) -> Estimate:
        """A share; it is kept back where few rows are what it is about, however many are not."""
        return self.kept_back(rate(self.design, part, whole), part.rows)

    def size(self, scope: Scope, unit: Unit) -> Estimate:
        """How many decisions a scope has, or views."""
        whole, once = self.whole(scope, unit), self._counts_once(scope, unit)
        found = total(self.design, whole) if once else total(self.design, whole, whole)
        return suppress(found, self.asked.least_rows)

    def cell(self, scope: Scope, cell: CellOf, unit: Unit) -> Estimate:
        """How many decisions a cell of the matrix has, or views."""
        moments = self.tally.lanes.moments(scope, cell, unit, self.weights)
        return self.count(scope, domain(moments), unit)

    def count(self, scope: Scope, found: Domain, unit: Unit) -> Estimate:
        """How many decisions some rows come to, or views."""
        return suppress(total(self.design, found, self._limit(scope, unit)), self.asked.least_rows)

    def kept_back(self, estimate: Estimate, rows: int) -> Estimate:
        """The estimate, or none where so few rows are what it is about."""
        if not 0 < rows < self.asked.least_rows:
            return estimate
        return Estimate(None, None, None, rows, estimate.method, suppressed=True)

    def _limit(self, scope: Scope, unit: Unit) -> Domain | None:
        """What rows have at most; where each counts once that needs no telling."""
        return None if self._counts_once(scope, unit) else self.whole(Scope(scope.market), unit)

    def _counts_once(self, scope: Scope, unit: Unit) -> bool:
        """Whether each row is one decision: in one market it is."""
        return unit is Unit.DECISIONS and (scope.market != EVERYWHERE or len(self.tally.markets) < 2)
