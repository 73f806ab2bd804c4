"""What is asked about items, features and gaps. It checks shapes alone; commands judge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assay.governance.office.roles import INSIDE, Role
from assay.governance.people.forms.fields import ColleagueField, NamesField
from assay.governance.policies.readiness.models import WORDS_LONGEST, Feature
from assay.governance.policies.readiness.rules.dependencies import KINDS, Kind
from assay.governance.policies.readiness.rules.items import HINT_LONGEST, ITEMS_MOST, TITLE_LONGEST, Item
from assay.governance.policies.readiness.rules.registering import Wish
from assay.governance.policies.readiness.rules.standing import EVERYWHERE, State

_KINDS = [(kind, kind.capitalize()) for kind in KINDS]
_STATES = [(state.value, state.value.capitalize()) for state in State]


def _text(label: str, hint: str = "", *, rows: int = 2, required: bool = True, most: int = WORDS_LONGEST) -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, widget=widget, required=required, max_length=most)


class MarkForm(forms.Form):
    """How it stands with one item."""

    words = _text("What shows it, or why not", required=False)
    link = forms.CharField(label="Where that stands", required=False, max_length=600)


class DutyForm(forms.Form):
    """Whose an item is."""

    owner = ColleagueField(label="Whose it is", required=False, help_text="Empty is whoever has the role.")
    due_on = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class AcceptForm(forms.Form):
    """That a launch goes without something."""

    kind = forms.ChoiceField(choices=_KINDS)
    name = forms.CharField(max_length=200)
    markets = NamesField(upper=True, label="Markets")
    words = _text("Why it can be launched without")


class NarrowForm(forms.Form):
    """What the list of features is narrowed to; what cannot be read narrows nothing."""

    text = forms.CharField(
        label="Name", required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *_KINDS])
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *_STATES])
    market = forms.CharField(required=False, max_length=40)
    mine = forms.BooleanField(required=False, label="Only mine")


class StatesField(forms.CharField):
    """A line for each market: the market, its state, and the day for which it is planned."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}), max_length=12_000, **given)

    def clean(self, value: Any) -> Any:
        """By market its state and day."""
        found: dict[str, tuple[State, date | None]] = {}
        for line in str(super().clean(value)).splitlines():
            parts = line.replace("=", " ").replace(":", " ").split()
            if not parts:
                continue
            state = next((each for each in State if len(parts) > 1 and each.value == parts[1].lower()), None)
            if state is None or len(parts) > 3 or parts[0] in found:
                said = f"`{line.strip()[:60]}`: write a market once, then ready, partly, planned or missing, then a day"
                raise ValidationError(said)
            found[parts[0]] = (state, _day(parts[2]) if len(parts) > 2 else None)
        return found


class FeatureForm(forms.Form):
    """A feature of the product."""

    name = forms.CharField(max_length=80, help_text="Letters a to z, digits, hyphens and dots. It stays for good.")
    title = forms.CharField(max_length=160)
    kind = forms.ChoiceField(choices=_KINDS, help_text="What of the vocabulary it makes possible.")
    provides = _text(
        "What it provides", "Names of the vocabulary with blanks between them, such as `person.consent` or `label:ai`.",
        most=12_000,
    )  # fmt: skip
    states = StatesField(
        label="How it stands",
        help_text="A line a market: `* ready`, `DE planned 2026-12-31`, `IN missing`. `*` is every other market.",
    )
    owner = ColleagueField(label="Owner", required=False, help_text="Their e-mail address, or their name.")
    team = forms.CharField(required=False, max_length=120)
    note = _text("Note", required=False)
    link = forms.CharField(required=False, max_length=600)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def wish(self) -> Wish:
        """What was said."""
        given = self.cleaned_data
        kind: Kind = next(each for each in KINDS if each == given["kind"])
        owner = "" if given["owner"] is None else str(given["owner"].key)
        return Wish(
            given["name"], given["title"], kind, tuple(dict.fromkeys(given["provides"].split())), given["states"],
            owner, given["team"], given["note"], given["link"],
        )  # fmt: skip


def feature_initial(feature: Feature) -> Mapping[str, object]:
    """What holds of a feature, as its form shows it."""
    rows = feature.states.all()
    lines = [f"{row.market} {row.state}{f' {row.ready_on}' if row.ready_on else ''}" for row in rows]
    return {
        "name": feature.name,
        "title": feature.title,
        "kind": feature.kind,
        "provides": " ".join(feature.provides),
        "states": "\n".join(lines or [f"{EVERYWHERE} missing"]),
        "owner": "" if feature.owner is None else f"{feature.owner.name} <{feature.owner.email}>",
        "team": feature.team,
        "note": feature.note,
        "link": feature.link,
        "seen": feature.versions,
    }


class FileForm(forms.Form):
    """A file of features."""

    file = forms.FileField(label="CSV file", help_text="As the export has it. What it does not name stays as it is.")


class ItemForm(forms.Form):
    """One item of the checklist of the house."""

    name = forms.CharField(max_length=60)
    title = forms.CharField(max_length=TITLE_LONGEST)
    hint = forms.CharField(max_length=HINT_LONGEST, required=False)
    role = forms.ChoiceField(
        label="Whose it is",
        choices=[(role.value, role.words.capitalize()) for role in Role if role in INSIDE],
        initial="policy-lead",
    )
    ordinary = forms.BooleanField(required=False, label="Needed for ordinary changes")
    high = forms.BooleanField(required=False, initial=True, label="Needed for changes of high risk")
    computed = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def item(self) -> Item:
        """What was said."""
        given = self.cleaned_data
        return Item(
            given["name"], given["title"], given["hint"], Role(given["role"]), given["ordinary"], given["high"],
            given["computed"],
        )  # fmt: skip


ItemRows = forms.formset_factory(ItemForm, extra=2, max_num=ITEMS_MOST, absolute_max=ITEMS_MOST, can_delete=True)


def items_of(rows: forms.BaseFormSet[ItemForm]) -> list[Item]:
    """What stays of a checklist, in order, and what is new."""
    filled = [form for form in rows.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return [form.item() for form in filled]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(f"`{text[:30]}` is no day; write it as 2026-12-31") from error
