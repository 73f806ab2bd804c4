"""Known questions that are asked and ruled on. It is no test."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assay.governance.policies.questions.rules import About

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.policies.questions.models import KnownQuestion


def asked(by: Actor, at: datetime, question: str = "Is a puppet a fake?", **about: Any) -> KnownQuestion:
    """A question about the policy of likeness."""
    from assay.governance.policies.questions.commands import ask_question

    made = ask_question(about=About(**({"policy": "likeness"} | about)), question=question, context="", by=by, at=at)
    assert not isinstance(made, list), made
    return made


def ruled(row: KnownQuestion, by: Actor, at: datetime, *, days: int = 90, ruling: str = "No.") -> KnownQuestion:
    """A ruling that holds for some days."""
    from assay.governance.policies.questions.commands import answer_question

    made = answer_question(
        asked=row, ruling=ruling, rationale="Nobody is misled.", expires_on=day(at, days), by=by, at=at
    )
    assert not isinstance(made, list), made
    return made


def day(at: datetime, days: int) -> date:
    """Some days later."""
    return (at + timedelta(days=days)).date()
