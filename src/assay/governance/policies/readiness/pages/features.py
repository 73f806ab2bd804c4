"""The register of what the product can do: the list, one feature, its form, files in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.governance.office.exporting import FORMS, Form, exported
from assay.governance.office.operations import may
from assay.governance.office.requests import StaffRequest
from assay.governance.people.pages.doors import NOT_DONE, asked, colleagues, found, need
from assay.governance.policies.readiness.commands.features import (
    begin_features,
    import_features,
    retire_feature,
    save_feature,
)
from assay.governance.policies.readiness.forms import FeatureForm, FileForm, NarrowForm, feature_initial
from assay.governance.policies.readiness.queries.features import (
    Narrowing,
    export_features,
    feature_of,
    list_features,
    see_feature,
)
from assay.governance.policies.readiness.rules.tables import COLUMNS, Unread, read, rows_of

FILE_MOST = 4_000_000


@require_safe
def features(request: StaffRequest) -> HttpResponse:
    """A page of the register."""
    form, narrowing = _narrowing(request)
    listing = list_features(narrowing=narrowing, after=request.GET.get("after"), by=request.actor, at=request.at)
    filters = {name: str(value) for name, value in form.data.items() if name in form.fields and value}
    context = {
        "form": form,
        "listing": listing,
        "filters": filters,
        "may_edit": may(request.actor, "policies.save-feature"),
        "narrowed": bool(filters),
    }
    return render(request, "readiness/features.html", context)


@require_safe
def export(request: StaffRequest) -> HttpResponseBase:
    """As a file; CSV can be read in again."""
    _, narrowing = _narrowing(request)
    form: Form = next((each for each in FORMS if each == request.GET.get("form")), "csv")
    wishes = export_features(narrowing=narrowing, by=request.actor, at=request.at)
    rows = (row for wish in wishes for row in rows_of(wish))
    columns = {name: _cell(name) for name in COLUMNS}
    return exported(form, columns, rows, title="features", at=request.at)


@require_safe
def feature(request: StaffRequest, name: str) -> HttpResponse:
    """One feature and what was said of it."""
    one, history = found(see_feature(name=name, by=request.actor, at=request.at))
    context = {"feature": one, "history": history, "may_edit": may(request.actor, "policies.save-feature")}
    return render(request, "readiness/feature.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, name: str = "") -> HttpResponse:
    """Register a feature, or say how it stands now."""
    need(request, "policies.save-feature")
    one = found(feature_of(name)) if name else None
    first = {"states": "* missing", "name": request.GET.get("name", "")[:80], "seen": 0} | _wanted(request)
    form = FeatureForm(
        request.POST if request.method == "POST" else None, initial=first if one is None else dict(feature_initial(one))
    )
    if one is not None:
        form.fields["name"].widget.attrs["readonly"] = True
    more = {"feature": one, "colleagues": colleagues(request)}
    if request.method != "POST" or not form.is_valid():
        return asked(request, "readiness/feature_change.html", form, more=more)
    made = save_feature(wish=form.wish(), seen=form.cleaned_data["seen"], by=request.actor, at=request.at)
    if isinstance(made, list):
        return asked(request, "readiness/feature_change.html", form, made, more)
    messages.success(request, f"{made.title}: kept as version {made.versions}.")
    return redirect("readiness:feature", made.name)


@require_POST
def retire(request: StaffRequest, name: str) -> HttpResponse:
    """Take it out of the register."""
    made = retire_feature(feature=found(feature_of(name)), by=request.actor, at=request.at)
    if isinstance(made, list):
        messages.warning(request, "It is out of the register already.")
    else:
        messages.success(request, "Out of the register. What needs it is no longer provided by it.")
    return redirect("readiness:features")


@require_POST
def begin(request: StaffRequest) -> HttpResponse:
    """Register what already decides."""
    made = begin_features(by=request.actor, at=request.at)
    if isinstance(made, list):
        messages.warning(request, f"Nothing was registered: {made[0].words}.")
    else:
        messages.success(request, f"Registered {made} features as ready everywhere. Correct what is not.")
    return redirect("readiness:features")


@require_http_methods(["GET", "POST"])
def bring(request: StaffRequest) -> HttpResponse:
    """Read a file in."""
    need(request, "policies.import-features")
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method != "POST" or not form.is_valid():
        return asked(request, "readiness/import.html", form)
    wishes = read(form.cleaned_data["file"].read(FILE_MOST))
    done = (
        wishes.faults if isinstance(wishes, Unread) else import_features(wishes=wishes, by=request.actor, at=request.at)
    )
    if isinstance(done, list):
        return render(request, "readiness/import.html", {"form": form, "faults": done}, status=NOT_DONE)
    messages.success(request, f"{done[0]} new, {done[1]} changed. What the file does not name stays as it is.")
    return redirect("readiness:features")


def _narrowing(request: StaffRequest) -> tuple[NarrowForm, Narrowing]:
    form = NarrowForm(request.GET)
    form.is_valid()
    given: Mapping[str, object] = form.cleaned_data
    return form, Narrowing(
        str(given.get("text", "")), str(given.get("kind", "")), str(given.get("state", "")),
        str(given.get("market", "")), bool(given.get("mine", False)),
    )  # fmt: skip


def _wanted(request: StaffRequest) -> dict[str, object]:
    """What a link from a map fills in."""
    return {name: request.GET[name][:200] for name in ("kind", "provides", "title") if name in request.GET}


def _cell(name: str) -> Callable[[Mapping[str, str]], object]:
    return lambda row: row[name]
