"""Whose signature counts, and when there are enough. It knows no store.

Everybody is seen as their hands: themselves and whoever they stand in for. Two who share a hand are one signer, and
whoever shares a hand with those whose work it is does not count. What is recounted at every asking cannot grow stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assay.engine.kernel.errors import Fault
from assay.governance.office.references import Reference
from assay.governance.office.roles import FUNCTION_OF, Role
from assay.governance.policies.signing.rules.matrix import LEAST_FUNCTIONS, LEAST_PEOPLE, Line


class Verdict(StrEnum):
    """What a signer says of a change."""

    SIGNS = "signs"
    ON_CONDITIONS = "signs-on-conditions"
    DISSENTS = "dissents"

    @property
    def words(self) -> str:
        """As it is said of somebody."""
        return {"signs": "signed", "signs-on-conditions": "signed on conditions", "dissents": "dissents"}[self.value]

    @property
    def agrees(self) -> bool:
        """Whether it is a signature for the change."""
        return self is not Verdict.DISSENTS


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody said of a draft, for one role.

    hands   themselves, and whoever they stood in for
    digest  of the draft they said it of
    open    whether their account is still open
    """

    who: Reference
    hands: frozenset[Reference]
    role: Role
    verdict: Verdict
    digest: str
    withdrawn: bool = False
    open: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """How far a change is signed.

    counted  voices that count, in the order in which they were given
    missing  roles that must speak and have not
    accountable  the role that has to sign and has not; None where it has
    people, functions  how many signed, of how many parts of the house
    """

    counted: tuple[Voice, ...]
    missing: tuple[Role, ...]
    accountable: Role | None
    people: int
    functions: int

    @property
    def is_enough(self) -> bool:
        """Whether nobody's signature is wanting."""
        return not self.words

    @property
    def words(self) -> str:
        """What is wanting, or nothing."""
        if self.missing:
            return f"not yet signed by {', '.join(role.words for role in self.missing)}"
        if self.accountable is not None:
            return f"{self.accountable.words}, who is accountable, dissents; their signature cannot be done without"
        if self.people < LEAST_PEOPLE or self.functions < LEAST_FUNCTIONS:
            return "somebody of another function has to sign as well, since a role that must sign dissents"
        return ""


def counted(voices: Iterable[Voice], own: frozenset[Reference], digest: str) -> tuple[Voice, ...]:
    """The voices that count: on this very draft, by nobody whose work it is, each pair of hands once."""
    found: list[Voice] = []
    for voice in voices:
        if voice.withdrawn or not voice.open or not digest or voice.digest != digest or voice.hands & own:
            continue
        if not any(voice.hands & other.hands for other in found):
            found.append(voice)
    return tuple(found)


def count(voices: Iterable[Voice], own: frozenset[Reference], digest: str, lines: Sequence[Line]) -> Count:
    """How far a change is signed, by the matrix.

    A role that must sign has done its part by signing or by dissenting, since a dissent stops nothing; but the one that
    is accountable has to sign, and so have two people of two functions.
    """
    found = counted(voices, own, digest)
    spoken = {voice.role for voice in found}
    signed = [voice for voice in found if voice.verdict.agrees]
    agreed = {voice.role for voice in signed}
    accountable = [line.role for line in lines if line.must_sign and line.letter == "accountable"]
    return Count(
        found,
        tuple(line.role for line in lines if line.must_sign and line.role not in spoken),
        next((role for role in accountable if role not in agreed), None),
        len(signed),
        len({FUNCTION_OF[role] for role in agreed}),
    )


def may_speak(voice: Voice, given: Iterable[Voice], own: frozenset[Reference], lines: Sequence[Line]) -> list[Fault]:
    """Why a voice cannot be given; empty where it can."""
    faults: list[Fault] = []
    line = next((line for line in lines if line.role is voice.role), None)
    if line is None or not line.may_sign:
        faults.append(Fault("not-asked", f"`{voice.role.words}` does not sign changes of this risk", "role"))
    if voice.hands & own:
        words = "this is your own work, or of somebody you stand in for; somebody else has to sign it"
        faults.append(Fault("own-work", words))
    standing = [other for other in given if not other.withdrawn and other.open and other.digest == voice.digest]
    if any(voice.who == other.who for other in standing):
        words = "you have signed this draft; to say something else, withdraw that signature first"
        faults.append(Fault("signed-already", words))
    elif any(voice.hands & other.hands for other in standing):
        words = "somebody you share a hand with has signed this draft; it needs another person"
        faults.append(Fault("same-hands", words))
    return faults
