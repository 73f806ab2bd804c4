"""What the clerk does, and how often: each chore is a room's own function. It does nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assay.interfaces.web.clerk.following import Following, Undone
from assay.interfaces.web.clerk.impact import Working

MOST_ROUNDS = 50


def _nothing() -> None:
    """What most chores have to give back."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is done again and again.

    do       at an instant; says how much was done
    every    seconds from the end of one round to the next
    several  whether it is done again at once while it did something, some rounds long
    end      gives back what it holds
    """

    name: str
    do: Callable[[datetime], int]
    every: float
    several: bool = False
    end: Callable[[], None] = _nothing


def all_chores(*, alone: bool = True, once: bool = False) -> tuple[Chore, ...]:
    """Every chore, in the order in which they are done where several are due.

    alone  whether this process has nothing else to do
    once   whether no round follows, so that each is carried to its end
    """
    following = Following(alone=alone)
    working = Working(waits=once)
    # A clerk of its own makes no page, for which the pack would have to be at hand.
    warming = () if alone else (Chore("warm", _warm, 5.0),)
    return (
        Chore("deliver", _deliver, 1.0, several=True),
        Chore("publish", _publish, 1.0),
        Chore("arrive", _arrive, 2.0),
        Chore("gates", _gates, 15.0),
        Chore("note", _note, 5.0),
        Chore("index", following.step, 1.0, several=alone, end=following.close),
        Chore("work", working.step, 1.0, end=working.close),
        Chore("sign", _sign, 60.0),
        Chore("mail", _send, 5.0),
        Chore("tidy", _tidy, 3600.0),
        *warming,
    )


def _deliver(at: datetime) -> int:
    from assay.governance.ledger.subscribers import deliver

    return deliver(at)


def _publish(at: datetime) -> int:
    """Tell the channel what was released."""
    from assay.governance.policies.releasing.publishing import publish_due

    return publish_due(at)


def _arrive(at: datetime) -> int:
    """Take on what is launched everywhere, and call the reviews that are due."""
    from assay.governance.policies.life.commands import arrive_due

    return arrive_due(at)


def _gates(at: datetime) -> int:
    """Note how far the gates of changes are, for lists."""
    from assay.governance.policies.life.commands import look_at_gates

    return look_at_gates(at)


def _sign(at: datetime) -> int:
    """Sign what was written in the last hour.

    raises  Undone, where there is no key to sign with
    """
    from assay.governance.ledger.commands import sign_if_due

    signed = sign_if_due(at=at)
    if isinstance(signed, list):
        raise Undone(signed[0].slug)
    return 0 if signed is None else 1


def _note(at: datetime) -> int:
    """Write into the ledger that another bundle decides."""
    from assay.interfaces.web.policies.noting import note_if_changed

    return note_if_changed(at)


def _warm(at: datetime) -> int:
    """Read the pack in force where it changed, so that no page waits for it."""
    from assay.interfaces.web.search.queries import warm

    warm()
    return 0


def _send(at: datetime) -> int:
    from assay.governance.people.notices.mail.sending import send_due

    return send_due(at)


def _tidy(at: datetime) -> int:
    """Forget sessions that have ended."""
    from django.contrib.sessions.models import Session

    return Session.objects.filter(expire_date__lt=at).delete()[0]
