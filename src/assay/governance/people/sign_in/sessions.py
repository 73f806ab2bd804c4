"""Somebody's open sessions, and everything else by which they come in: listed, ended, erased. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from assay.governance.people.models import Person
from assay.governance.people.sign_in.links import end_links
from assay.governance.people.sign_in.models import Recovery
from assay.governance.people.sign_in.rules import browser_words
from assay.governance.people.tokens.models import Token

# What a token of a closed account is called; the name that its person gave it may say who they are.
NAMELESS = "Token of a closed account"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser in which somebody is signed in.

    number   its number in the list, for ending it
    current  whether it is the one that asks
    """

    number: int
    began: datetime
    seen: datetime
    address: str
    browser: str
    current: bool


def open_sessions(person: Person, *, current: str | None) -> list[OpenSession]:
    """Sessions of somebody, newest first."""
    rows = UserSession.objects.filter(user=person).order_by("-created_at", "-pk")[:200]
    kept = [row for row in rows if _store(row.session_key).exists(row.session_key)]
    return [
        OpenSession(
            row.pk,
            row.created_at,
            row.last_seen_at,
            str(row.ip),
            browser_words(row.user_agent),
            row.session_key == current,
        )
        for row in kept
    ]


def delete_sessions(person: Person, *, numbers: frozenset[int] | None, keep: str | None) -> int:
    """End sessions of somebody; gives how many there were."""
    rows = UserSession.objects.filter(user=person)
    if numbers is not None:
        rows = rows.filter(pk__in=numbers)
    if keep is not None:
        rows = rows.exclude(session_key=keep)
    ended = 0
    for row in rows:
        _store(row.session_key).delete(row.session_key)
        row.delete()
        ended += 1
    return ended


def forget_ways_in(person: Person, *, at: datetime) -> None:
    """Erase all by which somebody came in, as when their account is closed; none of it comes back when it is opened."""
    Token.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    Token.objects.filter(person=person).update(name=NAMELESS)
    Recovery.objects.filter(person=person, decided_at=None).update(decided_at=at, approved=False)
    delete_sessions(person, numbers=None, keep=None)
    end_links(person, at=at)
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])


def mirror_address(person: Person) -> None:
    """Keep allauth's row of somebody's address like their own: the only one, and theirs."""
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})


def _store(key: str) -> SessionBase:
    engine = import_module(settings.SESSION_ENGINE)
    store: SessionBase = engine.SessionStore(key)
    return store
