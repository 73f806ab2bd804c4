"""The tab “Impact”: four pieces of work and four assessments at a glance, and the buttons that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.impact import commands
from assay.governance.policies.impact.queries import (
    AssessmentStands,
    Impact,
    WorkStands,
    estimates,
    see_impact,
)
from assay.governance.policies.impact.requirements import assessed_words, words_of
from assay.governance.policies.impact.rules.work import SECONDS_A_CLAIM, State, Work
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell
from assay.governance.policies.life.targets import target_of

NOT_DONE = 422


@dataclass(frozen=True, slots=True)
class WorkCard:
    """One piece of work as the page shows it.

    look  `good`, `warning`, `bad` or `neutral`, with its word in `state`
    """

    stands: WorkStands
    look: str
    state: str
    words: str
    estimate: str


@dataclass(frozen=True, slots=True)
class AssessmentCard:
    """One assessment as the page shows it."""

    stands: AssessmentStands
    look: str
    state: str
    words: str


@require_safe
def impact(request: StaffRequest, number: int) -> HttpResponse:
    """Everything at a glance."""
    return shown(request, found_change(request, number))


@require_safe
def progress(request: StaffRequest, number: int) -> HttpResponse:
    """The four pieces of work alone; the page asks again every second while something is under way."""
    change = found_change(request, number)
    found = see_impact(change=change, by=request.actor, at=request.at)
    return render(request, "impact/part_works.html", {"change": change, **_works(request, change, found)})


@require_POST
def ask(request: StaffRequest, number: int) -> HttpResponse:
    """Ask for what was ticked, or for the one whose button was pressed."""
    change = found_change(request, number)
    chosen = [Work(name) for name in request.POST.getlist("works") if name in list(Work)]
    seconds = request.POST.get("seconds_a_claim", "")
    made = commands.ask_work(
        change=change,
        works=chosen,
        seconds_a_claim=int(seconds) if seconds.isdecimal() and len(seconds) < 4 else SECONDS_A_CLAIM[0],
        fresh=request.POST.get("fresh") == "1",
        by=request.actor,
        at=request.at,
    )
    if isinstance(made, list):
        return shown(request, change, made)
    known = sum(run.same_as_id is not None for run in made)
    begun = len(made) - known
    if begun:
        messages.success(request, "It is under way. You may leave this page; you are told when it is done.")
    if known:
        messages.success(request, "The very same texts were looked at today already: what was found then is shown.")
    return redirect("impact:impact", number=number)


def shown(request: StaffRequest, change: Change, faults: Sequence[Fault] = ()) -> HttpResponse:
    """The page, with what stood in the way."""
    found = see_impact(change=change, by=request.actor, at=request.at)
    context = {
        **_works(request, change, found),
        "assessments": [assessment_card(one) for one in found.assessments],
        "impact": found,
        "choices": SECONDS_A_CLAIM,
        "faults": faults,
    }
    return in_shell(request, change, "impact", "impact/impact.html", context, NOT_DONE if faults else 200)


def may_ask(request: StaffRequest, change: Change) -> bool:
    """Whether this person may ask for work and assess."""
    return may(request.actor, "policies.ask-work", target_of({"change": change})) and not change.at_stage.is_over


def work_card(stands: WorkStands, estimate: float | None = None) -> WorkCard:
    """One piece of work in a word and a line."""
    look, state = _look(stands)
    told = "" if estimate is None else _seconds(estimate)
    return WorkCard(stands, look, state, words_of(stands), told)


def assessment_card(stands: AssessmentStands) -> AssessmentCard:
    """One assessment in a word and a line."""
    if stands.assessment is None:
        return AssessmentCard(stands, "neutral", "Not assessed", stands.about.asks)
    if not stands.holds:
        return AssessmentCard(stands, "warning", "For an earlier draft", assessed_words(stands))
    look = {"high": "bad", "considerable": "warning"}.get(stands.assessment.level, "good")
    return AssessmentCard(stands, look, stands.assessment.level.capitalize() or "Assessed", stands.assessment.outcome)


def _works(request: StaffRequest, change: Change, found: Impact) -> dict[str, object]:
    known = estimates() if may_ask(request, change) else {}
    return {
        "works": [work_card(one, known.get(one.work)) for one in found.works],
        "is_active": found.is_active,
        "may_ask": may_ask(request, change),
        "polled": reverse("impact:progress", args=[change.number]),
        "has_history": found.has_history,
    }


def _look(stands: WorkStands) -> tuple[str, str]:
    run = stands.run
    if stands.active is not None:
        return "neutral", "Running" if stands.active.state == State.RUNNING else "Waiting"
    if run is not None and stands.current:
        if run.passed is False:
            return "bad", "Not passed"
        return ("good", "Passed" if run.passed and not run.work.compares else "Done") if stands.met else _OPEN
    if stands.failed is not None:
        return ("neutral", "Stopped") if stands.failed.state == State.CANCELLED else ("bad", "Failed")
    return ("neutral", "Not done") if run is None else ("warning", "For an earlier draft")


_OPEN = ("warning", "Undecided")


def _seconds(seconds: float) -> str:
    if seconds < 1.5:
        return "about a second"
    return f"about {seconds:.0f} seconds" if seconds < 90 else f"about {seconds / 60:.0f} minutes"
