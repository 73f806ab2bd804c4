"""The people that tests of the workbench know: ada writes, bo approves, cy may only read, dee administers. No test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import pytest

from assay.governance.office.roles import Role

if TYPE_CHECKING:
    from django.test import Client

    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person

ActorOf: TypeAlias = "Callable[..., Actor]"
ClientOf: TypeAlias = "Callable[[Person], Client]"
SOME_MOMENT = datetime(2026, 12, 15, 10, tzinfo=UTC)
# Long before any moment of a test and any clock of a machine that runs it.
JOINED = datetime(2024, 1, 1, tzinfo=UTC)


def a_person(name: str, *roles: Role, email: str | None = None) -> Person:
    """Somebody with roles everywhere and without end; no ledger entry is written, since nobody did it."""
    from assay.governance.people.models import Grant, Person

    person = Person.objects.create_user(email or f"{name.lower()}@example.org", name=name)
    for role in roles:
        Grant.objects.create(person=person, role=role, starts=JOINED)
    return person


@pytest.fixture
def at() -> datetime:
    """The instant at which things happen in a test that calls commands."""
    return SOME_MOMENT


@pytest.fixture
def ada(db: None) -> Person:
    """Writes: a policy lead."""
    return a_person("Ada", Role.POLICY_LEAD)


@pytest.fixture
def bo(db: None) -> Person:
    """Approves: legal, and leads operations."""
    return a_person("Bo", Role.LEGAL, Role.OPERATIONS_LEAD)


@pytest.fixture
def cy(db: None) -> Person:
    """May only read: an auditor."""
    return a_person("Cy", Role.AUDITOR)


@pytest.fixture
def dee(db: None) -> Person:
    """Administers."""
    return a_person("Dee", Role.ADMINISTRATOR)


@pytest.fixture
def actor_of() -> ActorOf:
    """From a person to who acts, with the roles that they hold at `SOME_MOMENT` or the instant given."""

    def found(person: Person, at: datetime = SOME_MOMENT) -> Actor:
        from assay.governance.people import actors

        return actors.actor_of(person, at)

    return found


@pytest.fixture
def client_of() -> ClientOf:
    """From a person to a browser that is signed in as them, with everything that signing in asks for done."""

    def signed_in(person: Person) -> Client:
        return a_client(person)

    return signed_in


def a_client(person: Person) -> Client:
    """A test client with a session of somebody who gave a password and a second factor."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    if not Authenticator.objects.filter(user=person).exists():
        TOTP.activate(person, generate_totp_secret())
    client = Client()
    client.force_login(person)
    return client
