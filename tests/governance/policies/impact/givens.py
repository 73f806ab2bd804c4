"""What people write into assessments, and a workshop that works in memory. It is no test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.governance.policies import ports
from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.ports import Outcome, Progress, Task
from tests.governance.policies.life.houses import LIKENESS, begun, opened

if TYPE_CHECKING:
    from assay.governance.policies.life.models import Change

RIGHT = {
    "effect": "limits", "who": "people who mock the powerful", "scope": "3", "scale": "3", "remedy": "2",
    "likelihood": "3", "legality": "The rule is public.", "aim": "The dignity of those who are shown.",
    "necessity": "A label alone left them exposed.", "mitigation": "Satire stays, and appeals take a day.",
    "residual": "low",
}  # fmt: skip
GRAVE = {**RIGHT, "scale": "5", "likelihood": "4", "residual": "high", "mitigation": ""}
GIVEN: dict[About, dict[str, Any]] = {
    About.RIGHTS: {"expression": RIGHT, "overall": "Narrow, and worth it.", "none": ""},
    About.EQUITY: {
        "groups": [{"group": "satire in Hindi", "error": "over", "why": "Few reviewers read it.", "mitigation": ""}],
        "conclusion": "watched",
        "words": "The rehearsal, by language.",
    },
    About.COST: {
        "hours": "12", "hours_low": "8", "hours_high": "20", "rate": "30", "currency": "eur", "product_days": "4",
        "one_off": "1,000", "words": "Training of two teams.",
    },
    About.EXPOSURE: {
        "hours": "2.5", "hours_low": "1", "hours_high": "4", "protections": ["blur", "budget"],
        "conclusion": "within", "words": "Budgets have room.",
    },
}  # fmt: skip
FOUND = {
    "check": Outcome(
        True,
        "2 policies, 2 rules: 0 errors; 4 examples pass",
        {"format": "assay-check/1", "counts": {"errors": 0, "warnings": 0, "examples": 4, "failed": 0},
         "problems": [], "examples": []},
    ),
    "proof": Outcome(
        True,
        "Nothing keeps this pack from being released. 9 claims are proved.",
        {"format": "assay-work/1", "report": {"counts": {"claims": 9, "proved": 9, "errors": 0, "undecided": 0}},
         "shown": {"verdict": "Nothing keeps this pack from being released."}},
    ),
    "difference": Outcome(
        True,
        "1 measure changes: marked.",
        {"format": "assay-work/1", "report": {"changes": [{"measure": "marked"}], "doubts": []},
         "shown": {"verdict": "1 measure changes: marked."}},
    ),
    "rehearsal": Outcome(
        None,
        "1.8 % of decisions change.",
        {"format": "assay-work/1",
         "report": {
             "history": {"rows": 900},
             "forecast": {"days": 28, "lines": [
                 {"slug": "reviewer-hours", "unit": "hours", "old": {"rows": 700}, "new": {"rows": 720},
                  "change": {"value": 48.0, "low": 32.0, "high": 80.0, "rows": 90}},
                 {"slug": "severe-hours", "unit": "hours", "old": {"rows": 700}, "new": {"rows": 720},
                  "change": {"value": None, "low": None, "high": None, "rows": 2}}]}},
         "shown": {"verdict": "1.8 % of decisions change.", "charts": [
             {"name": "flow", "title": "What moves", "note": "", "header": ["Move"], "rows": [["a"]], "width": 10,
              "height": 10, "light": "<svg>light</svg>", "dark": "<svg>dark</svg>"}]}},
        page="<!doctype html><title>A report</title>",
    ),
}  # fmt: skip


@dataclass
class Shop:
    """Does nothing and says what it was told to say.

    before  called with each task and its progress, before it answers
    """

    history: bool = True
    found: dict[str, Outcome | Fault] = field(default_factory=lambda: dict(FOUND))
    tasks: list[Task] = field(default_factory=list)
    before: Callable[[Task, Progress], None] = lambda task, progress: None

    def run(self, task: Task, progress: Progress) -> Outcome | Fault:
        """What was told."""
        self.tasks.append(task)
        progress(1, 2, "working")
        self.before(task, progress)
        return self.found[task.work]

    def has_history(self) -> bool:
        """As it was told."""
        return self.history


@contextmanager
def shop(**given: Any) -> Iterator[Shop]:
    """A workshop at the port."""
    held, made = ports.PORTS.workshop, Shop(**given)
    ports.PORTS.workshop = made
    try:
        yield made
    finally:
        ports.PORTS.workshop = held


def drafted(by: Actor, at: datetime, say: str = "We mark whatever is fake.") -> Change:
    """A change with a draft in the small house."""
    begun(by, at)
    change = opened(by, at)
    redraft(change, say, by=by, at=at)
    return change


def redraft(change: Change, say: str, *, by: Actor, at: datetime) -> None:
    """Edit the draft."""
    from assay.governance.policies.life.drafts import put

    text = change.draft_files()[LIKENESS]
    lines = [say if line.startswith("We mark") else line for line in text.split("\n")]
    put(change, LIKENESS, "\n".join(lines), by=by, at=at)
