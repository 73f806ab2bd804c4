"""What waits for approval and what became of it: for its approvers, its author, and whoever would gain by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.references import Reference
from assay.governance.office.roles import Function, Role
from assay.governance.people.models import Approval, Person, Proposal
from assay.governance.people.proposals.kinds import KINDS, kind_of
from assay.governance.people.proposals.making import functions_for, may_see
from assay.governance.people.queries.naming import key_of, names_for

SHOWN_MOST = 200
SETTLED_MOST = 20


@dataclass(frozen=True, slots=True)
class GivenApproval:
    """One approval: by whom, for which part of the house, when, and whether it counts: for what stands there now."""

    name: str
    function: Function
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal as somebody sees it.

    words      what would be done: `give Bo the role of legal`
    functions  what this reader could approve it for; empty where their approval would not count
    stands_for names of those by whose roles they could, where it is by none of their own
    """

    key: str
    kind: str
    title: str
    words: str
    reason: str
    facts: tuple[tuple[str, str], ...]
    author: str
    is_author: bool
    gets: str
    gets_key: str
    made_at: datetime
    ends: datetime
    state: str
    settled_at: datetime | None
    settled_by: str
    given: tuple[GivenApproval, ...]
    needs: int
    functions: tuple[Function, ...]
    may_decline: bool
    stands_for: tuple[str, ...]
    digest: str

    @property
    def counted(self) -> int:
        """How many approvals count."""
        return sum(each.counts for each in self.given)


@query("people.list-approvals", words="see what waits for approval, as far as it concerns them", own=True)
def approvals(*, by: Actor, at: datetime) -> list[Waiting]:
    """Everything that waits and that they may see, what ends first on top."""
    found = _with_people(Proposal.objects.filter(state="waiting", ends__gt=at, kind__in=list(KINDS)))
    return _shown([each for each in found.order_by("ends", "id")[:SHOWN_MOST] if may_see(each, by)], by, at)


@query("people.list-settled", words="see what was approved or declined, as far as it concerns them", own=True)
def settled(*, by: Actor, at: datetime) -> list[Waiting]:
    """The last ones that no longer wait, newest first; those whose time ran out among them."""
    found = _with_people(Proposal.objects.filter(~Q(state="waiting") | Q(ends__lte=at), kind__in=list(KINDS)))
    newest = found.order_by("-made_at", "-id")[:SHOWN_MOST]
    return _shown([each for each in newest if may_see(each, by)][:SETTLED_MOST], by, at)


@query("people.see-approval", words="read one proposal, as far as it concerns them", own=True)
def approval(*, key: str, by: Actor, at: datetime) -> Waiting | None:
    """One proposal; None where there is none that they may see."""
    found = proposal_of(key, by)
    return None if found is None else _shown([found], by, at)[0]


def proposal_of(key: str, by: Actor) -> Proposal | None:
    """For a page that is about to change it: the proposal, where it is there for somebody."""
    wanted = key_of(key)
    found = None if wanted is None else _with_people(Proposal.objects.filter(key=wanted)).first()
    return found if found is not None and may_see(found, by) else None


def _with_people(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.select_related("author", "gets", "settled_by")


def _shown(proposals: list[Proposal], by: Actor, at: datetime) -> list[Waiting]:
    """All approvals in one read, and the names of those somebody stands in for in another."""
    given: dict[int, list[Approval]] = {each.pk: [] for each in proposals}
    for each in Approval.objects.filter(proposal__in=proposals).select_related("person").order_by("at", "id"):
        given[each.proposal_id].append(each)
    lent = [held.stands_for for held in by.held if held.stands_for is not None]
    names = names_for(lent) if lent and proposals else {}
    return [_one(each, given[each.pk], by, at, names) for each in proposals]


def _one(proposal: Proposal, given: list[Approval], by: Actor, at: datetime, names: Mapping[Reference, str]) -> Waiting:
    kind = kind_of(proposal)
    functions = functions_for(proposal, given, by, at)
    reaches = by.reaches(kind.approvers, kind.target(proposal))
    waits = proposal.state == "waiting" and at < proposal.ends
    is_author = proposal.author is not None and proposal.author.reference == by.who
    return Waiting(
        key=str(proposal.key),
        kind=proposal.kind,
        title=kind.title,
        words=kind.words(proposal, _name(proposal.gets)),
        reason=proposal.reason,
        facts=kind.facts(proposal),
        author=_name(proposal.author),
        is_author=is_author,
        gets=_name(proposal.gets),
        gets_key="" if proposal.gets is None else str(proposal.gets.key),
        made_at=proposal.made_at,
        ends=proposal.ends,
        state=proposal.state if waits or proposal.state != "waiting" else "lapsed",
        settled_at=proposal.settled_at,
        settled_by=_name(proposal.settled_by),
        given=tuple(_given(given, proposal.digest)),
        needs=kind.needs.people,
        functions=functions,
        may_decline=waits and reaches and not is_author,
        stands_for=_lenders(by, kind.approvers, names) if functions else (),
        digest=proposal.digest,
    )


def _given(approvals: Iterable[Approval], digest: str) -> Iterator[GivenApproval]:
    for each in approvals:
        counts = each.digest == digest and each.person.is_active
        yield GivenApproval(each.person.name, Function(each.function), each.at, counts)


def _lenders(by: Actor, approvers: frozenset[Role], names: Mapping[Reference, str]) -> tuple[str, ...]:
    """By whose roles they could approve, where none of their own would do."""
    held = [each for each in by.held if each.role in approvers]
    if any(each.stands_for is None for each in held):
        return ()
    lenders = {each.stands_for for each in held if each.stands_for is not None}
    return tuple(sorted(names.get(each, "somebody") for each in lenders))


def _name(person: Person | None) -> str:
    return "" if person is None else person.name
