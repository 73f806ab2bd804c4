"""Fields that several forms share: limits of a role, days, a colleague. They look up a person, and write nothing."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assay.governance.office.actor import Scope
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.people.models.person import plain_address
from assay.governance.people.proposals.roles import rooms

_BETWEEN = re.compile(r"[\s,;]+")
NAMES_LONGEST = 600
YEARS = range(2000, 2201)


class RoleField(forms.TypedChoiceField):
    """One role."""

    def __init__(self, **given: Any) -> None:
        empty = given.pop("empty_label", "Choose a role")
        among = given.pop("among", tuple(Role))
        choices = [("", empty), *((role.value, role.words.capitalize()) for role in among)]
        super().__init__(choices=choices, coerce=Role, empty_value=None, **given)


class NamesField(forms.CharField):
    """Names with commas or blanks between them; none is no limit."""

    def __init__(self, **given: Any) -> None:
        self.upper = bool(given.pop("upper", False))
        super().__init__(required=False, max_length=NAMES_LONGEST, **given)

    def clean(self, value: Any) -> Any:
        """The names, each once."""
        text = str(super().clean(value))
        return frozenset(filter(None, _BETWEEN.split(text.upper() if self.upper else text)))


class DayField(forms.DateField):
    """A day in the person's own time zone, as the instant at which it begins or, for an end, is over."""

    def __init__(self, *, is_end: bool, **given: Any) -> None:
        self.is_end = is_end
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **given)

    def clean(self, value: Any) -> Any:
        """An instant, or None where none is given."""
        found = super().clean(value)
        if found is None:
            return None
        # Near the ends of what a date can be, another time zone's has none; no role and no absence is so far away.
        if found.year not in YEARS:
            raise ValidationError(f"that day is out of reach; give one from {YEARS.start} to {YEARS.stop - 1}")
        return timezone.make_aware(datetime.combine(found + timedelta(days=int(self.is_end)), time.min))


class ColleagueField(forms.CharField):
    """Somebody with an open account, by address or by a name that nobody else has."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"list": "colleagues", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=254, widget=widget, **given)

    def clean(self, value: Any) -> Any:
        """The person, or None where none is asked for."""
        text = str(super().clean(value))
        if not text:
            return None
        address = re.search(r"<([^<>]+)>\s*\Z", text)
        people = Person.objects.filter(is_active=True)
        found = people.filter(email=plain_address(address.group(1) if address else text)).first()
        if found is not None:
            return found
        named = list(people.filter(name__iexact=text)[:2])
        if len(named) == 1:
            return named[0]
        said = "several people have this name; give their e-mail address" if named else "nobody here has this address"
        raise ValidationError(said)


class LimitsForm(forms.Form):
    """How far a role reaches."""

    rooms = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, help_text="None chosen is every room."
    )
    policies = NamesField(
        help_text="Names with commas between them, such as likeness, elections. Empty is every policy."
    )
    markets = NamesField(
        upper=True, help_text="Codes with commas between them, such as DE, US-CA. Empty is every market."
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(room, room.replace("_", " ").capitalize()) for room in sorted(rooms())]
        self.fields["rooms"].choices = choices  # type: ignore[attr-defined]

    def scope(self) -> Scope:
        """What was chosen."""
        chosen = self.cleaned_data
        return Scope(frozenset(chosen["rooms"]), chosen["policies"], chosen["markets"])


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """Every time zone that this machine knows, in order; the plain one first."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)
