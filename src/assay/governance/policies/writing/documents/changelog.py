"""Which sections a version brought, altered or took away, by their headings. It compares what is public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay.governance.policies.writing.strings.pieces import pieces_of
from assay.governance.policies.writing.strings.sources import plain

# Before the first heading.
OPENING = "The beginning"


@dataclass(frozen=True, slots=True)
class SectionsChanged:
    """Headings of sections, in reading order."""

    added: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@lru_cache(512)
def sections_changed(before: str | None, after: str | None) -> SectionsChanged:
    """What is different between two texts of a policy; None is no text.

    Guidance for moderators does not count: it is not public.
    """
    old = {} if before is None else _sections(before)
    new = {} if after is None else _sections(after)
    if before is None:
        return SectionsChanged()
    return SectionsChanged(
        added=tuple(title for title in new if title not in old),
        altered=tuple(title for title in new if title in old and new[title] != old[title]),
        removed=tuple(title for title in old if title not in new),
    )


def _sections(text: str) -> Mapping[str, tuple[str, ...]]:
    """By heading the public blocks and the program's; an example is nobody's rule."""
    found = pieces_of(text, "")
    sections: dict[int, tuple[str, list[str]]] = {0: (OPENING, [])}
    for piece in found.pieces:
        words = found.text[piece.start : piece.end]
        if piece.kind == "heading":
            sections[piece.section] = (piece.strings[0].text if piece.strings else words.strip("# "), [])
        elif piece.kind == "prose" or (piece.kind == "program" and not words.lstrip("`~ ").startswith("yaml example")):
            sections[piece.section][1].append(plain(words))
    return {title: tuple(blocks) for title, blocks in sections.values() if blocks or title != OPENING}
