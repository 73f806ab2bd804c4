"""What happens in consultations, as the ledger keeps it: never what somebody thinks, nor why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.governance.ledger.events import Digest, event
from assay.governance.office.references import Reference
from assay.governance.policies.consulting.rules.words import Outcome


@event("policies.consultation-opened", words="opened {subject} on {change}, until {closes}")
@dataclass(frozen=True, slots=True)
class ConsultationOpened:
    """A draft was laid before people.

    draft     the digest of the whole draft
    withheld  how many pieces of the text are not shown
    """

    change: Reference
    draft: Digest
    closes: datetime
    withheld: int


@event("policies.expert-invited", words="invited {who} to {subject}")
@dataclass(frozen=True, slots=True)
class ExpertInvited:
    """Somebody was asked for their view.

    external  whether they are from outside of the house
    """

    who: Reference
    external: bool


@event("policies.invitation-withdrawn", words="withdrew the invitation of {who} to {subject}")
@dataclass(frozen=True, slots=True)
class InvitationWithdrawn:
    """From now on they see nothing of it."""

    who: Reference


@event("policies.invitation-declined", words="declined the invitation to {subject}")
@dataclass(frozen=True, slots=True)
class InvitationDeclined:
    """Whoever was asked will give no view."""


@event("policies.interest-declared", words="declared their interests in {subject}")
@dataclass(frozen=True, slots=True)
class InterestDeclared:
    """Which they are stands outside of the ledger.

    named  whether they agree to be named outside of the house
    """

    named: bool


@event("policies.view-given", words="gave their view in {subject}, in revision {revision}")
@dataclass(frozen=True, slots=True)
class ViewGiven:
    """What they think stands outside of the ledger."""

    revision: int


@event("policies.consultation-extended", words="extended {subject} until {closes}")
@dataclass(frozen=True, slots=True)
class ConsultationExtended:
    """There is more time; also where it was over."""

    closes: datetime


@event("policies.consultation-closed", words="closed {subject} with {views} views")
@dataclass(frozen=True, slots=True)
class ConsultationClosed:
    """It ended by hand."""

    views: int


@event("policies.invited-reminded", words="reminded {count} people of {subject}")
@dataclass(frozen=True, slots=True)
class InvitedReminded:
    """Those whose view is missing were asked again."""

    count: int


@event("policies.view-answered", words="answered a view in {subject}: {outcome}")
@dataclass(frozen=True, slots=True)
class ViewAnswered:
    """What was done with a view.

    who       whose view it is
    revision  of the draft that has something of it
    """

    who: Reference
    outcome: Outcome
    revision: int | None


@event("policies.consultation-summed-up", words="wrote the public summary of {subject}")
@dataclass(frozen=True, slots=True)
class ConsultationSummedUp:
    """What is told to the public changed."""
