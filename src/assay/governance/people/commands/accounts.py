"""Accounts: made by invitation, changed, closed, opened again. A closed one keeps its key and nothing of the person."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import instant_of
from assay.engine.kernel.unicode import is_unicode
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import ADMINISTRATORS, Role
from assay.governance.people.actors import actor_of
from assay.governance.people.commands.closing import empty_account
from assay.governance.people.commands.roles import hold_administrators, other_administrators
from assay.governance.people.events import (
    AccountClosed,
    AccountReopened,
    AdministratorLetInAgain,
    FirstAdministratorMade,
    ListExported,
    PersonChanged,
    PersonInvited,
    PersonInvitedAgain,
    ProfileChanged,
)
from assay.governance.people.models import Grant, Person
from assay.governance.people.models.person import plain_address
from assay.governance.people.notices.mail.outbox import post
from assay.governance.people.proposals.roles import give, limits_of
from assay.governance.people.rules.granting import (
    SIGNING,
    Wish,
    keeps_an_administrator,
    may_give_alone,
    needs_second,
    way_of,
)
from assay.governance.people.sign_in.links import MadeLink, end_links, make_link

NAME_LONGEST = 120
LANGUAGES = ("en",)


@dataclass(frozen=True, slots=True)
class Invited:
    """An account with the link by which its person first comes in; the link is shown once."""

    person: Person
    link: MadeLink = field(repr=False)


@command("people.create-first-administrator", words="make the first administrator, at the command line", system=True)
def create_first_administrator(*, email: str, name: str, by: Actor, at: datetime) -> Invited | list[Fault]:
    """Only while nobody is one; whoever has the account already becomes it.

    Whoever holds the command line holds the store too: an administrator who lost their way in gets a new one here.
    """
    administrators = {each.person_id for each in hold_administrators(at)}
    found = Person.objects.filter(email=plain_address(email), is_active=True).first()
    if found is not None and found.pk in administrators:
        append(AdministratorLetInAgain(), subject=found.reference, by=by, at=at)
        return Invited(found, make_link(found, "invitation" if found.last_login is None else "recovery", at=at))
    if administrators:
        words = "there is an administrator already; ask them to invite you, or to give you the role"
        return [Fault("has-administrator", words)]
    if found is None:
        faults = [*_name_faults(name), *_email_faults(email)]
        if faults:
            return faults
        found = _made(email, name)
        if found is None:
            return [_has_account(email)]
    Grant.objects.create(person=found, role=Role.ADMINISTRATOR.value, way="first", starts=at, granted_at=at)
    append(FirstAdministratorMade(), subject=found.reference, by=by, at=at)
    return Invited(found, make_link(found, "invitation", at=at))


@command("people.invite", words="invite a person", roles=ADMINISTRATORS)
def invite(*, email: str, name: str, wish: Wish | None, by: Actor, at: datetime) -> Invited | list[Fault]:
    """An account, with a role at once where one administrator may give it."""
    faults = [*_name_faults(name), *_email_faults(email)]
    others, lately = other_administrators(by, None, at)
    if wish is not None and needs_second(wish.role, for_oneself=False, others=others):
        words = f"`{wish.role.words}` needs a second administrator; invite them without a role, then propose it"
        faults.append(Fault("needs-second", words, "role"))
    if wish is not None:
        faults += may_give_alone(wish.role, for_oneself=False, others=others, lately=lately)
    if faults:
        return faults
    person = _made(email, name)
    if person is None:
        return [_has_account(email)]
    happened = PersonInvited(role=None, limits=(), alone=False)
    if wish is not None:
        way = way_of(wish.role, for_oneself=False, others=others)
        given = give(person, wish, way=way, by=Person.of(by.who), at=at)
        if isinstance(given, list):
            return given
        happened = PersonInvited(role=wish.role, limits=limits_of(wish.scope), alone=way == "alone")
    append(happened, subject=person.reference, by=by, at=at)
    return _let_in(person, at)


@command("people.invite-again", words="send somebody a new invitation", roles=ADMINISTRATORS)
def invite_again(*, person: Person, by: Actor, at: datetime) -> Invited | list[Fault]:
    """For somebody who never came in; the link before no longer works."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        return [_closed()]
    if person.last_login is not None:
        words = "they have signed in already; they can reset their password, or ask to be let in again"
        return [Fault("came-in", words)]
    append(PersonInvitedAgain(), subject=person.reference, by=by, at=at)
    return _let_in(person, at)


@command("people.change-profile", words="change their own name, time zone and language", own=True)
def change_profile(*, name: str, time_zone: str, language: str, by: Actor, at: datetime) -> Person | list[Fault]:
    """Their own, and nobody else's."""
    person = _held(by)
    faults = _name_faults(name)
    if time_zone not in zoneinfo.available_timezones():
        faults.append(Fault("no-time-zone", f"`{time_zone[:64]}` is no time zone; choose one of the list", "time_zone"))
    if language not in LANGUAGES:
        faults.append(
            Fault("no-language", f"the pages do not speak `{language[:16]}`; choose one of the list", "language")
        )
    given = {"name": name.strip(), "time_zone": time_zone, "language": language}
    changed = {each: getattr(person, each) != value for each, value in given.items()}
    if not faults and not any(changed.values()):
        faults.append(_same())
    if faults:
        return faults
    for each, value in given.items():
        setattr(person, each, value)
    person.save(update_fields=list(given))
    append(ProfileChanged(**changed), subject=person.reference, by=by, at=at)
    return person


