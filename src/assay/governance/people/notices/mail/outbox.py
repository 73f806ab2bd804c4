"""The outbox: mails are put here in the transaction of what they are about. Nothing is sent from here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from assay.governance.people.models import Person
from assay.governance.people.notices.mail.kinds import MAILS
from assay.governance.people.notices.models import Outgoing


def post(
    *, kind: str, person: Person, at: datetime, key: str, link: str = "", notices: Collection[int] = ()
) -> Outgoing:
    """Put a mail into the outbox; the same key again is the same mail, and changes nothing.

    kind     one of `mail.kinds.MAILS`, or a kind of notices
    key      names it for good: its Message-ID is made from it
    link     the path of a one-time link, erased once it was sent
    notices  numbers of the notices that it tells of
    raises   KeyError for a kind that there is not
    """
    if not notices:
        MAILS[kind]  # Found out here, and not when the clerk tries to write it.
    return Outgoing.objects.get_or_create(
        key=key,
        defaults={
            "person": person,
            "kind": kind,
            "link": link,
            "notices": list(notices),
            "made_at": at,
            "next_at": at,
        },
    )[0]
