"""Joins expressions by the solver's own calls, where its Python layer would be most of the work. It asks nothing.

That layer looks up the sort and the context of every part each time, which takes ten times as long as the joining.
All expressions here are booleans of one context, and the expressions that come out are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import z3
from z3 import z3core

_CONTEXT = z3.main_ctx()


def conjunction(parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """That all of them are so."""
    return _joined(z3core.Z3_mk_and, parts) if parts else z3.BoolVal(val=True)


def disjunction(parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """That one of them is so."""
    return _joined(z3core.Z3_mk_or, parts) if parts else z3.BoolVal(val=False)


def negation(part: z3.BoolRef) -> z3.BoolRef:
    """That it is not so."""
    return z3.BoolRef(z3core.Z3_mk_not(_CONTEXT.ref(), part.ast), _CONTEXT)


def implication(one: z3.BoolRef, other: z3.BoolRef) -> z3.BoolRef:
    """That the other is so wherever the one is."""
    return z3.BoolRef(z3core.Z3_mk_implies(_CONTEXT.ref(), one.ast, other.ast), _CONTEXT)


def say(solver: z3.Solver, expressions: Iterable[z3.BoolRef]) -> None:
    """Tell a solver that these are so."""
    for each in expressions:
        z3core.Z3_solver_assert(_CONTEXT.ref(), solver.solver, each.ast)


def is_true(model: z3.ModelRef, expression: z3.BoolRef) -> bool:
    """Whether a model says that something is so; what it leaves open is not."""
    found, completed = (z3.Ast * 1)(), False
    if not z3core.Z3_model_eval(_CONTEXT.ref(), model.model, expression.ast, completed, found):
        raise z3.Z3Exception("the model has no value for an expression")
    return bool(z3core.Z3_get_bool_value(_CONTEXT.ref(), found[0]) == z3.Z3_L_TRUE)


def _joined(make: Callable[..., object], parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    if len(parts) == 1:
        return parts[0]
    listed = (z3.Ast * len(parts))(*(part.ast for part in parts))
    return z3.BoolRef(make(_CONTEXT.ref(), len(parts), listed), _CONTEXT)
