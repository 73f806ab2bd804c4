"""Translations put into a policy's text in the places of their sources. What has none stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable

from assay.governance.policies.writing.strings.pieces import Piece, pieces_of
from assay.governance.policies.writing.strings.sources import Lookup, SourceString, plain


def applied(text: str, path: str, lookup: Lookup) -> str:
    """A whole policy with its translations; without any, the very same text."""
    found = pieces_of(text, path)
    return _replaced(found.text, 0, len(found.text), found.strings, lookup)


def applied_piece(text: str, piece: Piece, lookup: Lookup) -> str:
    """One block of it, as Markdown."""
    return _replaced(text, piece.start, piece.end, piece.strings, lookup)


def _replaced(text: str, start: int, end: int, strings: Iterable[SourceString], lookup: Lookup) -> str:
    parts, at = [], start
    for each in sorted(strings, key=lambda one: one.spot.start if one.spot else 0):
        words = lookup(each)
        # Words that are the same stay as they were broken into lines.
        if each.spot is None or words is None or plain(words) == each.text:
            continue
        parts += [text[at : each.spot.start], _written(each, plain(words))]
        at = each.spot.end
    return "".join([*parts, text[at:end]])


def _written(string: SourceString, words: str) -> str:
    if string.spot is None or not string.spot.quoted:
        return words.replace("\n", f"\n{string.spot.prefix if string.spot else ''}")
    return json.dumps(" ".join(words.split()), ensure_ascii=False)
