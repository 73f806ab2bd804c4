"""One decision as a page shows it, put together from its record and the bundle that it names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Signal
from assay.interfaces.stores.indexing.reading.wanted import Listed
from assay.interfaces.web.decisions.one.known import Known, known_of
from assay.interfaces.web.decisions.one.narrowing import in_one_market
from assay.interfaces.web.decisions.one.outcomes import Behind, Outcome, outcomes_of, rules_behind
from assay.interfaces.web.decisions.wording import shown


@dataclass(frozen=True, slots=True)
class Question:
    """What should be asked next, and for how many markets.

    signal  None where the bundle is not kept
    more    how many other questions are open
    """

    name: str
    signal: Signal | None
    markets: int
    more: int


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision.

    pack     of the bundle that made it; None where that is not kept here
    raw      its record, made to be read; empty where one market alone is shown, since a record holds every one
    market   the only one that is shown; empty is every one
    """

    listed: Listed
    item: str
    kept: datetime
    as_of: datetime | None
    pack: Pack | None
    subject: str
    outcomes: tuple[Outcome, ...]
    question: Question | None
    rules: tuple[Behind, ...]
    known: tuple[Known, ...]
    raw: str
    is_record: bool
    market: str = ""


def view_of_record(
    listed: Listed, record: bytes, pack: Pack | None, market: str = "", names: Sequence[str] = ()
) -> DecisionView:
    """A decision as its record says it.

    market  the only one of which anything is shown, which the record calls by the first of `names` that it has; empty
            is every one
    """
    try:
        given = json.loads(record)
    except (ValueError, RecursionError):
        given = None
    content = given if isinstance(given, dict) else {}
    content = in_one_market(content, market, names) if market else content
    outcomes = outcomes_of(content, pack)
    pretty = json.dumps(given, ensure_ascii=True, indent=2) if given is not None else record.decode("utf-8", "replace")
    return DecisionView(
        listed=listed,
        item=shown(listed.item, 600),
        kept=moment_of(listed.kept),
        as_of=None if listed.as_of is None else moment_of(listed.as_of),
        pack=pack,
        subject=shown(str(content.get("subject", "item"))),
        outcomes=outcomes,
        question=_question(outcomes, pack),
        rules=rules_behind(content, outcomes, pack),
        known=known_of(content, pack),
        raw="" if market else pretty,
        is_record=bool(outcomes),
        market=market,
    )


def moment_of(micros: int) -> datetime:
    """An instant of records."""
    return datetime.fromtimestamp(micros / 1e6, UTC)


def _question(outcomes: Sequence[Outcome], pack: Pack | None) -> Question | None:
    """The question that is first in most markets that are open."""
    first: dict[str, int] = {}
    every: dict[str, None] = {}
    for outcome in outcomes:
        if outcome.settled or not outcome.questions:
            continue
        first[outcome.questions[0]] = first.get(outcome.questions[0], 0) + len(outcome.markets)
        every |= dict.fromkeys(outcome.questions)
    if not first:
        return None
    name = max(first, key=lambda each: first[each])
    signal = pack.vocabulary.by_name.get(name) if pack is not None else None
    return Question(shown(name), signal, first[name], len(every) - 1)
