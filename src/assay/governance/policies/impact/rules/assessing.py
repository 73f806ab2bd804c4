"""What people assess of a change, how grave it is, and the numbers they may write. It decides nothing of a change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assay.engine.kernel.errors import Fault

LONGEST_WORDS = 3_000


class About(StrEnum):
    """What an assessment is about."""

    RIGHTS = "rights"
    EQUITY = "equity"
    COST = "cost"
    EXPOSURE = "exposure"

    @property
    def heading(self) -> str:
        """As people read it."""
        return _TITLES[self]

    @property
    def asks(self) -> str:
        """The question that it answers."""
        return _ASKS[self]


class Level(StrEnum):
    """How grave something is."""

    LOW = "low"
    MODERATE = "moderate"
    CONSIDERABLE = "considerable"
    HIGH = "high"

    @property
    def place(self) -> int:
        """From 0, the least, to 3."""
        return list(Level).index(self)


_TITLES = {
    About.RIGHTS: "Rights",
    About.EQUITY: "Equity",
    About.COST: "Cost",
    About.EXPOSURE: "Exposure",
}
_ASKS = {
    About.RIGHTS: "Whose rights does it limit or protect, how gravely, and is that necessary and proportionate?",
    About.EQUITY: "Which groups, languages or markets is it more likely to treat wrongly, and what is done about it?",
    About.COST: "What does it cost: reviewer hours, product work, once and every week?",
    About.EXPOSURE: "How much severe material do reviewers see because of it, and what protects them?",
}


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment as it was read.

    content  to be kept
    outcome  one line that sums up
    raises   whether the change counts as one of high risk from now on
    """

    content: dict[str, Any]
    outcome: str
    level: Level | None = None
    raises: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Takes apart what a form gave; what is wrong is collected, each with its field."""

    given: Mapping[str, Any]
    faults: list[Fault]
    prefix: str = ""

    def words(self, name: str, *, needed: str = "") -> str:
        """A text; `needed` is what is said where it is missing."""
        text = str(self.given.get(name) or "").strip()
        if needed and not text:
            self.fault("missing-words", needed, name)
        if len(text) > LONGEST_WORDS:
            self.fault("too-long", f"this has {len(text):,} characters; shorten it to {LONGEST_WORDS:,}", name)
        return text

    def step(self, name: str, what: str) -> int | None:
        """One of five steps."""
        try:
            found = int(str(self.given.get(name) or ""))
        except ValueError:
            found = 0
        if not 1 <= found <= 5:
            self.fault("missing-step", f"choose one of the five steps of {what}", name)
            return None
        return found

    def level(self, name: str, what: str) -> Level | None:
        """How grave."""
        given = str(self.given.get(name) or "")
        if given not in list(Level):
            self.fault("missing-level", f"choose {what}", name)
            return None
        return Level(given)

    def choice(self, name: str, among: Mapping[str, str], what: str) -> str:
        """One of some words."""
        given = str(self.given.get(name) or "")
        if given not in among:
            self.fault("missing-choice", f"choose {what}", name)
            return ""
        return given

    def number(self, name: str, what: str, *, least: float = -1e9, needed: bool = True) -> float | None:
        """A number that can be counted with."""
        text = str(self.given.get(name) if self.given.get(name) is not None else "").strip().replace(",", "")
        if not text:
            if needed:
                self.fault("missing-number", f"give {what} as a number, 0 where there is none", name)
            return None
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not math.isfinite(found) or not least <= found <= 1e9:
            words = (
                f"`{text[:20]}` is no number that {what} can have; write one such as `{max(least, 0.0):g}` or `12.5`"
            )
            self.fault("no-number", words, name)
            return None
        return found

    def fault(self, slug: str, words: str, name: str) -> None:
        """Something to mend."""
        self.faults.append(Fault(slug, words, f"{self.prefix}{name}"))
