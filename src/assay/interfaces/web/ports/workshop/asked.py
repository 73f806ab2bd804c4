"""What is asked of a process for work, and packs from its texts. It opens no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.packs.texts import Texts, check_texts

IN_FORCE, PROPOSED = "in force", "proposed"
_LEAST_SECONDS, _MOST_SECONDS = 1.0, 120.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A task as it came.

    as_of    microseconds since the epoch
    history  past items, or None
    """

    work: str
    old: Mapping[str, str]
    new: Mapping[str, str]
    as_of: int
    options: Mapping[str, object]
    history: Path | None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """From the JSON that our own caller wrote."""
        place = given["history"]
        history = None if place is None else Path(place)
        return cls(given["work"], given["old"], given["new"], given["as_of"], given["options"], history)

    @property
    def seconds_a_claim(self) -> float:
        """How long the solver may think about one claim."""
        given = self.options.get("seconds_a_claim", 10.0)
        return min(max(float(given), _LEAST_SECONDS), _MOST_SECONDS) if isinstance(given, int | float) else 10.0

    @property
    def texts(self) -> tuple[Texts, Texts]:
        """Those in force, and those that are proposed."""
        return Texts(IN_FORCE, "", self.old), Texts(PROPOSED, "", self.new)


def pack_of(texts: Texts) -> Pack | Fault:
    """The pack of some texts, or why nothing can be found out about it."""
    report = check_texts(texts, examples=False)
    if report.sound:
        return report.checked.pack
    first = next(problem for problem in report.problems if problem.severity == "error")
    whose = "the texts in force do" if texts.title == IN_FORCE else "the draft does"
    return Fault("unsound-texts", f"{whose} not check: {first.span}: {first.words}; mend it, and ask again")
