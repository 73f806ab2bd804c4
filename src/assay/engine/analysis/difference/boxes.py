"""The complete items that fulfil a condition, as few disjoint boxes. It is exact, or says that they are too many."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.analysis.difference.axes import Axes, Axis, Box
from assay.engine.language.expression.syntax import And
from assay.engine.program.core import FALSE, TRUE, All, Any, Atom, Node

_MOST_LEAVES = 2_000


class TooMany(Exception):
    """More boxes than anybody would read."""


def boxes_of(node: Node, axes: Axes) -> list[Box]:
    """Disjoint boxes that together hold just the complete items for which a condition is true.

    raises  TooMany, where there would be more than anybody could use
    """
    return _merged([dict(box) for box in _Cover(axes).boxes(node, {})])


def meets(node: Node, box: Box, axes: Axes) -> bool:
    """Whether a condition may hold somewhere in a box; where it says no, it holds nowhere there."""
    return restricted(node, box, axes) != FALSE


def restricted(node: Node, box: Box, axes: Axes) -> Node:
    """What is left of a condition in a box: atoms that are sure there are taken out."""
    if isinstance(node, Atom):
        return _atom(node, box, axes)
    parts: list[Node] = []
    neutral, deciding = (TRUE, FALSE) if isinstance(node, All) else (FALSE, TRUE)
    for part in node.parts:
        left = restricted(part, box, axes)
        if left == deciding:
            return deciding
        if left != neutral:
            parts.append(left)
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return neutral
    return All(tuple(parts)) if isinstance(node, All) else Any(tuple(parts))


def _atom(atom: Atom, box: Box, axes: Axes) -> Node:
    every = axes.joined(atom) is And
    undecided = False
    for axis, cells in axes.of(atom):
        here = box.get(axis, axis.everything)
        inside, outside = not here & ~cells, not here & cells
        if every and outside:
            return FALSE
        if not every and inside:
            return TRUE
        undecided = undecided or not (inside or outside)
    if undecided:
        return atom
    return TRUE if every else FALSE


class _Cover:
    """Splits along one axis after the other until a condition is sure."""

    def __init__(self, axes: Axes) -> None:
        self.axes, self.leaves = axes, 0

    def boxes(self, node: Node, box: dict[Axis, int]) -> list[dict[Axis, int]]:
        left = restricted(node, box, self.axes)
        if left == TRUE:
            self.leaves += 1
            if self.leaves > _MOST_LEAVES:
                raise TooMany
            return [box]
        if left == FALSE:
            return []
        axis, cells = self._split(left, box)
        here = box.get(axis, axis.everything)
        inside = self.boxes(left, {**box, axis: here & cells})
        outside = self.boxes(left, {**box, axis: here & ~cells})
        return _joined(inside, outside, axis)

    def _split(self, node: Node, box: Box) -> tuple[Axis, int]:
        """The axis that most undecided atoms look at, and the cells that the first of them allows there."""
        counts: dict[Axis, int] = {}
        first: dict[Axis, int] = {}
        for axis, cells in _pieces(node, self.axes):
            here = box.get(axis, axis.everything)
            if here & cells and here & ~cells:
                counts[axis] = counts.get(axis, 0) + 1
                first.setdefault(axis, cells)
        chosen = max(counts, key=lambda axis: counts[axis])
        return chosen, first[chosen]


def _pieces(node: Node, axes: Axes) -> Iterator[tuple[Axis, int]]:
    if isinstance(node, Atom):
        yield from axes.of(node)
    else:
        for part in node.parts:
            yield from _pieces(part, axes)


def _joined(inside: list[dict[Axis, int]], outside: list[dict[Axis, int]], axis: Axis) -> list[dict[Axis, int]]:
    """Both lists, where boxes that are alike but for one axis have become one."""
    found: dict[frozenset[tuple[Axis, int]], dict[Axis, int]] = {}
    for box in (*inside, *outside):
        key = frozenset((other, cells) for other, cells in box.items() if other != axis)
        if key in found:
            found[key] = {**found[key], axis: found[key].get(axis, axis.everything) | box.get(axis, axis.everything)}
        else:
            found[key] = box
    return list(found.values())


def _merged(boxes: list[dict[Axis, int]]) -> list[Box]:
    """Disjoint boxes joined as long as two of them are alike but for one axis."""
    kept = [_tight(box) for box in boxes]
    while True:
        before = len(kept)
        for axis in dict.fromkeys(axis for box in kept for axis in box):
            kept = [_tight(box) for box in _joined(kept, [], axis)]
        if len(kept) == before:
            return list(kept)


def _tight(box: dict[Axis, int]) -> dict[Axis, int]:
    return {axis: cells for axis, cells in box.items() if cells != axis.everything}
