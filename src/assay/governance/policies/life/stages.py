"""The stages of a change, in order, and which way it may go. It knows no gate and no store."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, TypeAlias

from assay.governance.office.roles import Role

# What a change does to a policy.
Kind: TypeAlias = Literal["new", "amend", "retire"]
KINDS: tuple[Kind, ...] = ("new", "amend", "retire")
# `review` calls a look at what is in force, `confirm` ends it, `replaced` says that something later decides instead.
Way: TypeAlias = Literal["forward", "back", "withdraw", "review", "confirm", "replaced"]


class Stage(StrEnum):
    """Where a change stands; in the order in which it goes."""

    IDEA = "idea"
    SCOPING = "scoping"
    RESEARCH = "research"
    DRAFTING = "drafting"
    CONSULTATION = "consultation"
    IMPACT = "impact"
    SIGN_OFF = "sign-off"
    READINESS = "readiness"
    PILOT = "pilot"
    LAUNCH = "launch"
    IN_FORCE = "in-force"
    REVIEW_DUE = "review-due"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """As people read it."""
        return _WORDS[self]

    @property
    def tone(self) -> str:
        """As a state among others: what is in force is well, what is to be looked at again waits."""
        return _TONES.get(self, "neutral")

    @property
    def is_over(self) -> bool:
        """Whether nothing follows."""
        return self in (Stage.RETIRED, Stage.WITHDRAWN)


ORDER: tuple[Stage, ...] = tuple(stage for stage in Stage if stage is not Stage.WITHDRAWN)
# While a change stands here its text may be edited; from sign-off on, what is signed is what is shipped.
EDITABLE = frozenset({Stage.SCOPING, Stage.RESEARCH, Stage.DRAFTING, Stage.CONSULTATION, Stage.IMPACT})
# While none of it is told to the channel, a change can go back or be withdrawn; what decides is rolled back first.
BEFORE_LAUNCH = ORDER[: ORDER.index(Stage.LAUNCH)]
BEFORE_FORCE = ORDER[: ORDER.index(Stage.IN_FORCE)]
DECIDES = frozenset({Stage.IN_FORCE, Stage.REVIEW_DUE})
_TONES = {Stage.IN_FORCE: "good", Stage.REVIEW_DUE: "warning"}
_WORDS = {
    Stage.IDEA: "Idea",
    Stage.SCOPING: "Scoping",
    Stage.RESEARCH: "Research",
    Stage.DRAFTING: "Drafting",
    Stage.CONSULTATION: "Consultation",
    Stage.IMPACT: "Impact",
    Stage.SIGN_OFF: "Sign-off",
    Stage.READINESS: "Readiness",
    Stage.PILOT: "Pilot",
    Stage.LAUNCH: "Staged launch",
    Stage.IN_FORCE: "In force",
    Stage.REVIEW_DUE: "Review due",
    Stage.RETIRED: "Retired",
    Stage.WITHDRAWN: "Withdrawn",
}
# Whose step it is where nobody was named for it.
OWNER: Mapping[Stage, Role] = {
    Stage.IDEA: Role.POLICY_LEAD,
    Stage.SCOPING: Role.POLICY_LEAD,
    Stage.RESEARCH: Role.ANALYST,
    Stage.DRAFTING: Role.ANALYST,
    Stage.CONSULTATION: Role.PUBLIC_POLICY,
    Stage.IMPACT: Role.DATA,
    Stage.SIGN_OFF: Role.POLICY_LEAD,
    Stage.READINESS: Role.OPERATIONS_LEAD,
    Stage.PILOT: Role.OPERATIONS_LEAD,
    Stage.LAUNCH: Role.OPERATIONS_LEAD,
    Stage.IN_FORCE: Role.POLICY_LEAD,
    Stage.REVIEW_DUE: Role.POLICY_LEAD,
}


def next_of(stage: Stage) -> Stage | None:
    """The one stage that a change goes on to; None at an end. Nothing is skipped."""
    place = ORDER.index(stage) + 1 if stage in ORDER else len(ORDER)
    return ORDER[place] if place < len(ORDER) else None


def earlier(stage: Stage) -> tuple[Stage, ...]:
    """The stages before one, in order."""
    return ORDER[: ORDER.index(stage)] if stage in ORDER else ()


def may_go_on(stage: Stage) -> bool:
    """Whether a gate leads on from here; what is in force is reviewed, and retired by what replaces it."""
    return stage in BEFORE_FORCE


def may_go_back(stage: Stage, to: Stage) -> bool:
    """Whether a change may be sent back: to an earlier stage, before it is in force."""
    return stage in BEFORE_FORCE and to in earlier(stage)


def may_withdraw(stage: Stage) -> bool:
    """Whether it may be given up."""
    return stage in BEFORE_FORCE
