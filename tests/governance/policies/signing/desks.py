"""A change that stands in sign-off, and the people who may sign it. It is no test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from assay.governance.office.actor import Actor
from assay.governance.office.roles import Role
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.signing.rules.counting import Verdict
from tests.governance.policies.life.houses import LIKENESS, begun, only_gates, opened
from tests.workbench.people import SOME_MOMENT

if TYPE_CHECKING:
    from assay.governance.policies.life.models import Change
    from assay.governance.policies.signing.commands.signing import Asked
    from assay.governance.policies.signing.models import Signature


def at_stage(change: Change, stage: Stage) -> Change:
    """Put there by hand: what the gates before it ask is not what is looked at here."""
    change.stage = stage.value
    change.stage_since = SOME_MOMENT
    change.save(update_fields=["stage", "stage_since"])
    return change


def edited(change: Change, by: Actor, words: str = "We mark whatever is fake.", at: datetime = SOME_MOMENT) -> Change:
    """The change with another text, written by somebody."""
    from assay.governance.policies.life import drafts

    text = change.draft_files()[LIKENESS].replace("```yaml rule", f"{words}\n\n```yaml rule", 1)
    drafts.put(change, LIKENESS, text, by=by, at=at)
    return change


def to_be_signed(by: Actor, at: datetime = SOME_MOMENT, *, risk: str = "ordinary") -> Change:
    """A change that somebody wrote, in sign-off."""
    begun(by, at)
    change = edited(opened(by, at, risk=risk), by)
    return at_stage(change, Stage.SIGN_OFF)


def seal(change: Change, at: datetime = SOME_MOMENT) -> str:
    """What a signer is shown."""
    from assay.governance.policies.signing.queries.evidence import evidence_of, seal_of

    change.refresh_from_db()
    return seal_of(change, evidence_of(change, at))


def signed(
    change: Change, role: Role, by: Actor, *, verdict: Verdict = Verdict.SIGNS, words: str = "",
    conditions: Sequence[Asked] = (), at: datetime = SOME_MOMENT,
) -> Signature:  # fmt: skip
    """A signature that was taken."""
    from assay.governance.policies.signing.models import Signature

    made = signs(change, role, by, verdict=verdict, words=words, conditions=conditions, at=at)
    assert isinstance(made, Signature), made
    return made


def signs(
    change: Change, role: Role, by: Actor, *, verdict: Verdict = Verdict.SIGNS, words: str = "",
    conditions: Sequence[Asked] = (), at: datetime = SOME_MOMENT,
) -> object:  # fmt: skip
    """A signature, or why it was not taken."""
    from assay.governance.policies.signing.commands.signing import sign

    if verdict is Verdict.DISSENTS and not words:
        words = "It goes too far."
    return sign(
        change=change, role=role, verdict=verdict, seal=seal(change, at), words=words, conditions=conditions, by=by,
        at=at,
    )  # fmt: skip


def slugs(made: object) -> set[str]:
    """The faults that came back."""
    assert isinstance(made, list), made
    return {fault.slug for fault in made}


def holds(change: Change, name: str, at: datetime = SOME_MOMENT) -> bool:
    """Whether a gate of this part would let the change go."""
    from assay.governance.policies.life.gates import REQUIREMENTS

    change.refresh_from_db()
    return REQUIREMENTS[name].find(change, at).met


@contextmanager
def only_signing() -> Iterator[None]:
    """No gate but those of sign-off, so that the evidence is what a test sets."""
    from assay.governance.policies.life.gates import REQUIREMENTS

    with only_gates({name: one for name, one in REQUIREMENTS.items() if name.startswith("signing.")}):
        yield
