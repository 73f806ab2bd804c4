"""A detector's card at the terminal and as JSON, in words that say no more than the files support. It measures none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from assay.interfaces.cli.terminal import counted, print_table, print_title, printable, wrapped

if TYPE_CHECKING:
    from assay.detection.measuring.card import DetectorCard


def print_card(card: DetectorCard) -> None:
    """The figures as tables, the warnings above them."""
    from assay.detection.measuring.worded import cost_words, header_of, part_row, precision_sentences, warnings_of

    whole = card.measurement.whole
    items = f"{counted(whole.ai_files, 'file')} by AI and {counted(whole.real_files, 'real file')}"
    print_title(printable(f"{card.detector} {card.version} on {card.data}: {items}"))
    for words in warnings_of(card.measurement):
        print(wrapped(f"! {words}", "", "  "))
    print()
    header = header_of(card.measurement)
    print_table(header, [part_row(part) for part in card.measurement.parts])
    print()
    for words in filter(None, (*precision_sentences(card.measurement), cost_words(card.measurement))):
        print(wrapped(words, "", "  "))


def as_json(card: DetectorCard) -> str:
    """The card as one JSON object."""
    content = {**asdict(card), "warnings": list(_warnings(card))}
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def _warnings(card: DetectorCard) -> Iterator[str]:
    from assay.detection.measuring.worded import warnings_of

    yield from warnings_of(card.measurement)
