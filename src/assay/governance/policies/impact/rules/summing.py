"""The few figures of a report that lists, gates and assessments need. It reads reports and trusts no shape of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.governance.policies.impact.rules.work import Work

# What a rehearsal forecasts for people, by the name that assessments use.
FORECASTS = {"reviewer-hours": "hours", "severe-hours": "severe", "review-items": "items"}
_DAYS_OF_A_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Weekly:
    """A forecast change for one week: its value, its interval, and the sampled rows behind it."""

    value: float
    low: float
    high: float
    rows: int

    @property
    def as_json(self) -> dict[str, float | int]:
        """To be kept."""
        return {"value": self.value, "low": self.low, "high": self.high, "rows": self.rows}


def figures_of(work: Work, document: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept beside a report, as plain JSON."""
    if work is Work.CHECK:
        counts = _mapping(document.get("counts"))
        return {name: _whole(counts.get(name)) for name in ("errors", "warnings", "examples", "failed")}
    report = _mapping(document.get("report"))
    if work is Work.PROOF:
        counts = _mapping(report.get("counts"))
        return {name: _whole(counts.get(name)) for name in ("claims", "proved", "errors", "warnings", "undecided")}
    if work is Work.DIFFERENCE:
        changes = [_mapping(one) for one in _list(report.get("changes"))]
        measures = sorted({str(one.get("measure")) for one in changes})
        return {"changes": len(changes), "measures": measures, "doubts": len(_list(report.get("doubts")))}
    return _forecasts(report)


def weekly(figures: Mapping[str, Any], name: str) -> Weekly | None:
    """A forecast as it was kept; None where the rehearsal could not tell."""
    kept = figures.get(name)
    if not isinstance(kept, Mapping) or not isinstance(kept.get("value"), int | float):
        return None
    return Weekly(float(kept["value"]), float(kept["low"]), float(kept["high"]), int(kept["rows"]))


def _forecasts(report: Mapping[str, Any]) -> dict[str, Any]:
    forecast = _mapping(report.get("forecast"))
    history = _mapping(report.get("history"))
    days = _whole(forecast.get("days"))
    found: dict[str, Any] = {"rows": _whole(history.get("rows")), "days": days}
    for line in map(_mapping, _list(forecast.get("lines"))):
        name = FORECASTS.get(str(line.get("slug")))
        made = _weekly(_mapping(line.get("change")), _rows(line), days, is_daily="a day" in str(line.get("unit")))
        if name is not None and made is not None:
            found[name] = made.as_json
    return found


def _weekly(change: Mapping[str, Any], rows: int, days: int, *, is_daily: bool) -> Weekly | None:
    """None also where a bound is not known: without its interval a figure would look certain."""
    value, low, high = (change.get(name) for name in ("value", "low", "high"))
    if not (isinstance(value, int | float) and isinstance(low, int | float) and isinstance(high, int | float) and days):
        return None
    factor = _DAYS_OF_A_WEEK if is_daily else _DAYS_OF_A_WEEK / days
    return Weekly(value * factor, low * factor, high * factor, rows)


def _rows(line: Mapping[str, Any]) -> int:
    """The rows behind the larger side: a change of nothing has none of its own."""
    return max(_whole(_mapping(line.get(side)).get("rows")) for side in ("old", "new", "change"))


def _mapping(part: object) -> Mapping[str, Any]:
    return part if isinstance(part, Mapping) else {}


def _list(part: object) -> list[Any]:
    return part if isinstance(part, list) else []


def _whole(part: object) -> int:
    return part if isinstance(part, int) else 0
