"""Somebody lets another act for them, for a time: chosen roles by delegation, every role while they are away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor, Target
from assay.governance.office.operations import OPERATIONS, NotAllowed, command
from assay.governance.office.roles import ADMINISTRATORS, INSIDE, Role
from assay.governance.people.actors import own_roles
from assay.governance.people.events import AbsenceEnded, AbsenceRecorded, DelegationEnded, RolesDelegated
from assay.governance.people.models import Absence, Delegation, Person
from assay.governance.people.rules.standing_in import may_be_away, may_delegate


@command("people.delegate", words="let somebody act with roles of their own", own=True)
def delegate(
    *, taker: Person, roles: frozenset[Role], starts: datetime, ends: datetime, by: Actor, at: datetime
) -> Delegation | list[Fault]:
    """Of roles that are their own; what they stand in for goes no further."""
    giver = _held(Person.of(by.who))
    faults = may_delegate(
        giver.reference, taker.reference, roles, own_roles([giver.pk], at).get(giver.pk, ()), starts, ends, at
    )
    faults += _can_take(taker, "taker", at)
    same = Delegation.objects.filter(giver=giver, taker=taker, ended_at=None, starts__lt=ends, ends__gt=starts)
    if any(set(each.roles) & {role.value for role in roles} for each in same):
        words = "they act for you with one of these roles in that time already; end that delegation first"
        faults.append(Fault("delegated-already", words, "roles"))
    if faults:
        return faults
    made = Delegation.objects.create(
        giver=giver, taker=taker, roles=sorted(role.value for role in roles), starts=starts, ends=ends, made_at=at
    )
    happened = RolesDelegated(made.reference, taker.reference, tuple(sorted(roles)), starts, ends)
    append(happened, subject=giver.reference, by=by, at=at)
    return made


@command("people.end-delegation", words="end a delegation of their own, or as administrator anybody's", own=True)
def end_delegation(*, delegation: Delegation, by: Actor, at: datetime) -> Delegation | list[Fault]:
    """By who gave it, who has it, or an administrator; raises NotAllowed for anybody else."""
    held = Delegation.objects.select_for_update(of=("self",)).select_related("giver", "taker").get(pk=delegation.pk)
    _theirs("people.end-delegation", (held.giver, held.taker), by)
    if held.ended_at is not None or held.ends <= at:
        return [Fault("ended", "this delegation has ended already")]
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    append(DelegationEnded(held.reference, held.taker.reference), subject=held.giver.reference, by=by, at=at)
    return held


@command("people.record-absence", words="say when they are away, or as administrator somebody", own=True)
def record_absence(
    *, person: Person, stand_in: Person | None, starts: datetime, ends: datetime, by: Actor, at: datetime
) -> Absence | list[Fault]:
    """For oneself, or by an administrator, then without a stand-in, for who cannot; raises NotAllowed otherwise."""
    _theirs("people.record-absence", (person,), by)
    person = _held(person)
    others = Absence.objects.filter(Q(person=person) | Q(person=stand_in), ended_at=None, ends__gt=at)
    away = [(each.starts, each.ends) for each in others if each.person_id == person.pk]
    stand_in_away = [(each.starts, each.ends) for each in others if each.person_id != person.pk]
    faults = may_be_away(
        person.reference, None if stand_in is None else stand_in.reference, starts, ends, at, away, stand_in_away
    )
    faults += [] if stand_in is None else _can_take(stand_in, "stand_in", at)
    if stand_in is not None and person.reference != by.who:
        # Else one administrator could let a hand of their own act, and approve, with the roles of somebody else.
        words = (
            "who stands in is for them alone to say; name nobody here, and give a colleague the roles that are needed"
        )
        faults.append(Fault("not-yours-to-choose", words, "stand_in"))
    if faults:
        return faults
    made = Absence.objects.create(person=person, stand_in=stand_in, starts=starts, ends=ends, made_at=at)
    named = None if stand_in is None else stand_in.reference
    append(AbsenceRecorded(made.reference, named, starts, ends), subject=person.reference, by=by, at=at)
    return made


@command("people.end-absence", words="end an absence of their own, or as administrator anybody's", own=True)
def end_absence(*, absence: Absence, by: Actor, at: datetime) -> Absence | list[Fault]:
    """They are back, or do not go; raises NotAllowed for anybody but them, their stand-in and administrators."""
    held = Absence.objects.select_for_update(of=("self",)).select_related("person", "stand_in").get(pk=absence.pk)
    _theirs("people.end-absence", (held.person, *([held.stand_in] if held.stand_in is not None else [])), by)
    if held.ended_at is not None or held.ends <= at:
        return [Fault("ended", "this absence has ended already")]
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    append(AbsenceEnded(held.reference), subject=held.person.reference, by=by, at=at)
    return held


def _held(person: Person) -> Person:
    """The person's row as it stands, so that two of their periods cannot be written past each other."""
    # Rows that only name this person may still be written: else two who lend each other their roles wait for ever.
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _theirs(operation: str, owners: Collection[Person], by: Actor) -> None:
    if by.who not in {each.reference for each in owners} and not by.reaches(ADMINISTRATORS, Target("people")):
        raise NotAllowed(OPERATIONS[operation])


def _can_take(person: Person, field: str, at: datetime) -> list[Fault]:
    """Whether somebody can stand in: only whom an administrator let into the house by a role of their own."""
    if not person.is_active:
        return [Fault("account-closed", "their account is closed; choose somebody else", field)]
    if not any(held.role in INSIDE for held in own_roles([person.pk], at).get(person.pk, ())):
        words = "they have no role inside the house themselves; choose somebody who has, or have them given one"
        return [Fault("outsider", words, field)]
    return []
