"""Who signs changes off, by role and risk: what holds, what it was before, and the form to propose another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people.pages.doors import asked, need
from assay.governance.policies.signing.commands.matrix import propose_matrix
from assay.governance.policies.signing.forms import MatrixForm
from assay.governance.policies.signing.queries.matrix import see_matrix
from assay.governance.policies.signing.rules.matrix import RISKS, ROLES


@require_safe
def matrix(request: StaffRequest) -> HttpResponse:
    """What holds."""
    now, versions = see_matrix(by=request.actor, at=request.at)
    lines = {risk: {line.role: line for line in now.matrix[risk]} for risk in RISKS}
    context = {
        "now": now,
        "versions": versions,
        "rows": [(role.words.capitalize(), [lines[risk][role] for risk in RISKS]) for role in ROLES],
        "may_propose": may(request.actor, "policies.propose-sign-off-matrix"),
    }
    return render(request, "signing/matrix.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: StaffRequest) -> HttpResponse:
    """Another one."""
    need(request, "policies.propose-sign-off-matrix")
    now, _ = see_matrix(by=request.actor, at=request.at)
    form = MatrixForm(request.POST if request.method == "POST" else None, matrix=now.matrix)
    if request.method != "POST" or not form.is_valid():
        return asked(request, "signing/propose.html", form)
    made = propose_matrix(matrix=form.matrix(), reason=form.cleaned_data["reason"], by=request.actor, at=request.at)
    if isinstance(made, list):
        return asked(request, "signing/propose.html", form, made)
    messages.success(request, "Proposed. It holds once two others of two functions have approved it.")
    return redirect("people:approval", key=made.key)
