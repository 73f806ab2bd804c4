"""What a history is, in words and figures for people. It reads a history to its end, and once."""

from __future__ import annotations

from collections.abc import Callable

from assay.engine.backtest.history.block import ELSEWHERE
from assay.engine.backtest.history.facts import Facts
from assay.engine.backtest.history.refusals import Refusals
from assay.engine.backtest.rehearsal import HistoryFacts
from assay.interfaces.histories.files import History
from assay.interfaces.histories.reading import Reading, notes_of, read_piece

_DESIGNS = {
    "census": "every item",
    "simple": "a simple random sample",
    "stratified": "a stratified random sample",
    "poisson": "a sample of which each item was drawn by itself",
}


def facts_of(history: History, facts: Facts, refusals: Refusals) -> HistoryFacts:
    """What was counted of a history, as a report says it."""
    whole = all(stratum.weights == stratum.rows for stratum in facts.strata.values())
    strata = {name: (facts.strata[name].rows, facts.strata[name].weights) for name in sorted(facts.strata)}
    return HistoryFacts(
        title=history.title,
        rows=facts.rows,
        refused=refusals.rows,
        first_day=facts.first_day,
        last_day=facts.last_day,
        design=design_in_words("census" if whole else history.design),
        strata=strata,
        effective_rows=facts.effective_rows,
        missing=facts.missing,
        markets=history.markets or (ELSEWHERE,),
        has_views=bool(history.markets),
        has_creators=facts.has_creators,
        has_labels=facts.labels > 0,
        has_hours=facts.has_hours,
        digest=history.digest,
    )


def design_in_words(design: str) -> str:
    """A sampling design as people call it."""
    return _DESIGNS[design]


def count_facts(reading: Reading, reached: Callable[[int], None] | None = None) -> tuple[Facts, Refusals]:
    """Read a whole history and count it."""
    facts = Facts([signal.name for signal in reading.needs.declared])
    refusals = notes_of(reading)
    done = 0
    for piece in reading.history.pieces:
        for block in read_piece(reading, piece, refusals):
            facts.add(block)
        done += piece.rows
        if reached is not None:
            reached(done)
    return facts, refusals
