"""The page of one's own tokens. It calls commands and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assay.governance.office.actor import Actor
from assay.governance.office.operations import Operation
from assay.governance.office.requests import StaffRequest
from assay.governance.people.forms.fields import DayField
from assay.governance.people.tokens.commands import make_token, revoke_token
from assay.governance.people.tokens.offered import OFFERED
from assay.governance.people.tokens.queries import tokens_of
from assay.governance.people.tokens.rules import can_be_given

USUAL = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a token may be let do."""

    name: str
    words: str
    chosen: bool


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label="Name", max_length=80, help_text="The program that will use it, such as `weekly figures`."
    )
    # In the person's own time zone: the token ends when that day does.
    ends = DayField(is_end=True, label="Last day", help_text="At most a year from now.")
    operations = forms.MultipleChoiceField(
        label="What it may do",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only what you may do yourself. When you lose a role, the token loses it too.",
    )

    def __init__(self, *args: object, by: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.given = [each for each in can_be_given(by) if each.name in OFFERED]
        choices = cast("forms.MultipleChoiceField", self.fields["operations"])
        choices.choices = [(each.name, each.words) for each in self.given]

    def groups(self) -> list[tuple[str, list[Choice]]]:
        """What may be chosen, room by room; what was chosen before stays so."""
        chosen = set(self["operations"].value() or ())
        return [
            (room.replace("-", " ").capitalize(), [_choice(each, each.name in chosen) for each in several])
            for room, several in groupby(self.given, key=lambda each: each.room)
        ]


@require_http_methods(["GET", "POST"])
def tokens(request: StaffRequest) -> HttpResponse:
    """Tokens of one's own, and a new one."""
    initial = {"ends": timezone.localdate(request.at) + USUAL}
    form = TokenForm(request.POST or None, by=request.actor, initial=initial)
    made = None
    if request.method == "POST" and form.is_valid():
        done = make_token(
            name=form.cleaned_data["name"],
            operations=frozenset(form.cleaned_data["operations"]),
            ends=form.cleaned_data["ends"],
            by=request.actor,
            at=request.at,
        )
        if isinstance(done, list):
            for fault in done:
                form.add_error(fault.field, fault.words)
        else:
            made, form = done, TokenForm(by=request.actor, initial=initial)
    held = tokens_of(by=request.actor, at=request.at)
    return render(request, "tokens/tokens.html", {"tokens": held, "form": form, "groups": form.groups(), "made": made})


@require_POST
def revoke(request: StaffRequest, key: str) -> HttpResponse:
    """End one now."""
    done = revoke_token(key=key, by=request.actor, at=request.at)
    if not isinstance(done, list):
        return redirect("tokens:list")
    form = TokenForm(by=request.actor)
    held = tokens_of(by=request.actor, at=request.at)
    shown = {"tokens": held, "form": form, "groups": form.groups(), "faults": done}
    return render(request, "tokens/tokens.html", shown, status=404)


def _choice(operation: Operation, chosen: bool) -> Choice:
    words = operation.words[:1].upper() + operation.words[1:]
    return Choice(operation.name, words + (" (changes something)" if operation.kind == "command" else ""), chosen)
