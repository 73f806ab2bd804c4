"""The pages of bundles. They call queries and decide nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.interfaces.web.bundles.queries import compare_texts, list_bundles, read_policy, see_bundle


@require_GET
def bundles(request: StaffRequest) -> HttpResponse:
    """Every bundle that is kept, and what happened to them."""
    found = list_bundles(by=request.actor, at=request.at)
    return render(request, "bundles/bundles.html", {"found": found})


@require_GET
def bundle(request: StaffRequest, digest: str) -> HttpResponse:
    """One bundle: who signed it, what was proved, its policies, and what differs from another."""
    found = see_bundle(digest=digest, by=request.actor, at=request.at)
    if found is None:
        raise Http404
    before = request.GET.get("before", "")
    changes = compare_texts(digest=digest, before=before, by=request.actor, at=request.at) if before else None
    given = {
        "found": found,
        "signed": [(one, datetime.fromtimestamp(one.statement.signed / 1e6, UTC)) for one in found.signatures.signed],
        "before": before,
        "other": next((one for one in found.others if one.digest == before), None),
        "changes": changes,
        "may_list": may(request.actor, "decisions.list"),
    }
    return render(request, "bundles/bundle.html", given)


@require_GET
def policy(request: StaffRequest, digest: str, policy: str) -> HttpResponse:
    """A policy as it stood in a bundle."""
    found = read_policy(digest=digest, policy=policy, by=request.actor, at=request.at)
    if found is None:
        raise Http404
    pack, view = found
    return render(request, "bundles/policy.html", {"pack": pack, "view": view, "digest": digest})
