"""Sends what is in the outbox: each mail once, as far as that can be, and again with patience where it fails."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from assay.governance.people.notices.mail.daily import make_daily
from assay.governance.people.notices.mail.writing import message_of
from assay.governance.people.notices.models import Outgoing

_MOST_AT_ONCE = 50
# After a failure: 1, 2, 4 … minutes, six hours at most; a mail is given up after about three days.
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 20
_log = structlog.get_logger(__name__)


def send_due(at: datetime) -> int:
    """Make the daily mails and send what is due. How many were sent; call it again and again, from any process."""
    make_daily(at)
    due = Outgoing.objects.filter(next_at__lte=at).select_related("person").order_by("next_at", "pk")
    mails = [mail for mail in due[:_MOST_AT_ONCE] if take(mail, at)]
    if not mails:
        return 0
    connection = get_connection()
    try:
        return sum(_send(mail, connection, at) for mail in mails)
    finally:
        _close(connection)


def wait_after(attempts: int) -> timedelta:
    """How long to wait before the next try."""
    doubled: int = 1 << min(max(attempts - 1, 0), 12)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def take(mail: Outgoing, at: datetime) -> bool:
    """Take a mail for this process: another that looks at once finds it moved. After a kill it is due again."""
    mail.attempts += 1
    later = at + wait_after(mail.attempts)
    taken = Outgoing.objects.filter(pk=mail.pk, next_at=mail.next_at, sent_at=None).update(
        next_at=later, attempts=mail.attempts
    )
    mail.next_at = later
    return taken == 1


def _send(mail: Outgoing, connection: BaseEmailBackend, at: datetime) -> int:
    if not mail.person.is_active:
        return _ended(mail, at, given_up="account-closed")
    try:
        message = message_of(mail)
        message.connection = connection
        message.send()
    except (OSError, ValueError) as error:
        # Whatever a server says is an OSError, and an address that makes no header a ValueError; neither is repeated
        # here, since both may quote the address.
        fault = type(error).__name__[:60]
        _log.warning("mail_failed", kind=mail.kind, mail=mail.pk, attempts=mail.attempts, fault=fault)
        if mail.attempts >= MOST_ATTEMPTS:
            return _ended(mail, at, given_up=fault)
        Outgoing.objects.filter(pk=mail.pk).update(fault=fault)
        return 0
    _ended(mail, at)
    return 1


def _ended(mail: Outgoing, at: datetime, *, given_up: str = "") -> int:
    """Done with, one way or the other. The link is erased: whoever reads the table later finds none that works."""
    Outgoing.objects.filter(pk=mail.pk).update(
        next_at=None,
        link="",
        fault=given_up,
        sent_at=None if given_up else at,
        given_up_at=at if given_up else None,
    )
    return 0


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        _log.warning("mail_server_left", fault=type(error).__name__)
