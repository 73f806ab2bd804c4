"""The pages of the policies in force. They show what stands in the pack, and change nothing."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from assay.engine.language.pack.policy import SEVERITIES, Policy
from assay.governance.office.actor import Target
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.library import pages as library_pages
from assay.governance.policies.library import queries as library
from assay.governance.policies.library.showing import badges
from assay.interfaces.look.page import anchor_of, inline_of
from assay.interfaces.web.policies.crossing import crossed
from assay.interfaces.web.policies.in_force import InForce
from assay.interfaces.web.policies.queries import page_of, read_pack
from assay.interfaces.web.policies.wording import NOT_ADVICE, STATUS_WORDS, grounds_of, moment_of

# Rows that are links and words; a page of them is made within the time that any page has.
_MOST_RULES = 40
_MOST_ROWS = 40


def policies(request: StaffRequest) -> HttpResponse:
    """The house's policies once it keeps them here; until then every policy in force, and how it could begin."""
    if library.has_begun():
        return library_pages.policies(request)
    found = read_pack(by=request.actor, at=request.at)
    listing = page_of(found.pack.policies if found else (), request.GET.get("after"), _MOST_ROWS)
    rows = [
        (policy, _worst(policy), moment_of(policy.period.effective), moment_of(policy.period.sunset))
        for policy in listing.rows
    ]
    return render(request, "policies/policies.html", {"found": found, "rows": rows, "listing": listing})


def policy(request: StaffRequest, policy: str) -> HttpResponse:
    """One policy: its prose, its rules in plain words, its exceptions."""
    found = read_pack(by=request.actor, at=request.at)
    document = library.document_of(policy)
    view = crossed(found).view(policy, found.pack) if found is not None else None
    if found is None or view is None:
        if document is None:
            raise Http404
        # It decides no more, or not yet: what is known of it are its versions.
        return redirect("library:versions", policy)
    row = None if document is None else library.see_row(document=document, by=request.actor, at=request.at)
    context = {
        "found": found,
        "view": view,
        "not_advice": NOT_ADVICE,
        "document": document,
        "row": row,
        "badges": badges(row, request.at.date()) if row is not None else (),
        "tab": "in-force",
        "may_open": row is not None and may(request.actor, "policies.open-change", Target("policies", policy=policy)),
    }
    return render(request, "policies/policy.html", context)


def questions(request: StaffRequest) -> HttpResponse:
    """Every question that a person can be asked."""
    found = read_pack(by=request.actor, at=request.at)
    listing = page_of(found.pack.vocabulary.signals if found else (), request.GET.get("after"), 100)
    return render(request, "policies/questions.html", {"found": found, "listing": listing})


def question(request: StaffRequest, signal: str) -> HttpResponse:
    """One question: its help, its answers, who may say, and the rules that turn on it."""
    found = _found(request)
    known = found.pack.vocabulary.by_name.get(signal)
    if known is None:
        raise Http404
    rules = crossed(found).by_signal.get(signal, ())
    given = {
        "found": found,
        "signal": known,
        "help": inline_of(known.help),
        "count": len(rules),
        "listing": page_of(rules, request.GET.get("after"), _MOST_RULES),
    }
    return render(request, "policies/question.html", given)


def measures(request: StaffRequest) -> HttpResponse:
    """Every measure, and how many rules impose it."""
    found = read_pack(by=request.actor, at=request.at)
    listing = page_of(found.pack.measures.all if found else (), request.GET.get("after"), 100)
    imposing = crossed(found).by_measure if found else {}
    rows = [(anchor_of("measure", one.id), one, len(imposing.get(one.id, ()))) for one in listing.rows]
    return render(request, "policies/measures.html", {"found": found, "rows": rows, "listing": listing})


def measure(request: StaffRequest, measure: str) -> HttpResponse:
    """One measure, and the rules that impose it."""
    found = _found(request)
    known = found.pack.measures.by_id.get(measure)
    if known is None:
        raise Http404
    rules = crossed(found).by_measure.get(measure, ())
    listing = page_of(rules, request.GET.get("after"), _MOST_RULES)
    given = {"found": found, "measure": known, "count": len(rules), "listing": listing}
    return render(request, "policies/measure.html", given)


def duties(request: StaffRequest) -> HttpResponse:
    """The register of duties, of one jurisdiction or all."""
    found = read_pack(by=request.actor, at=request.at)
    wanted = request.GET.get("jurisdiction", "")
    every = found.pack.obligations if found else ()
    chosen = tuple(one for one in every if not wanted or one.jurisdiction == wanted)
    listing = page_of(chosen, request.GET.get("after"), _MOST_ROWS)
    serving = crossed(found).by_duty if found else {}
    given = {
        "found": found,
        "rows": [
            (one, moment_of(one.effective), STATUS_WORDS[one.status], len(serving.get(one.id, ())))
            for one in listing.rows
        ],
        "listing": listing,
        "jurisdictions": sorted({one.jurisdiction for one in every}),
        "wanted": wanted,
        "not_advice": NOT_ADVICE,
    }
    return render(request, "policies/duties.html", given)


def duty(request: StaffRequest, duty: str) -> HttpResponse:
    """One duty, its grounds, and the rules that serve it."""
    found = _found(request)
    known = next((one for one in found.pack.obligations if one.id == duty), None)
    if known is None:
        raise Http404
    rules = crossed(found).by_duty.get(duty, ())
    given = {
        "found": found,
        "duty": known,
        "count": len(rules),
        "listing": page_of(rules, request.GET.get("after"), _MOST_RULES),
        "grounds": grounds_of(known),
        "status": STATUS_WORDS[known.status],
        "starts": moment_of(known.effective),
        "ends": moment_of(known.until),
        "not_advice": NOT_ADVICE,
    }
    return render(request, "policies/duty.html", given)


def windows(request: StaffRequest) -> HttpResponse:
    """The pack's calendar of windows by market."""
    found = read_pack(by=request.actor, at=request.at)
    listing = page_of(found.pack.windows if found else (), request.GET.get("after"), _MOST_ROWS)
    rows = [
        (
            anchor_of("window", window.id),
            window,
            sorted(window.markets),
            moment_of(window.start),
            moment_of(window.until),
            moment_of(window.poll),
        )
        for window in listing.rows
    ]
    return render(request, "policies/windows.html", {"found": found, "rows": rows, "listing": listing})


def _worst(policy: Policy) -> str:
    return max((rule.severity for rule in policy.rules), key=SEVERITIES.index, default="")


def _found(request: StaffRequest) -> InForce:
    found = read_pack(by=request.actor, at=request.at)
    if found is None:
        raise Http404
    return found
