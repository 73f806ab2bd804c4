"""Listens to what allauth says has happened, and writes it into the ledger by our commands. It decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.sign_in.commands import note_password, note_sign_in
from assay.governance.people.sign_in.rules import means_of
from assay.governance.people.sign_in.sessions import mirror_address
from assay.governance.people.sign_in.wiring.adapter import BEGAN, SEEN


@receiver(account_signals.user_logged_in)
def signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    """Somebody came in: their session begins now."""
    at = instant_of(request)
    request.session[BEGAN] = request.session[SEEN] = at.isoformat()
    note_sign_in(means=means_of(get_authentication_records(request, user)), by=actor_of(user, at), at=at)


@receiver(account_signals.password_changed)
def password_changed(request: HttpRequest, user: Person, **_: Any) -> None:
    """Somebody changed theirs."""
    _password(request, user, "changed")


@receiver(account_signals.password_set)
def password_set(request: HttpRequest, user: Person, **_: Any) -> None:
    """Somebody who had none set one."""
    _password(request, user, "set")


@receiver(account_signals.password_reset)
def password_reset(request: HttpRequest, user: Person, **_: Any) -> None:
    """Somebody had forgotten theirs."""
    _password(request, user, "reset-by-mail")


@receiver(post_save, sender=Person)
def address_changed(instance: Person, created: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    """Allauth looks for people by its own row of their address, which must never be an older one."""
    if not created and (update_fields is None or "email" in update_fields):
        mirror_address(instance)


def instant_of(request: HttpRequest) -> datetime:
    """The request's instant, where our middleware has set it."""
    at = getattr(request, "at", None)
    return at if isinstance(at, datetime) else timezone.now()


def _password(request: HttpRequest, person: Person, how: Literal["changed", "set", "reset-by-mail"]) -> None:
    at = instant_of(request)
    note_password(how=how, by=actor_of(person, at), at=at)
