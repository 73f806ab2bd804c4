"""A change is signed, or somebody dissents; a signature is withdrawn. Nobody signs their own work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, NotAllowed, command
from assay.governance.office.references import Reference
from assay.governance.office.roles import FUNCTION_OF, Role
from assay.governance.people.models import Person
from assay.governance.policies.life.drafts import hold
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import is_inside, target_of
from assay.governance.policies.signing.events import ChangeSigned, SignatureWithdrawn
from assay.governance.policies.signing.models import WORDS_LONGEST, Condition, Signature, SignedDraft
from assay.governance.policies.signing.queries.evidence import Shown, evidence_of, kept, seal_of
from assay.governance.policies.signing.queries.matrix import matrix_now
from assay.governance.policies.signing.queries.sheets import SIGNABLE
from assay.governance.policies.signing.queries.voices import signatures_of, voice_of
from assay.governance.policies.signing.queries.waiting import speaks_as
from assay.governance.policies.signing.rules.counting import Verdict, Voice, may_speak
from assay.governance.policies.signing.rules.matrix import SIGNERS, lines_for

Due = Literal["sign-off", "launch", "date"]
CONDITIONS_MOST = 20
CONDITION_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition that a signer sets.

    due     `sign-off`, before the change leaves sign-off; `launch`, before a bundle of it is built; `date`, by `due_on`
    """

    words: str
    who: Person
    due: Due = "launch"
    due_on: date | None = None


@command("policies.sign", words="sign a change off, or dissent", roles=SIGNERS, target=target_of)
def sign(
    *, change: Change, role: Role, verdict: Verdict, seal: str, by: Actor, at: datetime, words: str = "",
    conditions: Sequence[Asked] = (),
) -> Signature | list[Fault]:  # fmt: skip
    """For exactly what was read.

    seal    of what the signer was shown, as `queries.evidence.seal_of` makes it
    raises  NotAllowed for a role that is not theirs
    """
    change = hold(change)
    if not speaks_as(by, role, change):
        raise NotAllowed(OPERATIONS["policies.sign"])
    evidence = evidence_of(change, at)
    voice = Voice(by.who, by.hands, role, verdict, change.draft_digest)
    lines = lines_for(matrix_now().matrix, change.risk)
    given = [voice_of(each) for each in signatures_of(change)]
    faults = [
        *_not_now(change),
        *_not_as_read(change, seal, evidence),
        *may_speak(voice, given, change.hands, lines),
        *_faults_of_words(verdict, words, conditions, at),
    ]
    if faults:
        return faults
    signature = _keep(change, voice, words, conditions, evidence, by, at)
    said = ChangeSigned(
        signature.reference, role, FUNCTION_OF[role], _lender(by, role, change), verdict, Digest(change.draft_digest),
        tuple(Digest(each.digest) for each in evidence if each.digest), len(conditions),
    )  # fmt: skip
    append(said, subject=change.reference, by=by, at=at)
    return signature


@command("policies.withdraw-signature", words="withdraw a signature of their own", roles=SIGNERS, target=target_of)
def withdraw_signature(
    *, change: Change, signature: Signature, words: str, by: Actor, at: datetime
) -> Signature | list[Fault]:
    """Until the change is launched; its conditions fall with it. Raises NotAllowed for anybody else's."""
    change = hold(change)
    signature = Signature.objects.select_for_update(of=("self",)).select_related("person").get(pk=signature.pk)
    if signature.person.reference != by.who or signature.change_id != change.pk:
        raise NotAllowed(OPERATIONS["policies.withdraw-signature"])
    faults = [*_not_now(change)]
    if signature.withdrawn_at is not None:
        faults.append(Fault("withdrawn-already", "this signature is withdrawn already; nothing is to be done"))
    if not words.strip():
        faults.append(Fault("no-words", "say why, for those who counted on it", "words"))
    if len(words) > CONDITION_LONGEST:
        faults.append(Fault("too-long", f"the words are longer than {CONDITION_LONGEST} characters; cut them", "words"))
    if faults:
        return faults
    signature.withdrawn_at, signature.withdrawn_words = at, words.strip()
    signature.save(update_fields=["withdrawn_at", "withdrawn_words"])
    append(SignatureWithdrawn(signature.reference, Role(signature.role)), subject=change.reference, by=by, at=at)
    return signature


