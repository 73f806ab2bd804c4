"""Assessments are made, confirmed for a later draft, and read by a second person. It weighs none of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.people.models import Person
from assay.governance.policies.impact.commands.runs import ASKERS
from assay.governance.policies.impact.events import AssessmentConfirmed, AssessmentSeconded, ImpactAssessed
from assay.governance.policies.impact.models import Assessment, Reading
from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.impact.rules.reading import read_assessment
from assay.governance.policies.life.drafts import hold, raise_risk
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.targets import target_of

_LONGEST_NOTE = 600


@command("policies.assess-impact", words="assess the impact of a change", roles=ASKERS, target=target_of)
def assess(
    *, change: Change, about: About, given: Mapping[str, Any], by: Actor, at: datetime
) -> Assessment | list[Fault]:
    """For the draft as it stands. One of the same kind that was there stays to be read, and counts no more."""
    change = hold(change)
    if faults := _over(change):
        return faults
    read = read_assessment(about, given)
    if isinstance(read, list):
        return read
    made = Assessment.objects.create(
        change=change,
        kind=about.value,
        digest=change.draft_digest,
        content=read.content,
        outcome=read.outcome,
        level="" if read.level is None else read.level.value,
        author=Person.of(by.who) if by.who.kind == "person" else None,
        hands=sorted(map(str, by.hands)),
        made_at=at,
    )
    raised = read.raises and raise_risk(change)
    happened = ImpactAssessed(about, read.level, Digest(change.draft_digest), raised)
    append(happened, subject=change.reference, by=by, at=at)
    return made


@command(
    "policies.confirm-assessment",
    words="confirm an assessment for a later draft",
    roles=ASKERS,
    target=target_of,
)
def confirm_assessment(
    *, change: Change, assessment: Assessment, digest: str, by: Actor, at: datetime, words: str = ""
) -> Reading | list[Fault]:
    """For the draft that was read.

    digest  of that draft: where it was edited meanwhile, nobody can have read it
    """
    change = hold(change)
    faults = _over(change) or _unread(change, assessment, digest, words)
    if faults:
        return faults
    if assessment.digest == digest:
        return [Fault("same-draft", "it was made for this very draft; nothing is to be confirmed")]
    return _read(
        assessment, "holds", AssessmentConfirmed(About(assessment.kind), Digest(digest)), words, change, by, at
    )


@command(
    "policies.second-assessment", words="agree with an assessment as second reader", roles=ASKERS, target=target_of
)
def second_assessment(
    *, change: Change, assessment: Assessment, digest: str, by: Actor, at: datetime, words: str = ""
) -> Reading | list[Fault]:
    """By somebody who neither made it nor acts for whoever did."""
    change = hold(change)
    faults = _over(change) or _unread(change, assessment, digest, words)
    if faults:
        return faults
    if by.hands & {Reference.read(hand) for hand in assessment.hands}:
        return [Fault("own-assessment", "you made this, or you act for who did; ask somebody else to read it")]
    return _read(
        assessment, "second", AssessmentSeconded(About(assessment.kind), Digest(digest)), words, change, by, at
    )


def _over(change: Change) -> list[Fault]:
    faults = []
    if change.at_stage.is_over:
        faults.append(Fault("over", "this change is over; open another one"))
    if not change.draft_digest:
        faults.append(Fault("no-draft", "nothing is drafted yet; write something first"))
    return faults


def _unread(change: Change, assessment: Assessment, digest: str, words: str) -> list[Fault]:
    """What keeps a reading from counting: another draft, an assessment that was replaced, too many words."""
    faults = []
    newest = change.assessments.filter(kind=assessment.kind).first()
    if newest is None or newest.pk != assessment.pk:
        faults.append(Fault("replaced", "somebody assessed this anew meanwhile; read that one"))
    if digest != change.draft_digest:
        faults.append(Fault("edited", "the draft was edited meanwhile; read what changed, then confirm it"))
    if len(words) > _LONGEST_NOTE:
        faults.append(Fault("too-long", f"this has {len(words):,} characters; shorten it to {_LONGEST_NOTE}", "words"))
    return faults


def _read(
    assessment: Assessment, kind: str, happened: object, words: str, change: Change, by: Actor, at: datetime
) -> Reading | list[Fault]:
    made, is_new = Reading.objects.get_or_create(
        assessment=assessment,
        kind=kind,
        digest=change.draft_digest,
        by=Person.of(by.who) if by.who.kind == "person" else None,
        defaults={"words": words.strip(), "at": at},
    )
    if not is_new:
        return [Fault("read-already", "you said so already for this draft")]
    append(happened, subject=change.reference, by=by, at=at)
    return made
