"""Kinds of work on a change, the states of a run, and when one is taken again. It runs nothing."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Work(StrEnum):
    """What the workshop can do for a change, in the order in which it is done."""

    CHECK = "check"
    PROOF = "proof"
    DIFFERENCE = "difference"
    REHEARSAL = "rehearsal"

    @property
    def heading(self) -> str:
        """As people read it."""
        return _TITLES[self]

    @property
    def verb(self) -> str:
        """As a button says it."""
        return _VERBS[self]

    @property
    def compares(self) -> bool:
        """Whether it is about a draft and the edition in force, and not about the draft alone."""
        return self in (Work.DIFFERENCE, Work.REHEARSAL)


class State(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_TITLES = {
    Work.CHECK: "Check and examples",
    Work.PROOF: "Proof",
    Work.DIFFERENCE: "Difference",
    Work.REHEARSAL: "Rehearsal",
}
_VERBS = {
    Work.CHECK: "Check",
    Work.PROOF: "Prove",
    Work.DIFFERENCE: "Compare",
    Work.REHEARSAL: "Rehearse",
}
ACTIVE = (State.WAITING, State.RUNNING)
# Whoever works on a run says so more often than this; after it, another may take the run.
LEASE = timedelta(seconds=20)
# A run whose process was ended from outside so often is not begun again by itself.
MOST_ATTEMPTS = 3
# The slug of a fault that says: the process was ended from outside, so that it may well succeed another time.
KILLED = "work-killed"
# How long the solver may think about one claim, as people choose it.
SECONDS_A_CLAIM = (10, 30, 60, 120)
