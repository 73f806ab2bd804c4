"""A decision's record put together the plain way, as docs/language/record.md says it. It tests nothing."""

from __future__ import annotations

from assay.engine.decision.assertion import Assertion
from assay.engine.decision.decide import Decision, Outcome
from assay.engine.decision.item import write_item
from assay.engine.decision.reasons import reason_of
from assay.engine.kernel.instants import format_instant
from assay.engine.kernel.truth import UNKNOWN
from assay.engine.language.meaning import Case, pack_meaning
from assay.engine.language.pack.calendar import value_by_calendar


def plain_record(decision: Decision, *, reasons: bool) -> dict[str, object]:
    """The record of a decision, which holds a list for a list and an object for an object."""
    item, pack, vocabulary = decision.item, decision.decider.pack, decision.decider.vocabulary
    resolution = decision.resolution
    signals = {
        signal.name: signal.write(value)
        for signal, value in zip(vocabulary.signals, resolution.values, strict=True)
        if value is not None
    }
    for name, given in item.by_market.items():
        if given:
            signals[name] = {code: vocabulary.by_name[name].write(value) for code, value in given.items()}
    record: dict[str, object] = {
        "as_of": format_instant(decision.as_of),
        "bundle": pack.digest,
        "calendar": _calendar(decision),
        "conflicts": {n: [_said(one, decision) for one in found] for n, found in resolution.conflicts.items()},
        "input": write_item(item, vocabulary),
        "item": item.id,
        "outcomes": [_outcome(outcome, decision) for outcome in decision.outcomes],
        "resolved": {name: _said(one, decision) for name, one in resolution.prevailed.items()},
        "schema": "assay.decision/1",
        "signals": signals,
        "subject": item.subject,
    }
    if reasons:
        stand = {ref for outcome in decision.outcomes for ref in _fired(outcome, decision) + _open(outcome, decision)}
        record["reasons"] = {ref: reason_of(ref, pack) for ref in stand}
    return record


def _calendar(decision: Decision) -> dict[str, dict[str, object]]:
    pack, found = decision.decider.pack, {}
    for signal in pack.vocabulary.signals:
        if signal.calendar is not None:
            values = {
                market.name: value_by_calendar(signal, pack.windows, market.example, decision.as_of)
                for market in decision.decider.program.classes
            }
            found[signal.name] = {n: None if value is None else signal.write(value) for n, value in values.items()}
    return found


def _said(assertion: Assertion, decision: Decision) -> dict[str, object]:
    value = decision.decider.vocabulary.by_name[assertion.signal].write(assertion.value)
    found: dict[str, object] = {"value": value, "by": assertion.by, "source": assertion.source}
    if assertion.confidence is not None:
        found["confidence"] = assertion.confidence
    if assertion.at is not None:
        found["at"] = format_instant(assertion.at)
    if assertion.evidence:
        found["evidence"] = list(assertion.evidence)
    return found


def _fired(outcome: Outcome, decision: Decision) -> list[str]:
    return list(decision.decider.rule_refs(outcome.true))


def _open(outcome: Outcome, decision: Decision) -> list[str]:
    return list(decision.decider.rule_refs(outcome.possible & ~outcome.true & ~outcome.never))


def _outcome(outcome: Outcome, decision: Decision) -> dict[str, object]:
    market = outcome.markets[0]
    truths = decision.measures(market)
    applied = decision.applied(market)
    ladders = {}
    for ladder in decision.decider.pack.measures.ladders:
        steps = [ladder.base.id, *(step.id for step in ladder.steps)]
        least = [step for step in steps if step == ladder.base.id or truths[step].value == "yes"]
        most = [step for step in steps if step == ladder.base.id or truths[step].value != "no"]
        now = [step for step in steps if step == ladder.base.id or step in applied]
        ladders[ladder.id] = {"at_least": least[-1], "at_most": most[-1], "applied": now[-1]}
    questions = [decision.decider.vocabulary.signals[place].name for place in outcome.questions]
    return {
        "applied": list(applied),
        "by_exhaustion": _by_exhaustion(decision, market),
        "fired": _fired(outcome, decision),
        "ladders": ladders,
        "markets": list(outcome.markets),
        "measures": {measure: truth.value for measure, truth in truths.items()},
        "possible": _open(outcome, decision),
        "questions": questions,
        "settled": outcome.settled,
    }


def _by_exhaustion(decision: Decision, market: str) -> dict[str, str]:
    """Measures that the reference meaning leaves unknown and the decision does not."""
    pack, codes = decision.decider.pack, decision.decider.pack.markets.codes
    classes = {found.name: found.example for found in decision.decider.program.classes}
    code = market if market in codes else classes[market]
    known = {
        signal.name: value
        for signal, value in zip(pack.vocabulary.signals, decision.resolution.values, strict=True)
        if value is not None
    }
    for signal in pack.vocabulary.signals:
        if signal.by_market:
            given = decision.item.by_market.get(signal.name, {})
            value = given.get(market, given.get("*"))
            value = value_by_calendar(signal, pack.windows, code, decision.as_of) if value is None else value
            if value is not None:
                known[signal.name] = value
    meant = pack_meaning(pack, Case(known, code, decision.as_of, decision.item.id, decision.item.subject)).measures
    truths = decision.measures(market)
    return {
        name: truths[name].value for name, truth in meant.items() if truth is UNKNOWN and truths[name] is not UNKNOWN
    }
