"""What claims look at: signals, each at its point, axes and rollouts. It never looks at what they say of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.engine.program.core import InRollout, Node, atoms_of
from assay.engine.program.smt.formula import AtLeast, Axis, Every, Formula, Holds, Known, Not, Some, Within


@dataclass(frozen=True, slots=True)
class Reads:
    """What one claim looks at.

    signals   each with the point at which it is looked at
    rollouts  each by its rule and its share
    """

    signals: frozenset[tuple[str, int]] = frozenset()
    axes: frozenset[Axis] = frozenset()
    rollouts: frozenset[tuple[str, float]] = frozenset()

    @property
    def points(self) -> int:
        """How many items the claim is about."""
        return 1 + max((point for _, point in self.signals), default=0)

    @property
    def names(self) -> tuple[str, ...]:
        """The signals, in alphabetical order."""
        return tuple(sorted({name for name, _ in self.signals}))


_NOTHING = Reads()


class Readings:
    """What each claim looks at. Claims share their parts, so it is worked out once for each part."""

    def __init__(self) -> None:
        self._found: dict[Formula, Reads] = {}

    def of(self, formula: Formula) -> Reads:
        """What a claim looks at."""
        found = self._found.get(formula)
        if found is None:
            found = self._found[formula] = self._of(formula)
        return found

    def _of(self, formula: Formula) -> Reads:
        match formula:
            case Holds(node, _, point):
                return _of_node(node, point)
            case Known(signal, point):
                return Reads(frozenset(((signal, point),)))
            case Within(axis, _):
                return Reads(axes=frozenset((axis,)))
            case Not(part):
                return self.of(part)
            case Every(parts) | Some(parts) | AtLeast(_, parts):
                return reads_together(map(self.of, parts))


def _of_node(node: Node, point: int) -> Reads:
    atoms = list(atoms_of(node))
    tests = [atom.test for atom in atoms]
    return Reads(
        frozenset((name, point) for atom in atoms for name in atom.signals),
        rollouts=frozenset((test.rule, test.share) for test in tests if isinstance(test, InRollout)),
    )


def reads_together(parts: Iterable[Reads]) -> Reads:
    """What several claims look at."""
    # Many parts read the same, and an union of what is equal is that.
    kept = list(dict.fromkeys(parts))
    if len(kept) < 2:
        return kept[0] if kept else _NOTHING
    return Reads(
        frozenset().union(*(part.signals for part in kept)),
        frozenset().union(*(part.axes for part in kept)),
        frozenset().union(*(part.rollouts for part in kept)),
    )
