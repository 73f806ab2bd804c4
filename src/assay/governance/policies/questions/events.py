"""What happens to known questions, as the ledger keeps it: never what was asked or ruled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.governance.ledger.events import event
from assay.governance.office.references import Reference


@event("policies.question-asked", words="asked {subject}")
@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """Somebody found no answer in a policy."""


@event("policies.question-answered", words="ruled on {subject}, until {expires}")
@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """There is a ruling, or a new one.

    again  whether there had been one before
    """

    expires: datetime
    again: bool


@event("policies.ruling-confirmed", words="confirmed the ruling on {subject}, until {expires}")
@dataclass(frozen=True, slots=True)
class RulingConfirmed:
    """It was looked at once more, and holds longer."""

    expires: datetime


@event("policies.question-superseded", words="put {by} in the place of {subject}")
@dataclass(frozen=True, slots=True)
class QuestionSuperseded:
    """Another ruling holds instead."""

    by: Reference


@event("policies.question-withdrawn", words="withdrew {subject}")
@dataclass(frozen=True, slots=True)
class QuestionWithdrawn:
    """It is asked no more, or its ruling holds no more."""


@event("policies.questions-exported", words="took {count} known questions along")
@dataclass(frozen=True, slots=True)
class QuestionsExported:
    """A list left as a file."""

    count: int
