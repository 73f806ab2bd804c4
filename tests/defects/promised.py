"""What a promise says where measures are known in part only, by Kleene's tables. It knows nothing of any solver."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth, all_of, any_of, negate
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.expression.syntax import (
    And,
    Call,
    Compare,
    Expression,
    In,
    ListLiteral,
    Literal,
    Name,
    Not,
    Or,
)
from assay.engine.language.meaning import Outcome, meaning_of
from assay.engine.language.pack.vocabulary import MEASURES_WORD, Vocabulary

_COMPARED: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """All that a promise is about: an item's signals, its market among them, and what is done to it.

    signals     the known signals and `market`
    done        the truth of every measure: whether it is imposed now, before ladders are reduced
    vocabulary  the pack's, with `market` and `measures`
    """

    signals: Mapping[str, MaybeValue]
    done: Mapping[str, Truth]
    vocabulary: Vocabulary

    def truth(self, condition: Expression) -> Truth:
        """What the promise's condition says."""
        match condition:
            case Not(operand):
                return negate(self.truth(operand))
            case And(operands):
                return all_of([self.truth(operand) for operand in operands])
            case Or(operands):
                return any_of([self.truth(operand) for operand in operands])
            case In(Literal(str() as measure), Name(path)) if path == MEASURES_WORD:
                return self.done[measure]
            case Call(function, (Name(path), ListLiteral(items))) if path == MEASURES_WORD:
                together = all_of if function == "sets.contains" else any_of
                return together([self.done[str(item.value)] for item in items])
            case Compare(sign, Call("size", (Name(path),)), Literal(int() as number)) if path == MEASURES_WORD:
                return self._counted(_COMPARED[sign], number)
            case _:
                return meaning_of(condition, self.signals, self.vocabulary)

    def _counted(self, compares: Callable[[int, int], bool], number: int) -> Truth:
        fewest = sum(truth is YES for truth in self.done.values())
        most = sum(truth is not NO for truth in self.done.values())
        said = {compares(count, number) for count in range(fewest, most + 1)}
        return UNKNOWN if len(said) == 2 else YES if said == {True} else NO


def done_now(outcome: Outcome) -> dict[str, Truth]:
    """Whether each measure is imposed now: by rules that are true, or by open ones until they are known."""
    return {
        measure: YES if outcome.open_measures[measure] is YES else truth for measure, truth in outcome.measures.items()
    }
