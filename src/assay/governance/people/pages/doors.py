"""What every page of this room does first: see that what stands behind it is open to the reader. It grants nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render

from assay.governance.office.operations import OPERATIONS, NotAllowed
from assay.governance.office.requests import StaffRequest
from assay.governance.people.models import Person
from assay.governance.people.queries import person_of

T = TypeVar("T")
COLLEAGUES_MOST = 300
# The form came, and what it asks for cannot be done.
NOT_DONE = 422


def need(request: StaffRequest, name: str) -> None:
    """Refuse a page whose button would be refused; the command asks again."""
    operation = OPERATIONS[name]
    if not operation.may(request.actor):
        raise NotAllowed(operation)


def found(thing: T | None) -> T:
    """A thing that is there for this reader, or the page that says there is none."""
    if thing is None:
        raise Http404
    return thing


def person_at(request: StaffRequest, key: object) -> Person:
    """The person of an address, or 404."""
    return found(person_of(str(key), request.actor))


def asked(
    request: StaffRequest, template: str, form: Form, faults: object = (), more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A form as it was filled in, with everything that stood in its way."""
    wrong = bool(faults) or (form.is_bound and not form.is_valid())
    context = {"form": form, "faults": faults, **(more or {})}
    return render(request, template, context, status=NOT_DONE if wrong else 200)


def colleagues(request: StaffRequest) -> list[tuple[str, str]]:
    """Open accounts as suggestions, address and name, but for the reader; the first of a large house only."""
    people = Person.objects.filter(is_active=True).exclude(key=request.actor.who.key).order_by("name", "id")
    return list(people.values_list("email", "name")[:COLLEAGUES_MOST])
