"""What is wrong with a draft, in the order in which whoever writes a file mends it. It mends nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.engine.kernel.errors import Diagnostic
from assay.engine.language.checker import Checked


@dataclass(frozen=True, slots=True)
class Problems:
    """What was found.

    here       in the file that is open
    elsewhere  in other files: those of this draft's making, and those that were there before
    """

    here: tuple[Diagnostic, ...]
    elsewhere: tuple[Diagnostic, ...]

    @property
    def errors(self) -> int:
        """How many keep the draft from going on."""
        return _errors((*self.here, *self.elsewhere))

    @property
    def warnings(self) -> int:
        """How many do not."""
        return len(self.here) + len(self.elsewhere) - self.errors

    @property
    def errors_here(self) -> int:
        """How many errors are in the file that is open."""
        return _errors(self.here)


def problems_in(checked: Checked, path: str) -> Problems:
    """The problems of a checked draft, those of one file first."""
    here = tuple(problem for problem in checked.problems if problem.span.path == path)
    elsewhere = tuple(problem for problem in checked.problems if problem.span.path != path)
    return Problems(here, tuple(sorted(elsewhere, key=lambda each: (each.severity, each.span))))


def _errors(problems: Iterable[Diagnostic]) -> int:
    return sum(problem.severity == "error" for problem in problems)
