"""The documents of a policy as pages and files: public, guidance, explanation, changes, JSON. They change nothing."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.shortcuts import render

from assay.governance.office.requests import StaffRequest
from assay.governance.policies.writing import making
from assay.governance.policies.writing.documents.as_json import document_json
from assay.governance.policies.writing.documents.guidance import Guidance
from assay.governance.policies.writing.drawing.pdf import guidance_pdf
from assay.governance.policies.writing.pages.asking import Reading, reading_of


def public(request: StaffRequest, policy: str) -> HttpResponse:
    """What everybody reads."""
    reading = reading_of(request, policy)
    page = making.public_of(reading.wanted)
    if page is None:
        raise Http404
    return render(request, "writing/public.html", {"page": page, **reading.context})


def guidance(request: StaffRequest, policy: str) -> HttpResponse:
    """What moderators work by, for one market."""
    reading = reading_of(request, policy)
    page = _guidance(reading)
    return render(request, "writing/guidance.html", {"page": page, **reading.context})


def guidance_file(request: StaffRequest, policy: str) -> HttpResponse:
    """The same as a PDF to print."""
    reading = reading_of(request, policy)
    page = _guidance(reading)
    made = guidance_pdf(page, request.at)
    if not isinstance(made, bytes):
        given = {"page": page, "faults": [made], **reading.context}
        return render(request, "writing/guidance.html", given, status=422)
    return _file(made, "application/pdf", f"{page.policy}-{page.version or 'draft'}-{page.market.name}-guidance.pdf")


def explanation(request: StaffRequest, policy: str) -> HttpResponse:
    """What creators are told."""
    reading = reading_of(request, policy)
    found = making.explanation_for(reading.wanted)
    if found is None:
        raise Http404
    return render(request, "writing/explanation.html", {"explanation": found, "page": found.page, **reading.context})


def changes(request: StaffRequest, policy: str) -> HttpResponse:
    """Every version, with what the public was told of it."""
    reading = reading_of(request, policy)
    page = making.public_of(reading.wanted)
    if page is None:
        raise Http404
    given = {"policy": policy, "title": page.title.words, "changes": list(making.changes_of(policy))}
    return render(request, "writing/changes.html", given)


def as_json(request: StaffRequest, policy: str) -> HttpResponse:
    """The public page for other programs."""
    page = making.public_of(reading_of(request, policy).wanted)
    if page is None:
        raise Http404
    content = json.dumps(document_json(page), ensure_ascii=False, indent=2) + "\n"
    return _file(content.encode("utf-8"), "application/json", f"{policy}.json", shown=True)


def _guidance(reading: Reading) -> Guidance:
    page = making.guidance_for(reading.wanted)
    if page is None:
        raise Http404
    return page


def _file(content: bytes, kind: str, name: str, *, shown: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    safe = "".join(each if each.isalnum() or each in "-._+" else "-" for each in name)
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{safe}"'
    return response