@command("people.change-person", words="change the name or address of a person", roles=ADMINISTRATORS)
def change_person(*, person: Person, name: str, email: str, by: Actor, at: datetime) -> Person | list[Fault]:
    """An address is a way in, so nobody changes their own here, and links that went to the old one end."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    moved = plain_address(email) != person.email
    faults = [*_name_faults(name), *(_email_faults(email) if moved else [])]
    if not person.is_active:
        faults.append(_closed())
    if moved and person.reference == by.who:
        faults.append(Fault("own-address", "your own address is changed by another administrator", "email"))
    elif moved and any(other_administrators(by, None, at)):
        faults += _signing_faults(person, at)
    if not moved and name.strip() == person.name:
        faults.append(_same())
    if faults:
        return faults
    happened = PersonChanged(name=name.strip() != person.name, email=moved)
    person.name, person.email = name.strip(), email
    person.save(update_fields=["name", "email"])
    if moved:
        end_links(person, at=at)
    append(happened, subject=person.reference, by=by, at=at)
    return person


@command("people.close-account", words="close an account", roles=ADMINISTRATORS)
def close_account(*, person: Person, by: Actor, at: datetime) -> Person | list[Fault]:
    """Their roles, stand-ins and ways in end; their name and address are erased. References to them stay."""
    administrators = hold_administrators(at)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        return [Fault("account-closed", "this account is closed already")]
    if person.reference in by.hands:
        words = "you do not close your own account, or of whom you stand in for; ask another administrator"
        return [Fault("own-account", words)]
    before = {each.person_id for each in administrators if each.ends is None}
    if faults := keeps_an_administrator(before, before - {person.pk}):
        return faults
    roles = empty_account(person, Person.of(by.who), at)
    append(AccountClosed(tuple(sorted(roles))), subject=person.reference, by=by, at=at)
    return person


@command("people.reopen-account", words="open a closed account again", roles=ADMINISTRATORS)
def reopen_account(*, person: Person, email: str, name: str, by: Actor, at: datetime) -> Invited | list[Fault]:
    """The same person comes back, without any role; what they did is theirs again."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    faults = [*_name_faults(name), *_email_faults(email)]
    if person.is_active:
        faults.append(Fault("account-open", "this account is open; nothing is to be done"))
    if faults:
        return faults
    person.name, person.email, person.is_active, person.closed_at = name.strip(), email, True, None
    person.last_login = None
    person.save()
    append(AccountReopened(), subject=person.reference, by=by, at=at)
    return _let_in(person, at)


@command("people.export", words="take a list of people with them", roles=ADMINISTRATORS | {Role.AUDITOR})
def export_people(*, rows: Sequence[object], asked: str, by: Actor, at: datetime) -> int:
    """Personal data leaves the system: who took how many, and a digest of what was asked for, is written down."""
    subject = by.who
    append(ListExported(len(rows), Digest(sha256_of(canonical_json(asked)))), subject=subject, by=by, at=at)
    return len(rows)


def _held(by: Actor) -> Person:
    return Person.objects.select_for_update().get(pk=Person.of(by.who).pk)


def _made(email: str, name: str) -> Person | None:
    """A new account; None where somebody made one for this address at the same instant."""
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, name=name.strip())
    except IntegrityError:
        return None
    return person


def _let_in(person: Person, at: datetime) -> Invited:
    """The link by which they come in, mailed to them and shown once to whoever invited them."""
    link = make_link(person, "invitation", at=at)
    post(kind="invitation", person=person, at=at, key=f"invitation:{person.key}:{instant_of(at)}", link=link.path)
    return Invited(person, link)


def _name_faults(name: str) -> list[Fault]:
    plain = name.strip()
    if not plain:
        return [Fault("no-name", "give a name by which colleagues know them", "name")]
    if len(plain) > NAME_LONGEST:
        return [Fault("too-long", f"the name has {len(plain)} characters; shorten it to {NAME_LONGEST}", "name")]
    # A line break or a sign that turns the direction of writing could make one name look like another's.
    if not is_unicode(plain) or not plain.isprintable():
        return [Fault("not-printable", "the name has signs that cannot be seen; write it again by hand", "name")]
    return []


def _email_faults(email: str) -> list[Fault]:
    plain = plain_address(email)
    try:
        validate_email(plain)
    except ValidationError:
        return [Fault("no-address", f"`{plain[:80]}` is no e-mail address; write it as name@example.org", "email")]
    if plain.endswith(".invalid"):
        return [Fault("no-address", "addresses that end in `.invalid` reach nobody; write another", "email")]
    if Person.objects.filter(email=plain).exists():
        return [_has_account(email)]
    return []


def _has_account(email: str) -> Fault:
    words = f"`{plain_address(email)}` has an account already; look for it among the people"
    return Fault("has-account", words, "email")


def _signing_faults(person: Person, at: datetime) -> list[Fault]:
    """Who reads the new mailbox resets the password: with it they would have a role that two have to give."""
    signing = sorted(role.words for role in actor_of(person, at).roles & SIGNING)
    if not signing:
        return []
    words = (
        f"they act as {', '.join(signing)}, which two give: end that first, change the address, then propose it again"
    )
    return [Fault("needs-second", words, "email")]


def _same() -> Fault:
    return Fault("nothing-changed", "nothing is different from what was there; change something, or go back")


def _closed() -> Fault:
    return Fault("account-closed", "their account is closed; open it again first")
