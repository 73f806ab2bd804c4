"""What changes about somebody's way in: each step is one command with one ledger entry. It shows nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from allauth.mfa.models import Authenticator

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.people.models import Person
from assay.governance.people.sign_in import events
from assay.governance.people.sign_in.links import end_links, find_link, use_link
from assay.governance.people.sign_in.rules import Means
from assay.governance.people.sign_in.sessions import delete_sessions

LINK_IS_OVER = Fault("link-is-over", "this link was used already or has ended; ask an administrator for a new one")
Factor = Literal["app", "key", "recovery-codes"]


@command("people.sign-in", words="sign in", own=True)
def note_sign_in(*, means: Means, by: Actor, at: datetime) -> None:
    """Somebody has come in."""
    append(events.SignedIn(means), subject=by.who, by=by, at=at)


@command("people.lock-sign-in", words="lock somebody's sign-in for a while", system=True)
def note_lock(*, person: Person, attempts: int, by: Actor, at: datetime) -> None:
    """Too many attempts failed for one account."""
    append(events.SignInLocked(attempts), subject=person.reference, by=by, at=at)


@command("people.accept-invitation", words="accept their invitation", own=True)
def accept_invitation(*, digest: str, password: str | None, by: Actor, at: datetime) -> Person | list[Fault]:
    """Use an invitation: set the first password, or none where a passkey follows."""
    link = find_link(digest, "invitation", at=at)
    if link is None or link.person.reference != by.who or not use_link(link, at=at):
        return [LINK_IS_OVER]
    person = link.person
    person.set_password(password)
    person.save(update_fields=["password"])
    append(events.InvitationAccepted("password" if password else "passkey"), subject=by.who, by=by, at=at)
    return person


@command("people.change-password", words="change their password", own=True)
def note_password(*, how: Literal["changed", "set", "reset-by-mail"], by: Actor, at: datetime) -> None:
    """A password was set; open links end, for whoever had one may not be the person."""
    end_links(Person.of(by.who), at=at)
    append(events.PasswordChanged(how), subject=by.who, by=by, at=at)


@command("people.add-factor", words="add a second factor of their own", own=True)
def note_factor_added(*, factor: Factor, by: Actor, at: datetime) -> None:
    """An app, a key or recovery codes."""
    append(events.FactorAdded(factor), subject=by.who, by=by, at=at)


@command("people.remove-factor", words="remove a second factor of their own", own=True)
def note_factor_removed(*, factor: Factor, by: Actor, at: datetime) -> None:
    """An app, a key or recovery codes."""
    append(events.FactorRemoved(factor), subject=by.who, by=by, at=at)


@command("people.end-sessions", words="end sessions of their own", own=True)
def end_sessions(*, numbers: frozenset[int] | None, keep: str | None, by: Actor, at: datetime) -> int | list[Fault]:
    """End some of one's own sessions, or all.

    numbers  which, as the list shows them; None is every one
    keep     the key of the session that stays, or None
    """
    ended = delete_sessions(Person.of(by.who), numbers=numbers, keep=keep)
    if not ended:
        return [Fault("no-session", "there is no such session any more; open the list again")]
    append(events.SessionsEnded(ended), subject=by.who, by=by, at=at)
    return ended


@command("people.recover", words="recover their own account by a link that was approved", own=True)
def recover(*, digest: str, password: str, by: Actor, at: datetime) -> int | list[Fault]:
    """Use a recovery link: second factors and sessions go; gives how many factors there were.

    password  the one they have; of somebody who signs in by passkey alone, their new one
    """
    link = find_link(digest, "recovery", at=at)
    if link is None or link.person.reference != by.who:
        return [LINK_IS_OVER]
    person = link.person
    if person.has_usable_password() and not person.check_password(password):
        return [
            Fault("wrong-password", "the password is not right; reset it first if you have forgotten it", "password")
        ]
    if not use_link(link, at=at):
        return [LINK_IS_OVER]
    # Also where it stays the same: it is salted anew, and with that every session of before ends, listed or not.
    person.set_password(password)
    person.save(update_fields=["password"])
    factors = Authenticator.objects.filter(user=person)
    removed = int(factors.exclude(type=Authenticator.Type.RECOVERY_CODES).count())
    factors.delete()
    delete_sessions(person, numbers=None, keep=None)
    append(events.Recovered(removed), subject=by.who, by=by, at=at)
    return removed
