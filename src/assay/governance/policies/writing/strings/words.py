"""Strings of the vocabulary, which all policies share: questions, their help, answers, measures. It reads no policy."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.language.pack.pack import Pack
from assay.governance.policies.writing.strings.sources import Kind, SourceString, plain

# Under this name they have a catalogue of their own; a policy's is its id.
VOCABULARY = "shared-vocabulary"


def strings_of_vocabulary(pack: Pack) -> tuple[SourceString, ...]:
    """All of them, in the pack's order; where two say the same, both are there."""
    return (*_questions(pack), *_measures(pack))


def _questions(pack: Pack) -> Iterator[SourceString]:
    for signal in pack.vocabulary.signals:
        place = f"signals.yaml:{signal.span.line}"
        yield from _said(f"signals/{signal.name}/question", "question", signal.question, place)
        yield from _said(f"signals/{signal.name}/help", "help", signal.help, place)
        for value in signal.values:
            yield from _said(f"signals/{signal.name}/answer/{value.name}", "answer", value.phrase, place)


def _measures(pack: Pack) -> Iterator[SourceString]:
    bases = [ladder.base for ladder in pack.measures.ladders]
    for measure in (*pack.measures.all, *bases):
        yield from _said(f"measures/{measure.id}/title", "measure", measure.title, "measures.yaml")
        yield from _said(f"measures/{measure.id}/phrase", "measure", measure.phrase, "measures.yaml")


def _said(context: str, kind: Kind, text: str, place: str) -> Iterator[SourceString]:
    if text.strip():
        yield SourceString(context, kind, plain(text), place)
