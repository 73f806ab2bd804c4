"""The forms of this room, one a question. They change nothing."""

from __future__ import annotations

from typing import Any

from django import forms

from assay.governance.office.roles import Role
from assay.governance.people.commands.accounts import LANGUAGES, NAME_LONGEST
from assay.governance.people.forms.fields import ColleagueField, DayField, LimitsForm, RoleField, time_zones
from assay.governance.people.proposals.making import REASON_LONGEST
from assay.governance.people.queries.people import STATES
from assay.governance.people.rules.granting import EMERGENCY_HOURS_MOST, Wish

# Where the day of a form goes wrong, a fault of a command names the same field.
_NAME = "The name by which colleagues know them."
_LANGUAGES = {"en": "English"}
_STATES = {"open": "Open", "invited": "Invited, never signed in", "away": "Away just now", "closed": "Closed"}


class FilterForm(forms.Form):
    """What the list is narrowed to; what cannot be read narrows nothing."""

    name = forms.CharField(required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"}))
    role = RoleField(required=False, empty_label="Any role")
    room = forms.ChoiceField(required=False)
    state = forms.ChoiceField(
        required=False, choices=[("", "Open accounts"), *((each, _STATES[each]) for each in STATES)]
    )

    def __init__(self, data: Any, *, rooms: list[str]) -> None:
        super().__init__(data)
        self.fields["room"].choices = [("", "Any room"), *((each, each.capitalize()) for each in rooms)]  # type: ignore[attr-defined]


class InviteForm(LimitsForm):
    """Somebody new."""

    name = forms.CharField(max_length=NAME_LONGEST, help_text=_NAME)
    email = forms.EmailField(label="E-mail address", max_length=254, help_text="They sign in with it.")
    role = RoleField(required=False, empty_label="No role yet", help_text="More can be given later.")
    field_order = ("name", "email", "role", "rooms", "policies", "markets")

    def wish(self) -> Wish | None:
        """The role that they get at once, or None."""
        role = self.cleaned_data["role"]
        return None if role is None else Wish(role, self.scope())


class RoleForm(LimitsForm):
    """A role for somebody."""

    role = RoleField()
    ends = DayField(is_end=True, required=False, label="Last day", help_text="Empty is without an end.")
    reason = forms.CharField(
        required=False,
        max_length=REASON_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For whoever has to approve it. It is not written into the ledger.",
    )
    field_order = ("role", "rooms", "policies", "markets", "ends", "reason")

    def wish(self) -> Wish:
        """What was asked for."""
        return Wish(self.cleaned_data["role"], self.scope(), None, self.cleaned_data["ends"])


class EmergencyForm(LimitsForm):
    """A role for some hours."""

    role = RoleField(among=tuple(role for role in Role if role is not Role.ADMINISTRATOR))
    hours = forms.IntegerField(
        min_value=1, max_value=EMERGENCY_HOURS_MOST, initial=24, help_text=f"1 to {EMERGENCY_HOURS_MOST}."
    )
    reason = forms.CharField(
        label="What the emergency is",
        max_length=REASON_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The two who approve decide by it. It is not written into the ledger.",
    )
    field_order = ("role", "hours", "reason", "rooms", "policies", "markets")


class PersonForm(forms.Form):
    """What an administrator may change of somebody."""

    name = forms.CharField(max_length=NAME_LONGEST, help_text=_NAME)
    email = forms.EmailField(label="E-mail address", max_length=254, help_text="They sign in with it.")


class ProfileForm(forms.Form):
    """What everybody may change of themselves."""

    name = forms.CharField(max_length=NAME_LONGEST, help_text="The name by which colleagues know you.")
    time_zone = forms.ChoiceField(help_text="Times on pages are shown in it.")
    language = forms.ChoiceField(choices=[(each, _LANGUAGES[each]) for each in LANGUAGES])

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["time_zone"].choices = time_zones()  # type: ignore[attr-defined]


class DelegateForm(forms.Form):
    """Somebody who acts with roles of mine."""

    taker = ColleagueField(label="Who acts for you", help_text="Their e-mail address, or their name.")
    roles = forms.TypedMultipleChoiceField(
        coerce=Role, widget=forms.CheckboxSelectMultiple, help_text="They reach as far as yours, and no further."
    )
    starts = DayField(is_end=False, label="First day")
    ends = DayField(is_end=True, label="Last day")

    def __init__(self, *given: Any, own: list[Role], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["roles"].choices = [(role.value, role.words.capitalize()) for role in own]  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """Days on which somebody is away."""

    starts = DayField(is_end=False, label="First day")
    ends = DayField(is_end=True, label="Last day")
    stand_in = ColleagueField(
        required=False,
        label="Who stands in",
        help_text="They act with every role, as far as it reaches. Empty is nobody.",
    )
