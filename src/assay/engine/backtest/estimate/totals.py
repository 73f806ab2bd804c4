"""Totals: how many decisions, views or items. They never leave out what a sample cannot have seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assay.engine.backtest.estimate.design import Design, Kind
from assay.engine.backtest.estimate.domain import NO_ROW, Domain, everything
from assay.engine.backtest.estimate.intervals import quantile, score_bounds
from assay.engine.backtest.estimate.rates import rate
from assay.engine.backtest.estimate.variance import Residuals, Spread, degrees, residuals, skewed, spread, unseen
from assay.engine.backtest.figures import Estimate

POST_STRATIFIED = "post-stratified"


def total(design: Design, found: Domain, whole: Domain | None = None) -> Estimate:
    """How much of something there is in everything that the sample stands for.

    whole   all rows with what each has of it at most (its views, its decisions); without it each row counts as one
    source  Horvitz and Thompson 1952, doi:10.1080/01621459.1952.10483446
    """
    value = found.weighted
    if design.kind is Kind.CENSUS:
        return Estimate(value, value, value, found.rows, design.kind)
    whole = everything(design.strata) if whole is None else whole
    low, high = _bounds(design, found, whole)
    if not found.signed:
        # What was counted is there, and what was seen to be otherwise is not.
        low = max(low, found.seen)
        if _is_part_of_known(design, found, whole):
            high = min(high, max(value, whole.weighted - (whole.seen - found.seen)))
    return Estimate(value, low, high, found.rows, design.kind)


def _is_part_of_known(design: Design, found: Domain, whole: Domain) -> bool:
    """Whether it is a share of a number of items that the design fixes; any other whole is itself estimated."""
    return not design.apart and found.is_count and whole.is_count and whole.rows == design.rows


def _bounds(design: Design, found: Domain, whole: Domain) -> tuple[float, float]:
    value = found.weighted
    slack = unseen(design, whole, (name for name in design.strata if found.part(name).rows == 0))
    if found.rows == 0:
        return (-slack if found.signed else 0.0), slack
    known = spread(design, {name: residuals(found.part(name)) for name in design.strata})
    by = quantile(degrees(design, known, found))
    if found.signed:
        low = high = by * known.error
        return value - math.hypot(low, slack), value + math.hypot(high, slack)
    low, high = value, value
    if known.variance > 0:
        low, high = _score(design, found, whole, known, by)
    missed = _all_of_it(design, found, whole) if found.is_count else 0.0
    return value - math.hypot(value - low, missed), value + math.hypot(high - value, slack)


def _score(design: Design, found: Domain, whole: Domain, known: Spread, by: float) -> tuple[float, float]:
    """Bounds that follow the skew of a count near nothing or near everything."""
    value, most = found.weighted, whole.weighted
    if _is_part_of_known(design, found, whole) and 0 < value < most:
        share = value / most
        low, high = score_bounds(share, share * (1 - share) * most**2 / known.variance, by)
        return low * most, high * most
    below, above = skewed(found.parts, whole, known, by)
    return value - below, value + above


def _all_of_it(design: Design, found: Domain, whole: Domain) -> float:
    """What may be missing in strata in which every row belongs to the domain."""
    full = [name for name in design.strata if 0 < found.part(name).rows == whole.part(name).rows]
    return unseen(design, whole, full) if found.rows < whole.rows else 0.0


def hajek_total(design: Design, found: Domain, whole: Domain, size: float) -> Estimate:
    """A total where the size of the whole is known from elsewhere: that size times the rate.

    source  Hájek 1971, in Godambe and Sprott, Foundations of Statistical Inference, p. 236
    """
    return scaled(rate(design, found, whole), size, rows=found.rows)


def scaled(estimate: Estimate, by: float, *, rows: int | None = None) -> Estimate:
    """An estimate times a number that is known, such as the days of a month."""
    value, low, high = (None if one is None else one * by for one in (estimate.value, estimate.low, estimate.high))
    low, high = (high, low) if by < 0 else (low, high)
    return replace(estimate, value=value, low=low, high=high, rows=estimate.rows if rows is None else rows)


@dataclass(frozen=True, slots=True)
class Known:
    """A group whose size is known from elsewhere: what is estimated in it, all of it in the sample, its true size."""

    found: Domain
    whole: Domain
    size: float


def post_stratified(design: Design, groups: Mapping[str, Known]) -> Estimate:
    """A total by groups whose sizes are known from elsewhere, such as views by language.

    A group of which no row was sampled is left out where its size is nothing; otherwise there is no estimate.
    source  Holt and Smith 1979, doi:10.2307/2344652
    """
    used = {name: group for name, group in groups.items() if group.size > 0}
    rows = sum(group.found.rows for group in used.values())
    if not used or any(group.whole.weighted <= 0 for group in used.values()):
        return Estimate(None, None, None, rows, POST_STRATIFIED)
    value, signed = 0.0, False
    found: dict[str, Residuals] = {}
    for group in used.values():
        share = group.found.weighted / group.whole.weighted
        factor = group.size / group.whole.weighted
        value += share * group.size
        signed = signed or group.found.signed
        for name in design.strata:
            part = residuals(group.found.parts.get(name, NO_ROW), group.whole.part(name), share, factor)
            found[name] = found.get(name, Residuals()) + part
    most = sum(group.size for group in used.values())
    if design.kind is Kind.CENSUS:
        return Estimate(value, value, value, rows, POST_STRATIFIED)
    known = spread(design, found)
    by = quantile(degrees(design, known))
    if signed or not known.variance or not 0 < value < most:
        half = by * known.error
        low, high = value - half, value + half
        if not signed:
            whole = _joined(used)
            slack = unseen(design, whole, design.strata) if not rows else 0.0
            low, high = max(0.0, low), min(most, high + slack)
        return Estimate(value, low, high, rows, POST_STRATIFIED)
    share = value / most
    low, high = score_bounds(share, share * (1 - share) * most**2 / known.variance, by)
    return Estimate(value, low * most, high * most, rows, POST_STRATIFIED)


def _joined(groups: Mapping[str, Known]) -> Domain:
    whole = Domain({})
    for group in groups.values():
        whole += group.whole
    return whole
