"""What changed in the words that rules are written in: signals, their values, measures. It reads no rule."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.analysis.difference.change import ClauseEdit, Edit
from assay.engine.language.pack.measures import Measure, Measures
from assay.engine.language.pack.vocabulary import Signal, Vocabulary
from assay.engine.language.phrases import named_words


def edited_words(old: tuple[Vocabulary, Measures], new: tuple[Vocabulary, Measures]) -> Iterator[ClauseEdit]:
    """Every signal and measure that is not as it was, in the order of the new version; those that are gone last."""
    for signal in new[0].signals:
        was = old[0].by_name.get(signal.name)
        found = _came(signal) if was is None else _changed(was, signal)
        if found is not None:
            yield found
    for signal in old[0].signals:
        if signal.name not in new[0].by_name:
            text = _signal_text(signal)
            words = "a signal that is gone"
            yield ClauseEdit(signal.name, signal.title, (Edit.REMOVED,), words, text, "", signal.span, decides=False)
    yield from _measures(old[1], new[1])


def _came(signal: Signal) -> ClauseEdit:
    words, text = "a new signal", _signal_text(signal)
    return ClauseEdit(signal.name, signal.title, (Edit.ADDED,), words, "", text, signal.span, decides=False)


def _changed(old: Signal, new: Signal) -> ClauseEdit | None:
    edits: list[Edit] = []
    words: list[str] = []
    more = [name for name in new.value_names if name not in old.by_name]
    fewer = [name for name in old.value_names if name not in new.by_name]
    if more:
        edits.append(Edit.WIDENED)
        words.append(f"it may now also be {named_words(more)}")
    if fewer:
        edits.append(Edit.NARROWED)
        words.append(f"it may no longer be {named_words(fewer)}")
    if _signal_text(old) != _signal_text(new) and not edits:
        edits.append(Edit.REWORDED)
        words.append("its question or its answers are reworded")
    if not edits:
        return None
    said = "a signal: " + "; ".join(words)
    texts = (_signal_text(old), _signal_text(new))
    return ClauseEdit(new.name, new.title, tuple(edits), said, *texts, new.span, decides=False)


def _signal_text(signal: Signal) -> str:
    lines = [f"{signal.title} (`{signal.name}`, {signal.type.value})", signal.question, signal.help]
    lines += [f"- `{value.name}`: {value.phrase}" for value in signal.values]
    return "\n".join(line for line in lines if line)


def _measures(old: Measures, new: Measures) -> Iterator[ClauseEdit]:
    for name, measure in new.by_id.items():
        if name not in old.by_id:
            text, words = _measure_text(measure), "a new measure"
            yield ClauseEdit(name, measure.title, (Edit.ADDED,), words, "", text, new.span, decides=False)
    for name, measure in old.by_id.items():
        if name not in new.by_id:
            text, words = _measure_text(measure), "a measure that is gone"
            yield ClauseEdit(name, measure.title, (Edit.REMOVED,), words, text, "", old.span, decides=False)


def _measure_text(measure: Measure) -> str:
    return f"{measure.title} (`{measure.id}`): {measure.phrase}"
