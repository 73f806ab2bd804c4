"""Make a token, and revoke it. A token cannot make or revoke another."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, command
from assay.governance.people.models import Person
from assay.governance.people.tokens.events import TokenMade, TokenRevoked
from assay.governance.people.tokens.models import Token
from assay.governance.people.tokens.rules import digest_of, why_not_make, written

NO_SUCH = Fault("no-such-token", "you have no such token, or it has ended already; open the list again")


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token at the one moment when its secret is known."""

    key: str
    text: str = field(repr=False)


@command("tokens.make", words="make a token for a program of their own", own=True)
def make_token(
    *, name: str, operations: frozenset[str], ends: datetime, by: Actor, at: datetime
) -> MadeToken | list[Fault]:
    """Let a program do some of what one may oneself."""
    person = Person.of(by.who)
    held = Token.objects.filter(person=person, revoked_at=None, ends_at__gt=at).count()
    faults = why_not_make(by, name=name, operations=operations, ends=ends, held=held, at=at)
    if faults:
        return faults
    key, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = Token.objects.create(
        key=key,
        person=person,
        name=name.strip()[:80],
        digest=digest_of(secret),
        operations=sorted(operations),
        made_at=at,
        ends_at=ends,
    )
    writing = sum(1 for each in operations if OPERATIONS[each].kind == "command")
    append(TokenMade(len(operations), writing, ends), subject=token.reference, by=by, at=at)
    return MadeToken(key, written(key, secret))


@command("tokens.revoke", words="revoke a token of their own", own=True)
def revoke_token(*, key: str, by: Actor, at: datetime) -> Token | list[Fault]:
    """End a token now."""
    held = Token.objects.select_for_update(of=("self",)).filter(key=key, person__key=by.who.key)
    token = held.filter(revoked_at=None, ends_at__gt=at).first()
    if token is None:
        return [NO_SUCH]
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    append(TokenRevoked(), subject=token.reference, by=by, at=at)
    return token
