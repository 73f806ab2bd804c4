"""An item that was found, and what conditions say of it, each looked at once. It is found by others."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.engine.analysis.difference.contribution import Contribution
from assay.engine.kernel.truth import Truth
from assay.engine.program.smt.formula import Situation, truth_in


@dataclass(frozen=True, slots=True)
class Seen:
    """A situation with the truths of conditions in it.

    calendar  the signals whose values the calendar gives
    """

    situation: Situation
    calendar: frozenset[str]
    _truths: dict[Contribution, Truth] = field(default_factory=dict, repr=False)

    def fits(self, silent: frozenset[str]) -> bool:
        """Whether it can be in a market where the calendar has no value for `silent`, and one for all other signals."""
        return all(self.situation.points[0].get(name) is not None for name in self.calendar - silent)

    def truth(self, one: Contribution) -> Truth:
        """What the condition of a contribution says of it."""
        found = self._truths.get(one)
        if found is None:
            found = self._truths[one] = truth_in(one.node, self.situation.points[0], self.situation.item)
        return found
