"""What is left of a condition once some signals are known, their numbers written into it. It never asks the solver."""

from __future__ import annotations

from collections.abc import Mapping

from assay.engine.kernel.truth import UNKNOWN, YES
from assay.engine.kernel.values import MaybeValue
from assay.engine.program.core import FALSE, TRUE, All, Among, Any, Atom, Between, InRollout, Node, Ordered
from assay.engine.program.smt.formula import truth_in

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def residual(node: Node, signals: Mapping[str, MaybeValue], item: str | None) -> Node:
    """What is left of a condition where some signals are known; TRUE or FALSE where Kleene's tables decide it."""
    if isinstance(node, Atom):
        truth = truth_in(node, signals, item)
        return _with_numbers(node, signals) if truth is UNKNOWN else TRUE if truth is YES else FALSE
    neutral, deciding = (TRUE, FALSE) if isinstance(node, All) else (FALSE, TRUE)
    parts: list[Node] = []
    for part in node.parts:
        left = residual(part, signals, item)
        if left == deciding:
            return deciding
        if left != neutral:
            parts.append(left)
    if not parts:
        return neutral
    if len(parts) == 1:
        return parts[0]
    return All(tuple(parts)) if isinstance(node, All) else Any(tuple(parts))


def _with_numbers(atom: Atom, signals: Mapping[str, MaybeValue]) -> Atom:
    """An open comparison of a number that is known with one that is not, as a question about the other alone.

    The solver tells only those numbers apart that conditions name, and an item may have any.
    """
    test = atom.test
    if not isinstance(test, Between):
        return atom
    value, name, operator = signals.get(test.signal), test.other, _MIRRORED.get(test.operator, test.operator)
    if value is None:
        value, name, operator = signals.get(test.other), test.signal, test.operator
    if isinstance(value, bool) or not isinstance(value, int | float):
        return atom
    if operator in _MIRRORED:
        return Atom(Ordered(name, operator, value), atom.negated)
    return Atom(Among(name, frozenset((value,))), atom.negated != (operator == "!="))


def rolled_out(node: Node) -> Node:
    """A condition for an item that is among those of every rollout to a share above none."""
    if isinstance(node, Atom):
        if not isinstance(node.test, InRollout):
            return node
        return TRUE if (node.test.share > 0) != node.negated else FALSE
    parts = tuple(map(rolled_out, node.parts))
    return All(parts) if isinstance(node, All) else Any(parts)
