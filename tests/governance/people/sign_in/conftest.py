"""Somebody with a password, and one hasher that is quick: how slow the real one is matters nowhere here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeAlias

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from assay.governance.ledger.models import Entry
from assay.governance.people.models import Person

PASSWORD = "violet otter bicycle 9"
SignIn: TypeAlias = Callable[..., Client]


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Tests try passwords hundreds of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_attempts(db: None) -> Iterator[None]:
    """No attempt of another test is counted."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def eve(db: None) -> Person:
    """Somebody with a password, without a role and without a second factor."""
    return Person.objects.create_user("eve@example.org", PASSWORD, name="Eve")


@pytest.fixture
def now() -> datetime:
    """The instant of this machine, for pages, which take theirs from it."""
    return datetime.now(UTC)


def give_password(client: Client, email: str, password: str = PASSWORD, **more: str) -> object:
    return client.post("/account/login/", {"login": email, "password": password, **more})


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code that an app shows now, or so many steps of thirty seconds later."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps)))


def kinds() -> list[str]:
    """What the ledger holds, oldest first, without the room."""
    return [entry.kind.partition(".")[2] for entry in Entry.objects.order_by("number")]
