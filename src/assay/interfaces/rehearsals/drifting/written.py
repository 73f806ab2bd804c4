"""Drift as JSON, for monitors: every figure with its interval, also of what did not move. It rounds nothing away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from assay.engine.backtest.drift.calibration import Reliability
from assay.engine.backtest.drift.moved import Calibrated, Drift, PeriodFacts, Shift
from assay.engine.backtest.figures import Estimate
from assay.interfaces.rehearsals.drifting.grouped import verdict_of
from assay.interfaces.rehearsals.drifting.periods import Watched

SCHEMA = "assay.drift/1"


def drift_as_json(drift: Drift, watched: Sequence[Watched], pack: dict[str, str]) -> dict[str, object]:
    """The whole of it; `pack` names the pack and its digest."""
    periods = [_period(facts, one) for facts, one in zip((drift.before, drift.after), watched, strict=True)]
    return {
        "schema": SCHEMA,
        "verdict": verdict_of(drift),
        "moved": drift.moved,
        "looks": drift.looks,
        "pack": pack,
        "before": periods[0],
        "after": periods[1],
        "worth": asdict(drift.worth),
        "shifts": [_shift(one) for one in drift.shifts],
        "calibration": [_calibrated(one) for one in drift.calibrated],
        "notes": list(drift.notes),
    }


def _period(facts: PeriodFacts, watched: Watched) -> dict[str, object]:
    refused = [
        {"slug": one.slug, "words": one.words, "rows": one.rows, "first": one.first}
        for one in watched.refusals.listed()
    ]
    return {**asdict(facts), "digest": watched.digest, "left_out": watched.refusals.rows, "refusals": refused}


def _shift(one: Shift) -> dict[str, object]:
    thing = one.thing
    return {
        "kind": thing.kind,
        "name": thing.name,
        "part": thing.part or None,
        "market": thing.market or None,
        "title": one.title,
        "moved": one.moved,
        "real": one.real,
        "points": one.points,
        "stability_index": one.size,
        "probability": one.probability,
        "adjusted": one.adjusted,
        "categories": [
            {
                "name": move.name,
                "before": _estimate(move.before),
                "after": _estimate(move.after),
                "change": _estimate(move.change),
            }
            for move in one.categories
        ],
    }


def _calibrated(one: Calibrated) -> dict[str, object]:
    return {
        "score": one.target.score,
        "of": one.target.of,
        "cut": one.target.cut,
        "title": one.title,
        "moved": one.moved,
        "real": one.real,
        "points": one.points,
        "probability": one.probability,
        "adjusted": one.adjusted,
        "before": _reliability(one.before),
        "after": _reliability(one.after),
        "change": _estimate(one.change),
    }


def _reliability(one: Reliability) -> dict[str, object]:
    bins = [{"low": b.low, "high": b.high, "score": b.score, "found": _estimate(b.found)} for b in one.bins]
    return {"rows": one.rows, "brier": _estimate(one.brier), "error": _estimate(one.error), "bins": bins}


def _estimate(one: Estimate) -> dict[str, object]:
    return {"value": one.value, "low": one.low, "high": one.high, "rows": one.rows, "method": one.method}
