"""Writes a mail from its row: plain text, and the same as simple HTML. No content of an item comes near it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from assay.governance.people.notices.kinds import KINDS
from assay.governance.people.notices.mail.kinds import DAILY, MAILS
from assay.governance.people.notices.models import Notice, Outgoing
from assay.governance.people.notices.queries import Shown, shown

_LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Written:
    """The words of one mail."""

    subject: str
    paragraphs: tuple[str, ...]
    news: tuple[Shown, ...]
    action: str
    url: str


def written(mail: Outgoing) -> Written:
    """What a mail says."""
    news = tuple(shown(Notice.objects.filter(pk__in=mail.notices, person=mail.person).order_by("-pk")))
    if mail.kind in KINDS:
        kind = KINDS[mail.kind]
        place = news[0].url if news else reverse("notices:list")
        told = tuple(f"{one.words}, on {one.at.astimezone(UTC):%d %B %Y at %H:%M} UTC." for one in news)
        return Written(kind.title, (*told, kind.asks), (), "Open it in the workbench", _absolute(place))
    found = MAILS[mail.kind]
    counted = f": {len(news)} notice{'' if len(news) == 1 else 's'}" if mail.kind == DAILY else ""
    path = mail.link or reverse("notices:list")
    return Written(found.subject + counted, found.words, news, found.action, _absolute(path))


def message_of(mail: Outgoing) -> EmailMultiAlternatives:
    """A mail, ready to be sent. Written again, it has the same Message-ID."""
    words = written(mail)
    given = {
        "mail": words,
        "settings_url": _absolute(reverse("notices:preferences")),
        "name": one_line(mail.person.name),
    }
    message = EmailMultiAlternatives(
        subject=one_line(words.subject)[:_LONGEST_SUBJECT],
        body=render_to_string("notices/mail.txt", given),
        to=[mail.person.email],
        headers={
            "Message-ID": message_id(mail.key),
            # Keeps the replies of automatic answerers away.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    message.attach_alternative(render_to_string("notices/mail.html", given), "text/html")
    return message


def message_id(key: str) -> str:
    """The same for the same mail, so that what was sent twice after a kill is seen to be one."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def one_line(text: str) -> str:
    """A text without line ends, which could begin another header."""
    return " ".join(text.split())


def _absolute(path: str) -> str:
    origin: str = settings.ASSAY_PUBLIC_ADDRESS
    return f"{origin}{path}"