def _not_now(change: Change) -> list[Fault]:
    if change.at_stage in SIGNABLE:
        return []
    words = f"the change is in `{change.at_stage.words.lower()}`; it is signed from sign-off on, until it is launched"
    return [Fault("not-to-be-signed", words)]


def _not_as_read(change: Change, seal: str, evidence: Sequence[Shown]) -> list[Fault]:
    if not change.draft_digest:
        return [Fault("no-draft", "the change has no text yet; there is nothing to sign")]
    if seal != seal_of(change, evidence):
        return [Fault("changed", "the draft or its evidence has changed since you read it; read it again, then sign")]
    return []


def _faults_of_words(verdict: Verdict, words: str, conditions: Sequence[Asked], at: datetime) -> list[Fault]:
    faults = []
    if verdict is Verdict.DISSENTS and not words.strip():
        faults.append(Fault("no-words", "say what you dissent from: it stays with the policy for ever", "words"))
    if len(words) > WORDS_LONGEST:
        faults.append(Fault("too-long", f"the words are longer than {WORDS_LONGEST} characters; cut them", "words"))
    if (verdict is Verdict.ON_CONDITIONS) != bool(conditions):
        said = "name at least one condition, or sign without" if not conditions else "only a signature has conditions"
        faults.append(Fault("conditions", said, "conditions"))
    if len(conditions) > CONDITIONS_MOST:
        faults.append(Fault("too-many", f"{CONDITIONS_MOST} conditions are the most; put some together", "conditions"))
    for each in conditions:
        faults += _faults_of_condition(each, at)
    return faults


def _faults_of_condition(asked: Asked, at: datetime) -> list[Fault]:
    faults = []
    if not asked.words.strip() or len(asked.words) > CONDITION_LONGEST:
        faults.append(Fault("no-words", f"a condition has 1 to {CONDITION_LONGEST} characters", "conditions"))
    if not asked.who.is_active:
        faults.append(
            Fault("account-closed", f"the account of `{asked.who.name}` is closed; name another", "conditions")
        )
    elif not is_inside(asked.who, at):
        faults.append(Fault("outside", f"`{asked.who.name}` has no role in the house; name another", "conditions"))
    if asked.due == "date" and (asked.due_on is None or asked.due_on < at.date()):
        faults.append(Fault("no-day", "a condition by a day needs one that is not past", "conditions"))
    return faults


def _keep(
    change: Change, voice: Voice, words: str, conditions: Sequence[Asked], evidence: Sequence[Shown], by: Actor,
    at: datetime,
) -> Signature:  # fmt: skip
    lender = _lender(by, voice.role, change)
    SignedDraft.objects.get_or_create(
        change=change,
        digest=change.draft_digest,
        defaults={"base": change.base, "files": dict(change.files.values_list("path", "text_id"))},
    )
    signature = Signature.objects.create(
        change=change,
        person=Person.of(by.who),
        role=voice.role.value,
        function=FUNCTION_OF[voice.role].value,
        stands_for=None if lender is None else Person.of(lender),
        hands=sorted(map(str, voice.hands)),
        verdict=voice.verdict.value,
        words=words.strip(),
        digest=change.draft_digest,
        said=change.said_digest,
        evidence=kept(evidence),
        at=at,
    )
    Condition.objects.bulk_create(
        Condition(
            signature=signature,
            words=each.words.strip(),
            who=each.who,
            due=each.due,
            due_on=each.due_on if each.due == "date" else None,
        )
        for each in conditions
    )
    return signature


def _lender(by: Actor, role: Role, change: Change) -> Reference | None:
    """Whose role it is, where it is not their own."""
    target = target_of({"change": change})
    held = [each for each in by.held if each.role is role and each.scope.covers(target)]
    if any(each.stands_for is None for each in held):
        return None
    return next((each.stands_for for each in held), None)
