"""What happens to runs and assessments. They hold no words that a person wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.governance.ledger.events import Digest, event
from assay.governance.office.references import Reference
from assay.governance.policies.impact.rules.assessing import About, Level
from assay.governance.policies.impact.rules.work import Work


@event("policies.work-asked", words="asked for work on {subject}: {works}")
@dataclass(frozen=True, slots=True)
class WorkAsked:
    """Work on a draft was asked for.

    draft  the whole pack as the change would leave it
    """

    works: tuple[Work, ...]
    draft: Digest


@event("policies.work-cancelled", words="stopped the {work} of {subject}")
@dataclass(frozen=True, slots=True)
class WorkCancelled:
    """A run was stopped before its end."""

    work: Work
    run: Reference


@event("policies.work-finished", words="finished the {work} of {subject}: {outcome}")
@dataclass(frozen=True, slots=True)
class WorkFinished:
    """A run came to its end.

    outcome  `open` where it says nothing for or against the change, or left something undecided
    report   what it found, by its content
    """

    work: Work
    run: Reference
    draft: Digest
    outcome: Literal["passed", "not-passed", "open", "failed"]
    report: Digest | None


@event("policies.impact-assessed", words="assessed {about} of {subject}")
@dataclass(frozen=True, slots=True)
class ImpactAssessed:
    """Somebody assessed a draft.

    raised  whether the change counts as one of high risk from now on
    """

    about: About
    level: Level | None
    draft: Digest
    raised: bool


@event("policies.assessment-confirmed", words="confirmed that the assessment of {about} of {subject} still holds")
@dataclass(frozen=True, slots=True)
class AssessmentConfirmed:
    """An assessment of an earlier draft was said to hold for a later one."""

    about: About
    draft: Digest


@event("policies.assessment-seconded", words="agreed, as second reader, with the assessment of {about} of {subject}")
@dataclass(frozen=True, slots=True)
class AssessmentSeconded:
    """Somebody else read an assessment and agrees."""

    about: About
    draft: Digest
