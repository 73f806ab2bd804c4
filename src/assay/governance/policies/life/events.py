"""What happens to changes, as the ledger keeps it: stages, dates, references; never a title, a reason or a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assay.governance.ledger.events import Digest, event
from assay.governance.office.references import Reference
from assay.governance.policies.life.stages import Stage


@event("policies.begun", words="took over what decided as {subject}: {documents} documents")
@dataclass(frozen=True, slots=True)
class Begun:
    """The room began with the texts that were in force."""

    documents: int
    digest: Digest


@event("policies.change-opened", words="opened {subject}")
@dataclass(frozen=True, slots=True)
class ChangeOpened:
    """A change of a policy began as an idea."""

    kind: Literal["new", "amend", "retire"]
    base: Reference


@event("policies.change-described", words="described {subject}")
@dataclass(frozen=True, slots=True)
class ChangeDescribed:
    """What was described, not how."""

    words: bool
    scope: bool
    risk: Literal["ordinary", "high"]
    note: bool
    dates: bool


@event("policies.owner-named", words="named who answers for a step of {subject}: {who}")
@dataclass(frozen=True, slots=True)
class OwnerNamed:
    """Whose step a stage is from now on; without a stage, who answers for the change."""

    stage: Stage | None
    who: Reference | None
    due: datetime | None


@event("policies.source-added", words="added a source to {subject}")
@dataclass(frozen=True, slots=True)
class SourceAdded:
    """Something was read for the change."""

    source: Reference


@event("policies.source-removed", words="took a source from {subject}")
@dataclass(frozen=True, slots=True)
class SourceRemoved:
    """It does not belong to the change after all."""

    source: Reference


@event("policies.stage-reached", words="took {subject} from {leaves} to {enters}")
@dataclass(frozen=True, slots=True)
class StageReached:
    """Every requirement of the stage left held.

    digest  of the pack as the draft would leave it
    waived  how many requirements somebody had put aside
    """

    leaves: Stage
    enters: Stage
    digest: Digest
    waived: int


@event("policies.change-sent-back", words="sent {subject} back from {leaves} to {enters}")
@dataclass(frozen=True, slots=True)
class ChangeSentBack:
    """It stands at an earlier stage again."""

    leaves: Stage
    enters: Stage


@event("policies.change-withdrawn", words="withdrew {subject}")
@dataclass(frozen=True, slots=True)
class ChangeWithdrawn:
    """It was given up."""

    leaves: Stage


@event("policies.requirement-waived", words="put {requirement} aside for {subject}")
@dataclass(frozen=True, slots=True)
class RequirementWaived:
    """For this very draft."""

    requirement: Reference
    digest: Digest


@event("policies.change-rebased", words="put {subject} onto {base}")
@dataclass(frozen=True, slots=True)
class ChangeRebased:
    """The draft stands on the edition in force again.

    clashes  how many files both had changed in the same lines
    """

    base: Reference
    clashes: int


@event("policies.review-called", words="called {subject} for review")
@dataclass(frozen=True, slots=True)
class ReviewCalled:
    """Somebody is to look whether it still does what it should."""


@event("policies.review-confirmed", words="confirmed {subject} after review")
@dataclass(frozen=True, slots=True)
class ReviewConfirmed:
    """It stays in force; it is looked at again on a day."""

    again: datetime
