"""Where a label may stand: short, small, at the edge, and not part of a text. It reads no letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# More lines than these are a page, a poster or a screen, and a line among them is part of what it says.
MOST_LINES = 8
MOST_CANDIDATES = 6
# Shares of the picture's height that a label keeps to, and of its shorter side that its letters may take.
EDGE = 0.16
LEAST_HEIGHT, MOST_HEIGHT = 0.008, 0.14
MOST_WIDTH = 0.8


@dataclass(frozen=True, slots=True)
class Box:
    """A line of text, upright, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    def joined(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture's lines of text, and those that stand where a label stands.

    reason  why no line of it can be a label, or an empty text
    """

    lines: tuple[Box, ...]
    candidates: tuple[Box, ...]
    reason: str = ""


def layout_of(boxes: Sequence[Box], width: int, height: int) -> Layout:
    """Joins pieces into lines and keeps those that stand like a label."""
    lines = _lines(boxes)
    if len(lines) > MOST_LINES:
        return Layout(lines, (), f"it holds {len(lines)} lines of text, so that any of them is part of a text")
    kept = [line for line in lines if _stands_like_a_label(line, width, height) and not _is_in_a_text(line, lines)]
    return Layout(lines, tuple(kept[:MOST_CANDIDATES]))


def _lines(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Pieces side by side are one line: a sentence must not count as the two words in which OCR found it."""
    lines: list[Box] = []
    for box in sorted(boxes, key=lambda each: (each.left, each.top, each.right, each.bottom)):
        for at, line in enumerate(lines):
            if _is_same_line(line, box):
                lines[at] = line.joined(box)
                break
        else:
            lines.append(box)
    return tuple(sorted(lines, key=lambda each: (each.top, each.left, each.bottom, each.right)))


def _is_same_line(line: Box, box: Box) -> bool:
    overlap = min(line.bottom, box.bottom) - max(line.top, box.top)
    shorter, taller = sorted((line.height, box.height))
    gap = max(line.left, box.left) - min(line.right, box.right)
    return overlap > 0.6 * shorter and taller < 2 * shorter and gap < 1.2 * taller


def _stands_like_a_label(line: Box, width: int, height: int) -> bool:
    shorter = min(width, height)
    at_the_edge = line.top <= EDGE * height or line.bottom >= (1 - EDGE) * height
    # A very flat picture is all edge, and what is written on it is what it is about.
    is_small = LEAST_HEIGHT * shorter <= line.height <= MOST_HEIGHT * shorter and line.width <= MOST_WIDTH * width
    return at_the_edge and is_small


def _is_in_a_text(line: Box, lines: Sequence[Box]) -> bool:
    """Whether lines of about the same size stand close above and below, or two of them on one side."""
    near = [other for other in lines if other is not line and _is_neighbour(line, other)]
    return len(near) >= 2 or any(_neighbours(other, lines) >= 2 for other in near)


def _neighbours(line: Box, lines: Sequence[Box]) -> int:
    return sum(other is not line and _is_neighbour(line, other) for other in lines)


def _is_neighbour(line: Box, other: Box) -> bool:
    overlap = min(line.right, other.right) - max(line.left, other.left)
    gap = max(line.top, other.top) - min(line.bottom, other.bottom)
    shorter, taller = sorted((line.height, other.height))
    return overlap > 0 and gap < 1.6 * taller and taller < 2 * shorter
