"""The pages of saved views. They call commands and decide nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.governance.office.requests import StaffRequest
from assay.governance.office.roles import INSIDE
from assay.governance.people.views.commands import delete_view, rename_view, save_view, share_view
from assay.governance.people.views.queries import ViewFacts, view_of, views_of
from assay.governance.people.views.rules import PAGES, plain_query


@require_GET
def views(request: StaffRequest) -> HttpResponse:
    """One's own views, and those shared with one."""
    found = views_of(by=request.actor, at=request.at)
    return render(request, "views/views.html", {"views": found})


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Keep the filters of a list under a name."""
    given = request.POST if request.method == "POST" else request.GET
    page, query = given.get("page", ""), plain_query(given.get("query", ""))
    name = given.get("name", "")
    faults = None
    if request.method == "POST":
        done = save_view(page=page, name=name, query=query, by=request.actor, at=request.at)
        if not isinstance(done, list):
            messages.success(request, f"The view {done.name} is saved.")
            return redirect("views:one", key=str(done.key))
        faults = done
    shown = {"page": page, "query": query, "name": name, "list": PAGES.get(page), "faults": faults}
    return render(request, "views/new.html", shown, status=400 if faults else 200)


@require_GET
def view(request: StaffRequest, key: str) -> HttpResponse:
    """One view of one's own: what it is called and who else sees it."""
    return _shown(request, _own(request, key))


@require_POST
def rename(request: StaffRequest, key: str) -> HttpResponse:
    """Give it another name."""
    found = _own(request, key)
    name = request.POST.get("name", "")
    done = rename_view(key=key, name=name, by=request.actor, at=request.at)
    if isinstance(done, list):
        return _shown(request, found, faults=done, name=name)
    messages.success(request, f"The view is called {done.name} now.")
    return redirect("views:one", key=key)


@require_POST
def share(request: StaffRequest, key: str) -> HttpResponse:
    """Show it to whoever holds one of some roles."""
    found = _own(request, key)
    done = share_view(key=key, roles=frozenset(request.POST.getlist("roles")), by=request.actor, at=request.at)
    if isinstance(done, list):
        return _shown(request, found, faults=done)
    messages.success(request, "The view is shared." if done.roles else "The view is yours alone now.")
    return redirect("views:one", key=key)


@require_POST
def delete(request: StaffRequest, key: str) -> HttpResponse:
    """Forget it."""
    _own(request, key)
    done = delete_view(key=key, by=request.actor, at=request.at)
    if isinstance(done, list):
        raise Http404
    messages.success(request, f"The view {done.name} is deleted.")
    return redirect("views:list")


def _own(request: StaffRequest, key: str) -> ViewFacts:
    found = view_of(key=key, by=request.actor, at=request.at)
    if found is None:
        raise Http404
    return found


def _shown(request: StaffRequest, found: ViewFacts, *, faults: object = None, name: str | None = None) -> HttpResponse:
    roles = [(role, role in found.roles) for role in sorted(INSIDE)]
    given = {"view": found, "roles": roles, "faults": faults, "name": found.title if name is None else name}
    return render(request, "views/view.html", given, status=400 if faults else 200)
