"""A proposal is made, held for a change, and read as the rules see it. It writes no ledger entry: commands do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.governance.office.references import Reference
from assay.governance.office.roles import Function, Role
from assay.governance.people.models import Approval, Person, Proposal
from assay.governance.people.models.proposals import digest_of
from assay.governance.people.proposals.kinds import KINDS, ProposalKind, kind_of
from assay.governance.people.rules.approving import Matter, Voice, can_still_approve, speaks_for

REASON_LONGEST = 600
_WAITS = Fault("waits-already", "exactly this waits for approval already; see the approvals that wait")


def propose(
    kind: ProposalKind,
    *,
    subject: Reference,
    gets: Person | None,
    content: Mapping[str, object],
    reason: str,
    author: Person | None,
    hands: Iterable[Reference],
    at: datetime,
) -> Proposal | list[Fault]:
    """A proposal that waits; for use inside a command, which writes what was proposed into the ledger.

    author, hands  who proposes, and everybody they act for: none of them can approve it
    """
    if len(reason) > REASON_LONGEST:
        words = f"the reason has {len(reason)} characters; shorten it to {REASON_LONGEST}"
        return [Fault("too-long", words, "reason")]
    digest = digest_of(kind.name, str(subject), content, reason)
    same = Proposal.objects.filter(kind=kind.name, digest=digest, state="waiting")
    same.filter(ends__lte=at).update(state="lapsed", settled_at=at)
    if same.exists():
        return [_WAITS]
    try:
        with transaction.atomic():
            return Proposal.objects.create(
                kind=kind.name,
                subject=str(subject),
                gets=gets,
                content=dict(content),
                reason=reason,
                digest=digest,
                author=author,
                hands=sorted(map(str, hands)),
                made_at=at,
                ends=at + kind.lasts,
            )
    except IntegrityError:
        # Somebody proposed the very same at the same instant; the store keeps one of the two.
        return [_WAITS]


def hold(proposal: Proposal) -> Proposal:
    """The same proposal as it stands now, nobody else's to change until the transaction ends."""
    # Whoever gains by it first: their account may be closed at the same instant, which holds the two in this order.
    if proposal.gets_id is not None:
        Person.objects.select_for_update(no_key=True).get(pk=proposal.gets_id)
    # Only its own row is held: joined rows may be missing, which PostgreSQL refuses to hold.
    return Proposal.objects.select_for_update(of=("self",)).select_related("author", "gets").get(pk=proposal.pk)


def matter_of(proposal: Proposal) -> Matter:
    """As the rules see it. A content that its digest does not fit has no digest that anybody could have approved."""
    author = {Reference.read(text) for text in proposal.hands}
    if proposal.author is not None:
        author.add(proposal.author.reference)
    return Matter(
        author=frozenset(author),
        gets=frozenset({proposal.gets.reference} if proposal.gets is not None else ()),
        digest=proposal.digest if proposal.is_as_proposed else "",
        ends=proposal.ends,
        waits=proposal.state == "waiting",
    )


def voices_of(approvals: Iterable[Approval]) -> list[Voice]:
    """Approvals as the rules see them, each with its person read along; of a closed account none counts."""
    return [
        Voice(each.person.reference, frozenset(map(Reference.read, each.hands)), Function(each.function), each.digest)
        for each in approvals
        if each.person.is_active
    ]


def functions_for(proposal: Proposal, approvals: Iterable[Approval], by: Actor, at: datetime) -> tuple[Function, ...]:
    """What somebody could approve it for at this instant; empty where their approval would not be taken."""
    if proposal.kind not in KINDS:
        return ()
    kind = kind_of(proposal)
    functions = speaks_for(by, kind.approvers, kind.target(proposal), kind.needs)
    return can_still_approve(matter_of(proposal), voices_of(approvals), by, functions, kind.needs, at)


def may_see(proposal: Proposal, by: Actor) -> bool:
    """Whether a proposal is there for somebody: its approvers, whoever made it or would gain by it, and auditors."""
    if proposal.kind not in KINDS:
        return False
    kind = kind_of(proposal)
    own = {each.reference for each in (proposal.author, proposal.gets) if each is not None}
    return by.who in own or by.reaches(kind.approvers | {Role.AUDITOR}, kind.target(proposal))
