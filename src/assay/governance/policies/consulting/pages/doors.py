"""What the pages of a change's consultations do first: find what the address names, for whoever may see it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import OPERATIONS, NotAllowed
from assay.governance.office.requests import StaffRequest
from assay.governance.policies.consulting.models import Consultation
from assay.governance.policies.consulting.queries import consultation_of
from assay.governance.policies.consulting.targets import consulted
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.shell import found_change

TAB = "consultation"


def found(request: StaffRequest, number: int, key: UUID) -> tuple[Change, Consultation]:
    """A consultation of this very change; raises Http404 where there is none."""
    change = found_change(request, number)
    held = consultation_of(key)
    if held is None or held.change_id != change.pk:
        raise Http404
    return change, held


def need(request: StaffRequest, name: str, change: Change) -> None:
    """Refuse a page whose button would be refused; the command asks again."""
    operation = OPERATIONS[name]
    if not operation.may(request.actor, consulted({"change": change})):
        raise NotAllowed(operation)


def blame(form: forms.Form, faults: list[Fault]) -> list[Fault]:
    """Put faults at the fields that they are about; what is about no field is given back."""
    left = []
    for fault in faults:
        if fault.field in form.fields:
            form.add_error(fault.field, fault.words)
        else:
            left.append(fault)
    return left
