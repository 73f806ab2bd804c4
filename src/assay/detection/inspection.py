"""A section of one file's inspection: what a scanner saw, in words for a reviewer. It never weighs what it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

State = Literal["good", "weak", "broken", "found", "absent", "not checked"]

MAXIMUM_TITLE = 120
MAXIMUM_LABEL = 60
MAXIMUM_TEXT = 600
MAXIMUM_ROWS = 48
MAXIMUM_CHILDREN = 40
MAXIMUM_DEPTH = 6
MAXIMUM_SECTIONS = 400
_STATES = frozenset(get_args(State))


@dataclass(frozen=True, slots=True)
class Section:
    """One thing a scanner looked at, as rows of label and text, with the things inside it as children.

    state   `good`, `weak` and `broken` speak of a signature's hold on the file; `found` of a mark, `absent` of one that
            was looked for, `not checked` of what nobody looked at
    note    a sentence for what the rows cannot say, or an empty text

    Every text is cut to bounds and to what can be printed, since most of it comes from a stranger's file.
    """

    title: str
    state: State
    rows: tuple[tuple[str, str], ...] = ()
    children: tuple[Section, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if self.state not in _STATES:
            raise ValueError(f"`{self.state}` is no state of a section")
        kept = self.rows[:MAXIMUM_ROWS]
        rows = tuple((shown(label, MAXIMUM_LABEL), shown(text, MAXIMUM_TEXT)) for label, text in kept)
        left_out = len(self.rows) - len(kept) + max(len(self.children) - MAXIMUM_CHILDREN, 0)
        object.__setattr__(self, "title", shown(self.title, MAXIMUM_TITLE))
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "children", self.children[:MAXIMUM_CHILDREN])
        object.__setattr__(self, "note", _with_left_out(shown(self.note, MAXIMUM_TEXT), left_out))


def bounded(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The same sections within the bounds of depth and number; where something is left out, the note says so."""
    budget = [MAXIMUM_SECTIONS]
    return tuple(_within(section, MAXIMUM_DEPTH, budget) for section in sections[:MAXIMUM_CHILDREN])


def _within(section: Section, depth: int, budget: list[int]) -> Section:
    budget[0] -= 1
    children = tuple(_within(child, depth - 1, budget) for child in section.children if depth > 1 and budget[0] > 0)
    left_out = len(section.children) - len(children)
    return replace(section, children=children, note=_with_left_out(section.note, left_out))


def _with_left_out(note: str, left_out: int) -> str:
    return f"{note} {left_out} more are not shown.".strip() if left_out else note


def shown(text: str, most: int = MAXIMUM_TEXT) -> str:
    """A stranger's text on one line, without what cannot be printed, and with an ellipsis where it was cut."""
    cut = text[: most + 1]
    line = "".join(character if character.isprintable() else " " for character in cut)
    return line if len(cut) <= most else line[: most - 1] + "…"
