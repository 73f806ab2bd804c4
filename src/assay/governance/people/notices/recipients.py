"""Whom an event concerns, and by which kind of notice. It writes none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

from django.db.models import Q

from assay.governance.ledger.subscribers import Happened
from assay.governance.office.references import Reference
from assay.governance.office.roles import ADMINISTRATORS, Role
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.models.grants import Grant, in_force
from assay.governance.people.models.proposals import Proposal
from assay.governance.people.models.standing_in import Absence, Delegation, under_way
from assay.governance.people.proposals.kinds import KINDS, kind_of
from assay.governance.people.proposals.making import functions_for
from assay.governance.people.queries.naming import key_of

# A kind of notice and who gets it.
Told: TypeAlias = tuple[str, Reference]
Rule: TypeAlias = Callable[[Happened], Iterable[Told]]


def told_of(happened: Happened) -> list[Told]:
    """Who is to be told of an event, each once a kind. Nobody is told what they did themselves, but for security."""
    rule = RULES.get(happened.kind)
    told = dict.fromkeys(rule(happened)) if rule is not None else {}
    # One strange entry must not stop every notice behind it.
    return [(kind, who) for kind, who in told if who.kind == "person" and key_of(who.key) is not None]


def holders_of(roles: frozenset[Role], at: datetime) -> frozenset[Reference]:
    """Everybody who holds one of some roles at an instant, and whoever stands in for them."""
    names = [role.value for role in roles]
    holding = Person.objects.filter(
        pk__in=Grant.objects.filter(in_force(at), role__in=names).values("person"), is_active=True
    )
    holders = {person.pk: person.reference for person in holding}
    stand_ins = Person.objects.filter(
        Q(pk__in=Absence.objects.filter(under_way(at), person__in=holders).values("stand_in"))
        | Q(pk__in=_takers(names, list(holders), at)),
        is_active=True,
    )
    return frozenset({*holders.values(), *(person.reference for person in stand_ins)})


def _takers(names: list[str], holders: list[int], at: datetime) -> list[int]:
    running = Delegation.objects.filter(under_way(at), giver__in=holders)
    return [one.taker_id for one in running if set(one.roles) & set(names)]


def _others(happened: Happened, told: Iterable[Told]) -> Iterator[Told]:
    return ((kind, who) for kind, who in told if who != happened.actor)


def _subject(kind: str) -> Rule:
    return lambda happened: _others(happened, [(kind, happened.subject)])


def _security(kind: str) -> Rule:
    # Also of what somebody seems to have done themselves: it may have been somebody else with their password.
    return lambda happened: [(kind, happened.subject)] if happened.subject.kind == "person" else []


def _proposed(happened: Happened) -> Iterator[Told]:
    proposal = _proposal(getattr(happened.event, "proposal", None))
    if proposal is None or proposal.kind not in KINDS:
        return iter(())
    able = sorted(holders_of(kind_of(proposal).approvers, happened.at), key=str)
    given = list(proposal.approvals.all())
    # Asked as the page asks: whoever is told can really approve it.
    return _others(
        happened,
        [
            ("approval-wanted", who)
            for who in able
            if functions_for(proposal, given, actor_of(Person.of(who), happened.at), happened.at)
        ],
    )


def _settled(happened: Happened) -> Iterator[Told]:
    proposal = getattr(happened.event, "proposal", None)
    return _others(happened, [("proposal-settled", who) for who in _author(proposal)])


def _granted(happened: Happened) -> Iterator[Told]:
    yield from _others(happened, [("role-changed", happened.subject)])
    yield from _settled(happened)


def _author(proposal: Reference | None) -> list[Reference]:
    found = _proposal(proposal)
    return [found.author.reference] if found is not None and found.author is not None else []


def _proposal(reference: Reference | None) -> Proposal | None:
    key = key_of(reference.key) if reference is not None and reference.kind == "proposal" else None
    return None if key is None else Proposal.objects.filter(key=key).select_related("author").first()


def _delegated(happened: Happened) -> Iterator[Told]:
    taker = getattr(happened.event, "taker", None)
    return _others(happened, [("standing-in", taker)] if taker is not None else [])


def _delegation_ended(happened: Happened) -> Iterator[Told]:
    taker = getattr(happened.event, "taker", None)
    return _others(happened, [("role-changed", taker)] if taker is not None else [])


def _absent(happened: Happened) -> Iterator[Told]:
    stand_in = getattr(happened.event, "stand_in", None)
    return _others(happened, [("standing-in", stand_in)] if stand_in is not None else [])


def _recovery_asked(happened: Happened) -> Iterator[Told]:
    able = holders_of(ADMINISTRATORS, happened.at) - {happened.subject}
    return iter([("recovery-wanted", who) for who in sorted(able, key=str)])


def _signed_in(happened: Happened) -> list[Told]:
    # Only where the event itself says that the place is a new one.
    return [("sign-in-noticed", happened.subject)] if getattr(happened.event, "new_place", False) else []


def _sessions_ended(happened: Happened) -> Iterator[Told]:
    return _others(happened, [("way-in-changed", happened.subject)])


def _bundle(happened: Happened) -> Iterator[Told]:
    able = holders_of(frozenset({Role.POLICY_LEAD, Role.OPERATIONS_LEAD}), happened.at)
    return iter([("bundle-changed", who) for who in sorted(able, key=str)])


# A room adds its own when the program starts.
RULES: dict[str, Rule] = {
    "people.role-proposed": _proposed,
    "people.proposal-approved": _settled,
    "people.proposal-declined": _settled,
    "people.role-granted": _granted,
    "people.role-revoked": _subject("role-changed"),
    "people.roles-delegated": _delegated,
    "people.delegation-ended": _delegation_ended,
    "people.absence-recorded": _absent,
    "people.recovery-asked": _recovery_asked,
    "people.recovery-approved": _security("way-in-changed"),
    "people.recovery-declined": _security("way-in-changed"),
    "people.recovered": _security("way-in-changed"),
    "people.password-changed": _security("way-in-changed"),
    "people.factor-added": _security("way-in-changed"),
    "people.factor-removed": _security("way-in-changed"),
    "people.sessions-ended": _sessions_ended,
    "people.sign-in-locked": _security("sign-in-noticed"),
    "people.signed-in": _signed_in,
    "bundles.bundle-swapped": _bundle,
    "bundles.bundle-rolled-back": _bundle,
}
