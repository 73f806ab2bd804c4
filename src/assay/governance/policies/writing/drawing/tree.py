"""A small decision tree as a drawing: one column of questions, endings at their right. It reads without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from assay.governance.policies.writing.documents.steps import Answer, Asked, Steps

WIDTH = 720
_QUESTION, _ANSWER, _RESULT = (8, 250), (286, 190), (506, 206)
_LINE, _SMALL = 18, 16
_LETTERS_OF_QUESTION, _LETTERS_OF_ANSWER, _LETTERS_OF_RESULT, _LETTERS_BELOW = 29, 24, 25, 84


@dataclass(slots=True)
class _Sheet:
    """What was drawn so far, and how far down it goes."""

    parts: list[str] = field(default_factory=list)
    height: int = 8

    def box(self, x: int, y: int, width: int, height: int, manner: str) -> None:
        """A frame: round and thin where nothing is done, square and thick where something is."""
        self.parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" {manner}/>')

    def words(self, x: int, y: int, lines: Sequence[str], step: int, *, bold: bool = False) -> None:
        """Lines of text, the first with its middle at `y`."""
        weight = ' font-weight="600"' if bold else ""
        for number, line in enumerate(lines):
            at = y + number * step + 4
            self.parts.append(f'<text x="{x}" y="{at}"{weight}>{escape(line)}</text>')

    def arrow(self, x1: int, y1: int, x2: int, y2: int) -> None:
        """A line with a head, to the right or down."""
        across, down = (7, 4) if y1 == y2 else (4, 7)
        other = f"{x2 - across},{y2 + down}" if y1 == y2 else f"{x2 + across},{y2 - down}"
        head = f"{x2 - across},{y2 - down} {x2},{y2} {other}"
        self.parts.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/><polyline points="{head}" fill="none"/>')


def drawing_of(steps: Steps, title: str, *, face: str = "", hidden: bool = False) -> str:
    """The tree as SVG; nothing where nothing has to be asked.

    title   said to whoever cannot see it
    face    the typeface, where it does not come from the page around it
    hidden  whether the same stands beside it in words, so that nobody is read it twice
    """
    if not steps.asked:
        return ""
    sheet = _Sheet()
    for asked in steps.asked:
        _draw(sheet, asked)
    said = 'aria-hidden="true"' if hidden else f'role="img" aria-label="{escape(title, quote=True)}"'
    family = f' font-family="{escape(face, quote=True)}"' if face else ""
    lines = "".join(part for part in sheet.parts if not part.startswith("<text"))
    words = "".join(part for part in sheet.parts if part.startswith("<text"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tree-drawing" viewBox="0 0 {WIDTH} {sheet.height}" '
        f'width="{WIDTH}" height="{sheet.height}" font-size="13"{family} fill="currentColor" stroke="none" {said}>'
        f'<g stroke="currentColor" stroke-width="1">{lines}</g>{words}</svg>'
    )


def _draw(sheet: _Sheet, asked: Asked) -> None:
    following = next((each for each in asked.answers if each.goes_to == asked.number + 1), None)
    beside = [each for each in asked.answers if each is not following]
    lines = _wrapped(f"{asked.number}. {asked.question}", _LETTERS_OF_QUESTION)
    rows = [_Row.of(each) for each in beside]
    height = max(len(lines) * _LINE + 16, sum(row.height for row in rows))
    top = sheet.height
    x, width = _QUESTION
    sheet.box(x, top, width, height, 'rx="3" stroke-width="1.5"')
    sheet.words(x + 10, top + 8 + _LINE // 2, lines, _LINE, bold=True)
    at = top
    for row in rows:
        row.draw(sheet, at)
        at += row.height
    sheet.height = top + height
    if following is not None:
        below = _wrapped(following.words, _LETTERS_BELOW)
        gap = max(len(below) * _SMALL + 12, 28)
        sheet.arrow(x + 24, sheet.height, x + 24, sheet.height + gap)
        sheet.words(x + 40, sheet.height + 6 + _SMALL // 2, below, _SMALL)
        sheet.height += gap
    else:
        sheet.height += 16


@dataclass(frozen=True, slots=True)
class _Row:
    """An answer beside a question, and where it leads."""

    answer: Sequence[str]
    result: Sequence[str]
    manner: str

    @classmethod
    def of(cls, answer: Answer) -> _Row:
        """The row of an answer."""
        if answer.ending is None:
            return cls(
                _wrapped(answer.words, _LETTERS_OF_ANSWER),
                [f"Go to {answer.goes_to}"],
                'rx="13" stroke-dasharray="4 3"',
            )
        acts = bool(answer.ending.measures)
        manner = 'stroke-width="2.5"' if acts else 'rx="13"'
        return cls(
            _wrapped(answer.words, _LETTERS_OF_ANSWER), _wrapped(answer.ending.words, _LETTERS_OF_RESULT), manner
        )

    @property
    def height(self) -> int:
        """How much room it takes."""
        return max(len(self.answer), len(self.result)) * _SMALL + 20

    def draw(self, sheet: _Sheet, top: int) -> None:
        """Its words, arrows and frame."""
        middle = top + self.height // 2
        sheet.arrow(_QUESTION[0] + _QUESTION[1], middle, _ANSWER[0] - 4, middle)
        sheet.words(_ANSWER[0], middle - (len(self.answer) - 1) * _SMALL // 2, self.answer, _SMALL)
        x, width = _RESULT
        sheet.arrow(_ANSWER[0] + _ANSWER[1], middle, x, middle)
        inner = len(self.result) * _SMALL + 10
        sheet.box(x, middle - inner // 2, width, inner, self.manner)
        sheet.words(x + 10, middle - (len(self.result) - 1) * _SMALL // 2, self.result, _SMALL)


def _wrapped(text: str, letters: int) -> list[str]:
    return textwrap.wrap(text, letters, break_long_words=True) or [""]
