"""What happens to somebody's way in, as the ledger keeps it: no address, no name, no secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.governance.ledger.events import event
from assay.governance.office.roles import Role
from assay.governance.people.sign_in.rules import Means


@event("people.signed-in", words="signed in by {means}")
@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody came in."""

    means: Means


@event("people.sign-in-locked", words="locked the sign-in of {subject} for a while, after {attempts} failed attempts")
@dataclass(frozen=True, slots=True)
class SignInLocked:
    """Too many attempts failed for one account."""

    attempts: int


@event("people.invitation-accepted", words="accepted the invitation, with a {first}")
@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """Somebody used their invitation."""

    first: Literal["password", "passkey"]


@event("people.joined", words="let {subject} join by single sign-on, with the role {role}")
@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody whom the provider knows, and we did not, got an account."""

    role: Role | None = None


@event("people.password-changed", words="changed their password: {how}")
@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """A password was set."""

    how: Literal["changed", "set", "reset-by-mail"]


@event("people.factor-added", words="added a second factor: {factor}")
@dataclass(frozen=True, slots=True)
class FactorAdded:
    """An app, a key or a set of recovery codes."""

    factor: Literal["app", "key", "recovery-codes"]


@event("people.factor-removed", words="removed a second factor: {factor}")
@dataclass(frozen=True, slots=True)
class FactorRemoved:
    """An app, a key or a set of recovery codes."""

    factor: Literal["app", "key", "recovery-codes"]


@event("people.sessions-ended", words="ended {sessions} sessions of {subject}")
@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """Somebody ended sessions, their own or as an administrator another's."""

    sessions: int


@event("people.recovery-asked", words="asked for recovery of {subject}")
@dataclass(frozen=True, slots=True)
class RecoveryAsked:
    """Somebody cannot come in any more.

    first  whether they had shown their password, or only given an address
    """

    first: Literal["password-shown", "address-given"]


@event("people.recovery-approved", words="approved the recovery of {subject}")
@dataclass(frozen=True, slots=True)
class RecoveryApproved:
    """An administrator vouches for the person; a link goes to their address."""


@event("people.recovery-declined", words="declined the recovery of {subject}")
@dataclass(frozen=True, slots=True)
class RecoveryDeclined:
    """An administrator does not vouch for whoever asked."""


@event("people.recovered", words="recovered their account; {removed} second factors were removed")
@dataclass(frozen=True, slots=True)
class Recovered:
    """The link was used."""

    removed: int
