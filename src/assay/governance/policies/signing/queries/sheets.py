"""How it stands with the sign-off of one change: who must, who did, what stops it. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE, Role
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.signing.models import Condition, Signature, Veto
from assay.governance.policies.signing.queries.matrix import matrix_now
from assay.governance.policies.signing.queries.voices import signatures_of, voice_of
from assay.governance.policies.signing.rules.counting import Count, Verdict, count
from assay.governance.policies.signing.rules.matrix import Line, lines_for

# Before anything of a change decides, its signatures may be given, withdrawn and stopped.
SIGNABLE = (Stage.SIGN_OFF, Stage.READINESS, Stage.PILOT)


@dataclass(frozen=True, slots=True)
class Given:
    """One signature as a page shows it.

    state   `counts`; `lapsed`, since the draft changed; `withdrawn`; `own`, by whose work it became; `closed`, of a
            closed account; `shared`, with a hand that had signed before
    """

    signature: Signature
    role: Role
    verdict: Verdict
    state: str

    @property
    def counts(self) -> bool:
        """Whether it does."""
        return self.state == "counts"


@dataclass(frozen=True, slots=True)
class Seat:
    """A role of the matrix, and what was said for it."""

    line: Line
    given: tuple[Given, ...]

    @property
    def signed(self) -> bool:
        """Whether somebody signed for it."""
        return any(each.verdict.agrees for each in self.given)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sign-off of one change.

    seats       the roles that take part, those that must sign first
    former      signatures that do not count, newest first
    conditions  of signatures of this draft that stand, also where their signer's word counts no more
    dissents    that count, and those of the edition that was released
    """

    change: Change
    matrix: int
    seats: tuple[Seat, ...]
    told: tuple[Line, ...]
    count: Count
    former: tuple[Given, ...]
    conditions: tuple[Condition, ...]
    dissents: tuple[Given, ...]
    vetoes: Sequence[Veto]

    @property
    def veto(self) -> Veto | None:
        """The veto that stops it now."""
        return next((veto for veto in self.vetoes if veto.lifted_at is None), None)

    @property
    def signed(self) -> tuple[Given, ...]:
        """Whose signature for the change counts."""
        return tuple(each for seat in self.seats for each in seat.given if each.verdict.agrees)


@query("policies.see-sign-off", words="read who signed a change, and what stops it", roles=INSIDE, target=target_of)
def see_sign_off(*, change: Change, by: Actor, at: datetime) -> Sheet:
    """The sheet, for whoever may read the change."""
    return sheet_of(change)


def sheet_of(change: Change, digest: str = "") -> Sheet:
    """The sheet of the draft as it stands.

    digest  of the edition that came of it, once there is one: then whoever had signed it has, whatever became of their
            account and of the change since
    """
    now = matrix_now()
    lines = lines_for(now.matrix, change.risk)
    signatures = signatures_of(change)
    voices = [voice_of(each) for each in signatures]
    own = change.hands
    if digest:
        own, kept = frozenset(), [each.digest for each in signatures]
        voices = [replace(each, open=True, digest=kept_of) for each, kept_of in zip(voices, kept, strict=True)]
    digest = digest or change.draft_digest
    found = count(voices, own, digest, lines)
    standing = {id(voice) for voice in found.counted}
    given = [
        Given(each, voice.role, voice.verdict, "counts" if id(voice) in standing else _why_not(each, own, digest))
        for each, voice in zip(signatures, voices, strict=True)
    ]
    counts = [each for each in given if each.counts]
    seats = sorted(_seats(lines, counts), key=lambda seat: not seat.line.must_sign)
    return Sheet(
        change,
        now.number,
        tuple(seats),
        tuple(line for line in lines if not line.may_sign and line.letter.short),
        found,
        tuple(each for each in reversed(given) if not each.counts),
        tuple(
            condition
            for each, voice in zip(signatures, voices, strict=True)
            if voice.digest == digest and not voice.withdrawn
            for condition in each.conditions.all()
        ),
        tuple(each for each in counts if not each.verdict.agrees),
        list(change.vetoes.select_related("by", "lifted_by").order_by("-pk")),
    )


def _seats(lines: Sequence[Line], counts: Sequence[Given]) -> Iterator[Seat]:
    for line in lines:
        said = tuple(each for each in counts if each.role is line.role)
        if line.may_sign or said:
            yield Seat(line, said)


def _why_not(signature: Signature, own: frozenset[object], digest: str) -> str:
    voice = voice_of(signature)
    if voice.withdrawn:
        return "withdrawn"
    if voice.digest != digest:
        return "lapsed"
    if voice.hands & own:
        return "own"
    return "shared" if voice.open else "closed"


def is_due(condition: Condition, stage: Stage, today: date) -> bool:
    """Whether a condition must be met by now."""
    if condition.due == "sign-off":
        return True
    if condition.due == "launch":
        return stage is not Stage.SIGN_OFF
    return condition.due_on is None or condition.due_on < today


def condition_at(change: Change, key: UUID) -> Condition | None:
    """A condition of a change by its key; one of a withdrawn signature is not asked for any more."""
    found = Condition.objects.select_related("signature__person", "who", "met_by").filter(
        key=key, signature__change=change, signature__withdrawn_at=None
    )
    return found.first()


def signature_at(change: Change, key: UUID) -> Signature | None:
    """A signature of a change by its key."""
    return change.signatures.select_related("person").filter(key=key).first()


def as_signed(signature: Signature) -> Mapping[str, str] | None:
    """The whole pack as somebody signed it; None where it was not kept."""
    found = signature.change.signed_drafts.select_related("base").filter(digest=signature.digest).first()
    return None if found is None else found.texts
