"""What must hold to leave the stage of impact: four pieces of work, four assessments. It asks and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from assay.governance.policies import ports
from assay.governance.policies.impact.queries import AssessmentStands, WorkStands, assessment_stands, work_stands
from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.impact.rules.work import Work
from assay.governance.policies.life.gates import Finding, requirement
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage

_WORDS = {
    Work.CHECK: "The recorded check finds no error, and every example passes.",
    Work.PROOF: "The proof finds no error and leaves nothing undecided.",
    Work.DIFFERENCE: "The difference from the edition in force is known, and nothing of it undecided.",
    Work.REHEARSAL: "The change was rehearsed on past items.",
}
_ASSESSED = {
    About.RIGHTS: "The rights test was made, and holds for this draft.",
    About.EQUITY: "Equity was assessed, and that holds for this draft.",
    About.COST: "The cost was assessed, and that holds for this draft.",
    About.EXPOSURE: "The exposure of reviewers was assessed, and that holds for this draft.",
}
_NO_HISTORY = "no past items are at hand (`policies.history`); set them, or put this aside with a reason"


def _work(work: Work) -> Callable[[Change, datetime], Finding]:
    def find(change: Change, at: datetime) -> Finding:
        stands = work_stands(change, work)
        url = reverse("impact:work", args=[change.number, work.value])
        return Finding(stands.met, words_of(stands), url, _digest(stands))

    return find


def words_of(stands: WorkStands) -> str:
    """What was found, or what is missing and what to do."""
    run = stands.run
    if run is not None and stands.current:
        if stands.met or run.passed is False:
            return run.outcome
        return f"{run.outcome} Run it again with more time for each claim."
    if stands.active is not None:
        return "it is under way for this draft"
    if stands.failed is not None:
        return f"it did not come to an end: {stands.failed.outcome}"
    if stands.work is Work.REHEARSAL and not _has_history():
        return _NO_HISTORY
    if run is None:
        return f"it was not done yet; tick “{stands.work.verb}” under Impact"
    earlier = "an earlier draft" if not stands.work.compares else "an earlier draft, or another edition in force"
    return f"what there is is for {earlier}; tick “{stands.work.verb}” under Impact"


def _assessment(about: About) -> Callable[[Change, datetime], Finding]:
    def find(change: Change, at: datetime) -> Finding:
        stands = assessment_stands(change, about)
        held = stands.assessment
        url = reverse("impact:assess", args=[change.number, about.value])
        return Finding(stands.holds, assessed_words(stands), url, "" if held is None else held.digest)

    return find


def assessed_words(stands: AssessmentStands) -> str:
    """Who found what, or what is missing."""
    held = stands.assessment
    if held is None:
        return "nobody assessed it yet"
    who = held.author.name if held.author is not None else "somebody"
    if stands.holds:
        return f"{held.outcome} ({who})"
    return f"{who} assessed an earlier draft; say that it still holds, or assess it anew"


def _digest(stands: WorkStands) -> str:
    return stands.run.report_id or "" if stands.run is not None and stands.current else ""


def _has_history() -> bool:
    shop = ports.PORTS.workshop
    return shop is not None and shop.has_history()


for _each in Work:
    requirement(
        f"impact.{_each.value}",
        leaving=Stage.IMPACT,
        words=_WORDS[_each],
        stays=_each is not Work.REHEARSAL,
        waivable=_each is Work.REHEARSAL,
    )(_work(_each))
for _one in About:
    requirement(f"impact.{_one.value}", leaving=Stage.IMPACT, words=_ASSESSED[_one])(_assessment(_one))
