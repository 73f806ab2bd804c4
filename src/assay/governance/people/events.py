"""What happens in the room of people, as the ledger keeps it: references, roles, dates; never a name or an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assay.governance.ledger.events import Digest, event
from assay.governance.office.references import Reference
from assay.governance.office.roles import Function, Role


@event("people.first-administrator-made", words="made {subject} the first administrator")
@dataclass(frozen=True, slots=True)
class FirstAdministratorMade:
    """The account from which all others come; made at the command line."""


@event("people.administrator-let-in-again", words="made a new way in for {subject} at the command line")
@dataclass(frozen=True, slots=True)
class AdministratorLetInAgain:
    """An administrator had lost theirs; whoever runs the program made it."""


@event("people.person-invited", words="invited {subject}")
@dataclass(frozen=True, slots=True)
class PersonInvited:
    """An account was made; `role` was given with it, or None; `alone` as in RoleGranted."""

    role: Role | None
    limits: tuple[Reference, ...]
    alone: bool


@event("people.person-invited-again", words="invited {subject} again")
@dataclass(frozen=True, slots=True)
class PersonInvitedAgain:
    """A new link; the one before no longer works."""


@event("people.profile-changed", words="changed their own profile")
@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """What they changed, not to what."""

    name: bool
    time_zone: bool
    language: bool


@event("people.person-changed", words="changed the details of {subject}")
@dataclass(frozen=True, slots=True)
class PersonChanged:
    """What an administrator changed, not to what."""

    name: bool
    email: bool


@event("people.role-granted", words="gave {subject} the role of {role}")
@dataclass(frozen=True, slots=True)
class RoleGranted:
    """Given directly, or by the last approval that it needed.

    way       `alone` where a second administrator would have been asked, had there been one
    proposal  what was approved, where it needed that; `function` is what the last approver spoke for
    """

    grant: Reference
    role: Role
    limits: tuple[Reference, ...]
    starts: datetime
    ends: datetime | None
    way: Literal["granted", "alone", "approved", "emergency"]
    proposal: Reference | None = None
    function: Function | None = None


@event("people.role-revoked", words="took the role of {role} from {subject}")
@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """From now on; what was done with it stands."""

    grant: Reference
    role: Role


@event("people.role-proposed", words="proposed {subject} as {role}")
@dataclass(frozen=True, slots=True)
class RoleProposed:
    """Waits for others."""

    proposal: Reference
    role: Role
    limits: tuple[Reference, ...]
    digest: Digest
    emergency: bool
    until: datetime


@event("people.proposal-approved", words="approved {subject} for {function}")
@dataclass(frozen=True, slots=True)
class ProposalApproved:
    """One of several approvals that it needs; the last one is written as what it brought about."""

    proposal: Reference
    digest: Digest
    function: Function


@event("people.proposal-declined", words="declined a proposal about {subject}")
@dataclass(frozen=True, slots=True)
class ProposalDeclined:
    """It will not take effect."""

    proposal: Reference


@event("people.proposal-withdrawn", words="withdrew a proposal about {subject}")
@dataclass(frozen=True, slots=True)
class ProposalWithdrawn:
    """By who made it."""

    proposal: Reference


@event("people.roles-delegated", words="lets {taker} act for {subject}")
@dataclass(frozen=True, slots=True)
class RolesDelegated:
    """Chosen roles, for a time."""

    delegation: Reference
    taker: Reference
    roles: tuple[Role, ...]
    starts: datetime
    ends: datetime


@event("people.delegation-ended", words="ended that {taker} acts for {subject}")
@dataclass(frozen=True, slots=True)
class DelegationEnded:
    """Before its time."""

    delegation: Reference
    taker: Reference


@event("people.absence-recorded", words="wrote down when {subject} is away")
@dataclass(frozen=True, slots=True)
class AbsenceRecorded:
    """With a stand-in for every role, or without one."""

    absence: Reference
    stand_in: Reference | None
    starts: datetime
    ends: datetime


@event("people.absence-ended", words="ended the absence of {subject}")
@dataclass(frozen=True, slots=True)
class AbsenceEnded:
    """Before its time, or before it began."""

    absence: Reference


@event("people.account-closed", words="closed the account of {subject}")
@dataclass(frozen=True, slots=True)
class AccountClosed:
    """Their name and address are erased here; the reference stays in what they did."""

    roles: tuple[Role, ...]


@event("people.signed-out-everywhere", words="signed {subject} out: {sessions} sessions, {tokens} tokens")
@dataclass(frozen=True, slots=True)
class SignedOutEverywhere:
    """An administrator ended how somebody was signed in, as when a computer was stolen; the account stays open."""

    sessions: int
    tokens: int


@event("people.account-reopened", words="opened the account of {subject} again")
@dataclass(frozen=True, slots=True)
class AccountReopened:
    """Without any role."""


@event("people.list-exported", words="took a list of {rows} people with them")
@dataclass(frozen=True, slots=True)
class ListExported:
    """Personal data left the system; `filters` is a digest of what was asked for."""

    rows: int
    filters: Digest
