"""Parts that both reports show: an item that proves a point, and where it is decided. It never writes HTML."""

from __future__ import annotations

import json
from dataclasses import dataclass

from assay.engine.analysis.situations.witness import Witness
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.interfaces.look.markets import title_of
from assay.interfaces.proofs.words import facts_of, moment, reproduced, subject_of, value_phrase, value_written


@dataclass(frozen=True, slots=True)
class FactRow:
    """One thing that is known: the signal's title and name, its value in words and as it is written."""

    title: str
    name: str
    phrase: str
    written: str


@dataclass(frozen=True, slots=True)
class WitnessView:
    """A witness as a page shows it.

    called   “an item”, or which one of two it is
    where    the market and the day
    shows    what the decision comes to
    record   the item record as JSON
    command  what decides it at a terminal; empty where two packs would have to
    """

    called: str
    where: str
    rows: tuple[FactRow, ...]
    shows: str
    record: str
    command: str


def witness_view(witness: Witness, words: Vocabulary, *, called: str = "", pack: str = "") -> WitnessView:
    """A witness in the words of a vocabulary."""
    rows = tuple(
        FactRow(signal.title, signal.name, value_phrase(signal, value), value_written(signal, value))
        for signal, value in facts_of(witness, words)
    )
    return WitnessView(
        called=called or subject_of(witness),
        where=f"{title_of(witness.market)}, {moment(witness.as_of)}",
        rows=rows,
        shows=witness.shows,
        record=json.dumps(witness.record(words), ensure_ascii=False),
        command=reproduced(witness, words, pack) if pack else "",
    )
