"""One-time links: made for a person and a purpose, kept as a digest, used once. They are never logged."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from django.urls import reverse

from assay.governance.people.models import Person
from assay.governance.people.sign_in.models import Link

Purpose: TypeAlias = Literal["invitation", "recovery"]
LASTS: dict[Purpose, timedelta] = {"invitation": timedelta(days=7), "recovery": timedelta(hours=24)}
PAGES: dict[Purpose, str] = {"invitation": "sign_in_begin", "recovery": "sign_in_recover"}


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link at the one moment when its secret is known.

    path     to be put behind the site's address, and given to the person alone
    expires  when it stops working
    """

    path: str = field(repr=False)
    expires: datetime


def make_link(person: Person, purpose: Purpose, *, at: datetime) -> MadeLink:
    """A new link; older ones of the same purpose end. For use inside a command, which writes the ledger entry."""
    Link.objects.filter(person=person, purpose=purpose, ended_at=None).update(ended_at=at)
    secret = secrets.token_urlsafe(32)
    expires = at + LASTS[purpose]
    Link.objects.create(digest=digest_of(secret), purpose=purpose, person=person, made_at=at, expires_at=expires)
    return MadeLink(f"{reverse(PAGES[purpose])}?{urlencode({'link': secret})}", expires)


def end_links(person: Person, *, at: datetime) -> int:
    """Withdraw every open link of somebody, as when their account is closed; gives how many there were."""
    return Link.objects.filter(person=person, ended_at=None).update(ended_at=at)


def find_link(digest: str, purpose: Purpose, *, at: datetime) -> Link | None:
    """The link of a secret's digest where it can still be used, or None."""
    link = Link.objects.select_related("person").filter(digest=digest, purpose=purpose).first()
    return link if link is not None and link.is_open(at) and link.person.is_active else None


def use_link(link: Link, *, at: datetime) -> bool:
    """End it; False where somebody else was first. Inside the command's transaction, so that it works exactly once."""
    return Link.objects.filter(pk=link.pk, ended_at=None, expires_at__gt=at).update(ended_at=at) == 1


def digest_of(secret: str) -> str:
    """The form in which a secret of 32 random bytes is kept: it cannot be guessed, so it needs no slow hash."""
    return sha256(secret.encode()).hexdigest()
