"""Pages on which people assess, say that an assessment still holds, and agree with one as second reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.impact import commands
from assay.governance.policies.impact.forms import AssessmentForm, posted
from assay.governance.policies.impact.models import Assessment, Run
from assay.governance.policies.impact.pages.summary import NOT_DONE, assessment_card, may_ask
from assay.governance.policies.impact.queries import forecast_of, newest, see_impact, shown_of
from assay.governance.policies.impact.rules import burdens, rights
from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.impact.rules.summing import Weekly
from assay.governance.policies.impact.rules.work import Work
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change, in_shell

_FORECASTS = {About.COST: "hours", About.EXPOSURE: "severe"}
_MOST_ROWS = 24


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: StaffRequest, number: int, about: About) -> HttpResponse:
    """Read the assessment, or write it anew."""
    change = found_change(request, number)
    if request.method != "POST":
        return _shown(request, change, about)
    written = posted(about, request.POST)
    made = commands.assess(change=change, about=about, given=written, by=request.actor, at=request.at)
    if isinstance(made, list):
        return _shown(request, change, about, written, made)
    raised = about is About.RIGHTS and change.risk != "high" and Change.objects.get(pk=change.pk).risk == "high"
    messages.success(request, f"{about.heading} assessed for this draft.")
    if raised:
        messages.warning(request, "A right is at high risk: the change counts as one of high risk, and more must sign.")
    return redirect("impact:impact", number=number)


@require_POST
def confirm(request: StaffRequest, number: int, about: About) -> HttpResponse:
    """It still holds for the draft that was read."""
    return _read(request, number, about, again=True)


@require_POST
def second(request: StaffRequest, number: int, about: About) -> HttpResponse:
    """Another pair of eyes agrees."""
    return _read(request, number, about, again=False)


def _read(request: StaffRequest, number: int, about: About, *, again: bool) -> HttpResponse:
    change = found_change(request, number)
    held = see_impact(change=change, by=request.actor, at=request.at).about(about).assessment
    if held is None or str(held.key) != request.POST.get("assessment"):
        gone = Fault("replaced", "somebody assessed this anew meanwhile; read that one")
        return _shown(request, change, about, faults=[gone])
    run = commands.confirm_assessment if again else commands.second_assessment
    made = run(
        change=change,
        assessment=held,
        digest=request.POST.get("digest", ""),
        words=request.POST.get("words", ""),
        by=request.actor,
        at=request.at,
    )
    if isinstance(made, list):
        return _shown(request, change, about, faults=made)
    messages.success(request, "It holds for this draft too." if again else "You agree as second reader.")
    return redirect("impact:assess", number=number, about=about.value)


def _shown(
    request: StaffRequest,
    change: Change,
    about: About,
    written: Mapping[str, Any] | None = None,
    faults: Sequence[Fault] = (),
) -> HttpResponse:
    stands = see_impact(change=change, by=request.actor, at=request.at).about(about)
    held = stands.assessment
    kept: Mapping[str, Any] = held.content if held is not None else {}
    forecast = forecast_of(change, _FORECASTS[about]) if about in _FORECASTS else None
    form = AssessmentForm(about, written if written is not None else _initial(kept, forecast))
    context = {
        "about": about,
        "stands": stands,
        "card": assessment_card(stands),
        "held": held,
        "detail": detail_of(held),
        "form": form,
        "parts": form.parts(frozenset(fault.field or "" for fault in faults)),
        "forecast": forecast,
        "tables": _tables(change) if about is About.EQUITY else {},
        "may_assess": may_ask(request, change),
        "is_own": held is not None and bool({str(hand) for hand in request.actor.hands} & set(held.hands)),
        "faults": faults,
        "writes": request.GET.get("anew") == "1" or held is None or written is not None,
        "back": reverse("impact:impact", args=[change.number]),
    }
    return in_shell(
        request, change, "impact", f"impact/assess_{about.value}.html", context, NOT_DONE if faults else 200
    )


def detail_of(held: Assessment | None) -> dict[str, Any]:
    """An assessment in words, for its page and the memo."""
    if held is None:
        return {}
    content = held.content
    if held.kind == About.RIGHTS:
        touched = [(one, content["rights"][one.slug]) for one in rights.touched_of(content)]
        only = [
            (rights.RIGHTS[slug][0], one)
            for slug, one in content["rights"].items()
            if one["effect"] == "protects" and slug in rights.RIGHTS
        ]
        return {"touched": touched, "protected": only, "matrix": _matrix(content), "words": _words()}
    if held.kind == About.EQUITY:
        return {"groups": [{**one, "error_words": burdens.ERRORS.get(one["error"], "")} for one in content["groups"]]}
    if held.kind == About.EXPOSURE:
        return {"protections": [burdens.PROTECTIONS[name] for name in content["protections"]]}
    return {}


def _matrix(content: Mapping[str, Any]) -> list[tuple[int, list[tuple[int, str, list[str]]]]]:
    """Severity, the gravest first, by likelihood: how grave each field is, and the rights that stand in it."""
    touched = rights.touched_of(content)
    return [
        (
            severity,
            [
                (
                    likely,
                    rights.level_of(severity, likely).value,
                    [one.title for one in touched if (one.severity, one.likelihood) == (severity, likely)],
                )
                for likely in range(1, 6)
            ],
        )
        for severity in range(5, 0, -1)
    ]


def _words() -> dict[str, Mapping[int, str]]:
    return {
        "scope": rights.SCOPE, "scale": rights.SCALE, "remedy": rights.REMEDY, "likelihood": rights.LIKELIHOOD,
    }  # fmt: skip


def _initial(kept: Mapping[str, Any], forecast: tuple[Weekly, Run] | None) -> dict[str, Any]:
    """What stands in the form: what was assessed before, with the hours that the rehearsal of this draft forecasts."""
    found = dict(kept)
    hours = found.pop("hours", None)
    if isinstance(hours, Mapping):
        found |= {"hours": hours["value"], "hours_low": hours["low"], "hours_high": hours["high"]}
    if forecast is not None:
        told = forecast[0]
        found |= {"hours": round(told.value, 1), "hours_low": round(told.low, 1), "hours_high": round(told.high, 1)}
    return found


def _tables(change: Change) -> dict[str, Any]:
    """How the change falls on markets and languages, from the rehearsal of this very draft."""
    run = newest(change, Work.REHEARSAL)
    if run is None:
        return {}
    shown = shown_of(run)
    tables = shown.get("tables", {})
    return {
        "run": run,
        "has_views": shown.get("has_views", False),
        "markets": tables.get("", [])[:_MOST_ROWS],
        "languages": tables.get("language", [])[:_MOST_ROWS],
    }
