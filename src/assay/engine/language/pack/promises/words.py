"""The words that promises may use beyond the signals: `measures` and `market`. It never gives them a value."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import (
    MARKET_WORD,
    MEASURES_WORD,
    Signal,
    SignalType,
    SignalValue,
    Vocabulary,
)


def promise_vocabulary(pack: Pack, *, measures: bool = True) -> Vocabulary:
    """The vocabulary with the choice `market` over all market codes and, where wanted, the set `measures`.

    measures  true for what a decision must be, false for the items of which something is promised
    """
    added = (_measures_word(pack), _market_word(pack)) if measures else (_market_word(pack),)
    return replace(pack.vocabulary, signals=(*pack.vocabulary.signals, *added))


def _measures_word(pack: Pack) -> Signal:
    values = tuple(SignalValue(measure.id, measure.phrase) for measure in pack.measures.all)
    return Signal(MEASURES_WORD, SignalType.SET, "Measures", "Which measures are imposed?", values=values)


def _market_word(pack: Pack) -> Signal:
    values = tuple(SignalValue(code, f"the market is {code}") for code in sorted(pack.markets.codes))
    return Signal(MARKET_WORD, SignalType.CHOICE, "Market", "In which market is it decided?", values=values)
