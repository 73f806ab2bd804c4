"""`POST /v1/questions`: what to ask next about an item, market by market. It records nothing and asks nobody."""

from __future__ import annotations

import asyncio

from assay.engine.decision.decide import Decision, Outcome
from assay.engine.kernel.instants import format_instant
from assay.engine.language.pack.vocabulary import Signal, SignalType
from assay.interfaces.deciding.asking import TRIALS, Guesses, turning_rules
from assay.interfaces.deciding.desk import Asked, Decided, Desk
from assay.interfaces.service.exchange import Answer
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Problem
from assay.interfaces.service.routes.deciding.decisions import BROKEN
from assay.interfaces.service.routes.plain import Asking, in_json
from assay.interfaces.service.routes.shapes import AnswerValue, Because, Next, OpenOutcome, Question, QuestionsAnswer

QUERY = ("expected",)
# Nobody counts what is only asked about, so the watchers are not told.
_QUIET = Desk()


async def ask_questions(parts: Parts, asking: Asking) -> Answer | Problem:
    """What is certain, what is open, and what to ask."""
    expected = asking.query.get("expected", "no")
    if expected not in ("yes", "no"):
        return refused("bad-parameter", "`expected` is `yes` or `no`")
    found = _QUIET.decide_line(asking.body, parts.live.lineup, Asked(parts.now(), parts.default_markets))
    if not isinstance(found, Decided):
        if all(fault.slug in BROKEN for fault in found.faults):
            return refused("broken-json", "the body cannot be read as JSON", found.faults)
        return refused("invalid-item", "the bundle in use cannot decide this item; `faults` says why", found.faults)
    decision = found.decision
    outcomes = []
    for outcome in decision.outcomes:
        number = await _expected(decision, outcome) if expected == "yes" else None
        outcomes.append(_outcome(decision, outcome, number))
    asked = {each.signal for outcome in outcomes for each in outcome.questions}
    questions = {
        signal.name: _question(signal) for signal in decision.decider.vocabulary.signals if signal.name in asked
    }
    as_of = format_instant(decision.as_of)
    return in_json(QuestionsAnswer(decision.item.id, decision.decider.digest, as_of, outcomes, questions))


async def _expected(decision: Decision, outcome: Outcome) -> float:
    """How many questions to expect. The loop is given back between trials, of which each takes about a millisecond."""
    if outcome.settled:
        return 0.0
    market = outcome.markets[0]
    classes = decision.decider.program.classes
    named = next((found.name for found in classes if market == found.name or market in found.codes), market)
    guesses, total = Guesses(decision.decider, decision.item, decision.as_of, (market, named)), 0
    for _ in range(TRIALS):
        total += guesses.trial()
        await asyncio.sleep(0)
    return total / TRIALS


def _outcome(decision: Decision, outcome: Outcome, expected: float | None) -> OpenOutcome:
    decider, standing = decision.decider, outcome.standing
    signals = decider.vocabulary.signals
    questions = [
        Next(
            signals[place].name,
            [Because(rule.ref, str(rule.severity)) for rule in turning_rules(signals[place], outcome, decider)],
        )
        for place in outcome.questions
    ]
    return OpenOutcome(
        list(outcome.markets),
        outcome.settled,
        list(decider.measure_ids(standing.applied)),
        list(decider.measure_ids(standing.true)),
        list(decider.measure_ids(standing.possible & ~standing.true)),
        questions,
        expected,
    )


def _question(signal: Signal) -> Question:
    return Question(
        signal.question,
        signal.help,
        str(signal.type),
        _values(signal),
        signal.seconds,
        signal.exposure,
        signal.by_market,
        signal.unit or None,
        0.0 if signal.type is SignalType.SCORE else signal.minimum,
        1.0 if signal.type is SignalType.SCORE else signal.maximum,
    )


def _values(signal: Signal) -> list[AnswerValue]:
    if signal.type is SignalType.FLAG:
        return [AnswerValue(value=True, phrase=signal.phrase), AnswerValue(value=False, phrase=signal.phrase_no)]
    return [AnswerValue(value.name, value.phrase) for value in signal.values]
