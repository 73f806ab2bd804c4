"""What a draft would have done to past items, with every figure's interval. It writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from assay.engine.backtest.rehearsal import Matrix, MeasureLine, Rehearsal
from assay.engine.backtest.replay.treatment import Lane
from assay.engine.kernel.errors import Fault
from assay.governance.policies.ports import Outcome
from assay.interfaces.rehearsals.figures import Kind, said, said_bounds, spelt
from assay.interfaces.rehearsals.page.flow import Flow, flow_of
from assay.interfaces.rehearsals.page.rehearsal_page import rehearsal_parts, render_rehearsal
from assay.interfaces.rehearsals.page.views import strata_rows
from assay.interfaces.rehearsals.running import Settings, rehearse
from assay.interfaces.rehearsals.verdict import is_whole, verdict_of, whole_of
from assay.interfaces.rehearsals.written import rehearsal_as_json
from assay.interfaces.web.ports.workshop.asked import Asked, pack_of
from assay.interfaces.web.ports.workshop.drawings import drawings_of
from assay.interfaces.web.ports.workshop.telling import Telling

_MOST_CASES = 24
# Parts that are drawn, or are said in other parts.
_NOT_PLAIN = ("charts", "flow", "whole")
_FIRST = "nothing is in force yet, so there is nothing to rehearse against; put this aside with a reason"


def rehearsal(asked: Asked, told: Telling) -> Outcome | Fault:
    """The whole rehearsal over the house's history."""
    if asked.history is None:
        return Fault("no-history", "no past items are at hand: set `policies.history`")
    if not asked.old:
        return Fault("nothing-in-force", _FIRST)
    told.begin("reading")
    old, new = (pack_of(texts) for texts in asked.texts)
    if isinstance(old, Fault):
        return old
    if isinstance(new, Fault):
        return new
    told.begin("replaying past items")
    found = rehearse(asked.history, old, new, _settings(asked), told.reached)
    if isinstance(found, list):
        return Fault(found[0].slug, "; ".join(fault.words for fault in found[:3]))
    told.begin("writing the report")
    whole = whole_of(found)
    # Drawn once, for the page in the workbench and for the report of one file.
    parts = None if whole is None else rehearsal_parts(found, whole)
    shown = _shown(found, whole, parts)
    document = {"format": "assay-work/1", "report": rehearsal_as_json(found), "shown": shown}
    # A rehearsal speaks neither for nor against: it says what would happen.
    told_of = f"{verdict_of(found)} n = {spelt(found.history.rows)} rows."
    return Outcome(None, told_of, document, render_rehearsal(found, parts=parts))


def _settings(asked: Asked) -> Settings:
    markets = asked.options.get("markets")
    days = [asked.options.get(name) for name in ("since", "until")]
    since, until = (day if isinstance(day, str) and day else None for day in days)
    named = tuple(str(market) for market in markets) if isinstance(markets, list) and markets else None
    return Settings(cases=_MOST_CASES, markets=named, since=since, until=until)


def _shown(found: Rehearsal, whole: Matrix | None, parts: dict[str, Any] | None) -> dict[str, Any]:
    """The report in the words of its page, as values."""
    history = found.history
    shown: dict[str, Any] = {
        "verdict": verdict_of(found),
        "strata": strata_rows(history.strata),
        "rows": [spelt(history.rows), spelt(history.refused), spelt(round(history.effective_rows))],
        "title": history.title,
        "days": [history.first_day, history.last_day],
        "design": history.design,
        "markets": history.markets,
        "made_with": found.code,
        "pitfalls": msgspec.to_builtins(found.pitfalls),
        "refusals": msgspec.to_builtins(found.refusals),
        "not_worked_out": found.not_worked_out,
        "missing": [(name, f"{100 * part:.1f} %") for name, part in history.missing.items()],
        "empty": whole is None,
    }
    return shown if whole is None or parts is None else shown | _decided(found, whole, parts)


def _decided(found: Rehearsal, whole: Matrix, parts: dict[str, Any]) -> dict[str, Any]:
    """What came of it, where the history had rows to decide."""
    comparison = found.comparison
    drawn = drawings_of(parts["charts"], _what_moves(whole, comparison.lanes))
    plain: dict[str, Any] = msgspec.to_builtins({name: part for name, part in parts.items() if name not in _NOT_PLAIN})
    return plain | {
        "charts": drawn,
        "kept_back": parts["flow"].kept_back,
        "forecast_days": found.forecast.days,
        "general": found.forecast.assumptions,
        "opened": msgspec.to_builtins(said(whole.opened, Kind.SHARE)),
        "settled": msgspec.to_builtins(said(whole.settled, Kind.SHARE)),
        "has_views": whole.changed_views is not None,
        "kappas": [
            [one.of, f"{one.items:,}", f"{one.people:,}", _coefficient(one.alpha), _coefficient(one.kappa)]
            for one in found.agreement
        ],
        "as_decided": _share(comparison.then_as_decided),
        "post_stratified": _share(comparison.post_stratified),
        "measures": [_measure(line) for line in comparison.measures if not line.scope.dimension],
    }


def _measure(line: MeasureLine) -> dict[str, Any]:
    """How many past decisions a measure is newly done to, and to how many no longer."""
    return {
        "measure": line.measure,
        "title": line.title,
        "market": "" if is_whole(line) else line.scope.market,
        "gained": msgspec.to_builtins(said(line.gained)),
        "lost": msgspec.to_builtins(said(line.lost)),
        "change": said_bounds(line.change, signed=True),
    }


def _what_moves(whole: Matrix, lanes: Sequence[Lane]) -> Flow:
    """The flow without outcomes that nothing moves to or from: here it has no place for what stays."""
    return flow_of(replace(whole, cells=tuple(cell for cell in whole.cells if cell.old != cell.new)), lanes)


def _share(estimate: Any) -> str:
    return "" if estimate is None else said(estimate, Kind.SHARE).together


def _coefficient(estimate: Any) -> str:
    return "not the same two people" if estimate is None else said(estimate, Kind.COEFFICIENT).together
