"""One's own tokens, and whose a token is that was shown. It tells no secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, query
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.tokens.models import Token
from assay.governance.people.tokens.rules import digest_of, is_secret, read

USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class HeldToken:
    """A token as its person sees it.

    may  what it may do, in words
    """

    key: str
    name: str
    may: tuple[str, ...]
    made: datetime
    ends: datetime
    used: datetime | None
    revoked: datetime | None
    holds: bool

    @property
    def last_day(self) -> date:
        """The last day on which it holds, where its person is: it ends with that day."""
        return timezone.localtime(self.ends - timedelta(microseconds=1)).date()


@query("tokens.list", words="see tokens of their own", own=True)
def tokens_of(*, by: Actor, at: datetime) -> list[HeldToken]:
    """Tokens of one's own, the newest first; ended ones stay for a year."""
    rows = Token.objects.filter(person__key=by.who.key, ends_at__gt=at - timedelta(days=365)).order_by("-made_at")[:200]
    return [
        HeldToken(
            row.key,
            row.name,
            tuple(OPERATIONS[each].words if each in OPERATIONS else each for each in row.operations),
            row.made_at,
            row.ends_at,
            row.used_at,
            row.revoked_at,
            row.holds(at),
        )
        for row in rows
    ]


def who_shows(text: str, *, at: datetime) -> tuple[Person, Actor] | None:
    """Whose token this is and what it may, or None for every token that does not hold.

    No permission is asked: whoever has the secret is the actor. A closed account's tokens are dead.
    """
    parts = read(text)
    token = Token.objects.select_related("person").filter(key=parts[0]).first() if parts else None
    # Compared in any case, so that an unknown key takes as long as a wrong secret.
    right = is_secret(parts[1] if parts else "", token.digest if token else digest_of("nobody"))
    if token is None or not right or not token.holds(at) or not token.person.is_active:
        return None
    if token.used_at is None or at - token.used_at >= USED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=at)
    return token.person, actor_of(token.person, at, way="token", operations=frozenset(token.operations))
