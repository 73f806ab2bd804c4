"""A proposal is approved, declined or withdrawn. The last approval that it needs also carries it out."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, NotAllowed, command
from assay.governance.office.references import Reference
from assay.governance.office.roles import ADMINISTRATORS, Function
from assay.governance.people.actors import actor_of
from assay.governance.people.events import ProposalApproved, ProposalDeclined, ProposalWithdrawn
from assay.governance.people.models import Approval, Person, Proposal
from assay.governance.people.proposals.kinds import Carried, ProposalKind, kind_of
from assay.governance.people.proposals.making import hold, matter_of, voices_of
from assay.governance.people.rules.approving import Voice, is_enough, may_approve, speaks_for
from assay.governance.people.rules.granting import EMERGENCY_ROLES

APPROVERS = ADMINISTRATORS | EMERGENCY_ROLES


@command("people.approve", words="approve what somebody else proposed", roles=APPROVERS)
def approve(
    *, proposal: Proposal, digest: str, by: Actor, at: datetime, function: Function | None = None
) -> Proposal | list[Fault]:
    """For the digest that was read.

    function  what they speak for; None is the first that counts
    raises    NotAllowed where this kind is not theirs to approve
    """
    proposal = hold(proposal)
    kind = kind_of(proposal)
    functions = speaks_for(by, kind.approvers, kind.target(proposal), kind.needs)
    if not functions and not by.reaches(kind.approvers, kind.target(proposal)):
        raise NotAllowed(OPERATIONS["people.approve"])
    spoken = function or next(iter(functions), None)
    if spoken is None or spoken not in functions:
        words = "for this you speak only for functions of your own roles; choose one of these"
        return [Fault("not-your-function", words, "function")]
    given = voices_of(_still_given(proposal, kind, at))
    matter = matter_of(proposal)
    voice = Voice(by.who, by.hands, spoken, digest)
    if faults := may_approve(matter, given, voice, kind.needs, at):
        return faults
    person = Person.of(by.who)
    Approval.objects.update_or_create(
        proposal=proposal,
        person=person,
        defaults={"function": spoken.value, "hands": sorted(map(str, by.hands)), "digest": digest, "at": at},
    )
    if is_enough(matter, [*given, voice], kind.needs):
        return _carried_out(proposal, kind, spoken, person, by, at)
    happened = ProposalApproved(proposal.reference, Digest(digest), spoken)
    append(happened, subject=Reference.read(proposal.subject), by=by, at=at)
    return proposal


@command("people.decline", words="decline what somebody else proposed", roles=APPROVERS)
def decline(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal | list[Fault]:
    """One is enough; whoever made it withdraws it instead. Raises NotAllowed like `approve`."""
    proposal = hold(proposal)
    kind = kind_of(proposal)
    if not by.reaches(kind.approvers, kind.target(proposal)):
        raise NotAllowed(OPERATIONS["people.decline"])
    if proposal.state != "waiting" or at >= proposal.ends:
        return [_settled()]
    if by.hands & matter_of(proposal).author:
        return [Fault("own-proposal", "you proposed this, or you stand in for who did; withdraw it instead")]
    _settle(proposal, "declined", Person.of(by.who), at)
    append(ProposalDeclined(proposal.reference), subject=Reference.read(proposal.subject), by=by, at=at)
    return proposal


@command("people.withdraw", words="withdraw what they proposed themselves", own=True)
def withdraw(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal | list[Fault]:
    """By its author alone; raises NotAllowed for anybody else."""
    proposal = hold(proposal)
    if proposal.author is None or proposal.author.reference != by.who:
        raise NotAllowed(OPERATIONS["people.withdraw"])
    if proposal.state != "waiting" or at >= proposal.ends:
        return [_settled()]
    _settle(proposal, "withdrawn", proposal.author, at)
    append(ProposalWithdrawn(proposal.reference), subject=Reference.read(proposal.subject), by=by, at=at)
    return proposal


def _still_given(proposal: Proposal, kind: ProposalKind, at: datetime) -> list[Approval]:
    """Approvals of those who could give them now: a stolen account that was closed since had no word in this."""
    given = proposal.approvals.select_related("person").order_by("pk")
    return [
        each
        for each in given
        if Function(each.function)
        in speaks_for(actor_of(each.person, at), kind.approvers, kind.target(proposal), kind.needs)
    ]


def _carried_out(
    proposal: Proposal, kind: ProposalKind, function: Function, person: Person, by: Actor, at: datetime
) -> Proposal | list[Fault]:
    _settle(proposal, "approved", person, at)
    carried: Carried | list[Fault] = kind.carry_out(proposal, by, at, function)
    if isinstance(carried, list):
        return carried
    append(carried.event, subject=carried.subject, by=by, at=at)
    return proposal


def _settle(proposal: Proposal, state: str, person: Person, at: datetime) -> None:
    proposal.state, proposal.settled_at, proposal.settled_by = state, at, person
    proposal.save(update_fields=["state", "settled_at", "settled_by"])


def _settled() -> Fault:
    return Fault("settled", "this was settled already, or its time ran out; nothing waits here any more")
