"""The rule of four eyes: who may approve what, and when it is enough. It knows no store.

Everybody is seen as their hands: themselves and whoever they stand in for. Two who share a hand are one pair of eyes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor, Target
from assay.governance.office.references import Reference
from assay.governance.office.roles import FUNCTION_OF, Function, Role


@dataclass(frozen=True, slots=True)
class Needs:
    """What makes a proposal take effect.

    people     approvals by different people
    functions  different parts of the house among them; each then counts only by a role of their own
    """

    people: int = 1
    functions: int = 1


@dataclass(frozen=True, slots=True)
class Matter:
    """What waits for approval.

    author  the hands of whoever proposed it
    gets    who would gain by it
    digest  of what would be done; empty where that is not what was proposed, and then nobody can approve it
    """

    author: frozenset[Reference]
    gets: frozenset[Reference]
    digest: str
    ends: datetime
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Voice:
    """One approval: by whom, for which part of the house, of what."""

    who: Reference
    hands: frozenset[Reference]
    function: Function
    digest: str


def may_approve(matter: Matter, given: Sequence[Voice], voice: Voice, needs: Needs, at: datetime) -> list[Fault]:
    """Why an approval cannot be given; empty where it can."""
    if not matter.waits:
        return [Fault("settled", "this was settled already; nothing waits here any more")]
    if at >= matter.ends:
        return [Fault("lapsed", "the time for this has run out; propose it again if it is still wanted")]
    faults: list[Fault] = []
    if not matter.digest or voice.digest != matter.digest:
        faults.append(Fault("changed", "this has changed since you read it; read it again, then approve"))
    if voice.hands & matter.author:
        faults.append(
            Fault("own-proposal", "you proposed this, or you stand in for who did; somebody else has to approve it")
        )
    if voice.hands & matter.gets:
        faults.append(Fault("own-gain", "you would gain by this, or who you stand in for would; ask somebody else"))
    counted = [each for each in given if each.digest == matter.digest]
    if any(voice.hands & each.hands for each in counted):
        faults.append(
            Fault(
                "same-hands", "you, or somebody you share a hand with, approved this already; it needs another person"
            )
        )
    elif needs.functions > 1 and any(voice.function == each.function for each in counted):
        words = f"`{voice.function}` has approved this already; it needs somebody who speaks for another function"
        faults.append(Fault("same-function", words))
    return faults


def is_enough(matter: Matter, given: Sequence[Voice], needs: Needs) -> bool:
    """Whether approvals suffice: of this digest, by people who share no hand with each other, author or gainer."""
    counted: list[Voice] = []
    for voice in given:
        shared = voice.hands & (matter.author | matter.gets) or any(voice.hands & each.hands for each in counted)
        if matter.digest and voice.digest == matter.digest and not shared:
            counted.append(voice)
    return len(counted) >= needs.people and len({voice.function for voice in counted}) >= needs.functions


def speaks_for(actor: Actor, roles: frozenset[Role], target: Target, needs: Needs) -> tuple[Function, ...]:
    """The functions that somebody can give an approval for, by roles that reach that far; own ones first.

    Where two functions are needed only a role of one's own counts: else one department could stand in for another.
    """
    held = [each for each in actor.held if each.role in roles and each.scope.covers(target)]
    own = {FUNCTION_OF[each.role] for each in held if each.stands_for is None}
    lent = {FUNCTION_OF[each.role] for each in held} - own if needs.functions < 2 else set()
    return (*sorted(own), *sorted(lent))


def can_still_approve(
    matter: Matter, given: Sequence[Voice], actor: Actor, functions: Sequence[Function], needs: Needs, at: datetime
) -> tuple[Function, ...]:
    """The functions for which this actor's approval would be taken now; empty where none would."""
    voices = [Voice(actor.who, actor.hands, function, matter.digest) for function in functions]
    return tuple(voice.function for voice in voices if not may_approve(matter, given, voice, needs, at))
