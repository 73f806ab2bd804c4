"""What must be true before a change goes on: requirements that each part registers. It moves no change itself.

A requirement belongs to the stage that it must hold to leave. One that `stays` is asked again when a bundle is built,
so that nothing that was true once and is no longer can be shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.governance.policies.life.stages import Stage, earlier

if TYPE_CHECKING:
    from assay.governance.policies.life.models import Change


@dataclass(frozen=True, slots=True)
class Finding:
    """How it stands with one requirement for one change.

    met    whether it holds; what is unknown does not
    words  what was found: "one of two views is in", "the proof found 2 errors"
    url    where it is mended or read, or empty
    digest of the evidence that was looked at, or empty
    """

    met: bool
    words: str
    url: str = ""
    digest: str = ""


def holds(words: str, url: str = "", digest: str = "") -> Finding:
    """A requirement that holds."""
    return Finding(met=True, words=words, url=url, digest=digest)


def lacks(words: str, url: str = "", digest: str = "") -> Finding:
    """A requirement that does not hold, or of which nothing is known."""
    return Finding(met=False, words=words, url=url, digest=digest)


Find: TypeAlias = "Callable[[Change, datetime], Finding]"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must hold.

    name      `part.what`, such as `impact.proof`
    leaving   the stage that cannot be left without it
    words     what must be true, as a sentence: "The proof finds no error."
    stays     whether it is asked again whenever a bundle is built
    waivable  whether a person may put it aside, with a reason; nobody may for their own change
    """

    name: str
    leaving: Stage
    words: str
    find: Find
    stays: bool = False
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Stands:
    """A requirement, and how it stands.

    waived  the words with which somebody put it aside, or empty
    """

    requirement: Requirement
    finding: Finding
    waived: str = ""

    @property
    def holds(self) -> bool:
        """Whether it keeps nobody from going on."""
        return self.finding.met or bool(self.waived)


REQUIREMENTS: dict[str, Requirement] = {}


def requirement(
    name: str, *, leaving: Stage, words: str, stays: bool = False, waivable: bool = False
) -> Callable[[Find], Find]:
    """Register the function that finds how it stands with a requirement; its part is loaded with the program."""

    def declared(find: Find) -> Find:
        if name in REQUIREMENTS:
            raise ValueError(f"two requirements are named {name}")
        REQUIREMENTS[name] = Requirement(name, leaving, words, find, stays, waivable)
        return find

    return declared


def of_stage(stage: Stage) -> tuple[Requirement, ...]:
    """What must hold to leave a stage, by name."""
    return tuple(sorted((one for one in REQUIREMENTS.values() if one.leaving is stage), key=lambda one: one.name))


def to_leave(stage: Stage) -> tuple[Requirement, ...]:
    """All that is asked when a change leaves a stage: what belongs to it, and what was true earlier and must still be.

    What already decides is asked for its own requirements alone.
    """
    if stage is Stage.LAUNCH:
        return of_stage(stage)
    before = earlier(stage)
    return (*of_stage(stage), *(one for one in that_stay() if one.leaving in before))


def that_stay() -> tuple[Requirement, ...]:
    """What is asked again whenever a bundle is built."""
    return tuple(sorted((one for one in REQUIREMENTS.values() if one.stays), key=lambda one: one.name))


def standing(change: Change, wanted: Iterable[Requirement], at: datetime) -> list[Stands]:
    """How it stands with some requirements, each asked anew."""
    wanted = list(wanted)
    waived = waived_for(change)
    return [Stands(one, one.find(change, at), waived.get(one.name, "") if one.waivable else "") for one in wanted]


def waived_for(change: Change) -> dict[str, str]:
    """What was put aside for this very draft, by those whose own work it did not become since."""
    found = list(change.waivers.filter(digest=change.draft_digest).select_related("by"))
    own = change.hands if found else frozenset()
    return {each.requirement: each.words for each in found if each.by is None or each.by.reference not in own}


def faults_of(stands: Iterable[Stands]) -> list[Fault]:
    """All that keeps a change from going on."""
    return [
        Fault("gate-closed", f"{_lower(one.requirement.words)}: {one.finding.words}", one.requirement.name)
        for one in stands
        if not one.holds
    ]


def _lower(words: str) -> str:
    plain = words.rstrip(".")
    return plain[:1].lower() + plain[1:]
