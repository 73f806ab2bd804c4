"""The form of an assessment: one for each kind, its rights or groups in parts. It reads and checks nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from assay.governance.policies.impact.rules import burdens, rights
from assay.governance.policies.impact.rules.assessing import LONGEST_WORDS, About, Level

_LEAST_GROUPS = 3
Fields = dict[str, forms.Field]


@dataclass(frozen=True, slots=True)
class Part:
    """The fields of one right or one group.

    open  whether something is said in it, or is wrong with it
    """

    name: str
    title: str
    source: str
    fields: Mapping[str, BoundField]
    open: bool


class AssessmentForm(forms.Form):
    """Filled with what was assessed before, or with what was just written: the rules say what is wrong with it."""

    use_required_attribute = False

    def __init__(self, about: About, said: Mapping[str, Any]) -> None:
        super().__init__(initial=_flat(about, said))
        self.about = about
        self.names: dict[str, tuple[str, ...]] = {}
        self.fields.update(_MAIN[about]())
        if about is About.RIGHTS:
            for slug in rights.RIGHTS:
                self._add(slug, _right_fields())
        elif about is About.EQUITY:
            groups = said.get("groups") or []
            for place in range(min(max(_LEAST_GROUPS, len(groups) + 1), burdens.MOST_GROUPS)):
                self._add(f"g{place}", _group_fields())

    def parts(self, faulty: frozenset[str] = frozenset()) -> list[Part]:
        """Each right or group; `faulty` are names of fields with faults."""
        found = []
        for place, (part, names) in enumerate(self.names.items(), 1):
            title, source = rights.RIGHTS.get(part, (f"Group {place}", ""))
            bound = {name: self[f"{part}-{name}"] for name in names}
            wrong = any(f"{part}-{name}" in faulty for name in names)
            found.append(Part(part, title, source, bound, wrong or bool(bound[names[0]].value())))
        return found

    def _add(self, part: str, fields: Fields) -> None:
        self.names[part] = tuple(fields)
        self.fields.update({f"{part}-{name}": field for name, field in fields.items()})


def posted(about: About, given: QueryDict) -> dict[str, Any]:
    """What somebody wrote, as the rules read it."""
    found: dict[str, Any] = {name: given.get(name, "") for name in _MAIN[about]()}
    if about is About.RIGHTS:
        found |= {slug: {name: given.get(f"{slug}-{name}", "") for name in _right_fields()} for slug in rights.RIGHTS}
    elif about is About.EQUITY:
        places = [place for place in range(burdens.MOST_GROUPS) if f"g{place}-group" in given]
        found["groups"] = [{name: given.get(f"g{place}-{name}", "") for name in _group_fields()} for place in places]
    elif about is About.EXPOSURE:
        found["protections"] = given.getlist("protections")
    return found


def _flat(about: About, said: Mapping[str, Any]) -> dict[str, Any]:
    """By the names of fields."""
    found = {name: value for name, value in said.items() if not isinstance(value, Mapping)}
    parts: Mapping[str, Any] = {}
    if about is About.RIGHTS:
        parts = said.get("rights") or {slug: said[slug] for slug in rights.RIGHTS if slug in said}
    elif about is About.EQUITY:
        parts = {f"g{place}": row for place, row in enumerate(found.pop("groups", None) or [])}
    for part, row in parts.items():
        found |= {f"{part}-{name}": value for name, value in row.items()}
    return found


def _steps(label: str, words: Mapping[int, str]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", "Choose"), *((str(step), f"{step}: {said}") for step, said in words.items())]
    )


def _chosen(label: str, words: Mapping[str, str], empty: str = "Choose", **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", empty), *words.items()], **given)


def _text(label: str, rows: int = 2, **given: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST_WORDS}), **given
    )


def _number(label: str, **given: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **given
    )


def _right_fields() -> Fields:
    who = "Groups of people, such as: women in public life."
    return {
        "effect": _chosen("What the change does to it", rights.EFFECTS, "It does not touch it", required=False),
        "who": forms.CharField(label="Whose right", max_length=300, help_text=who),
        "scope": _steps("Scope: how many", rights.SCOPE),
        "scale": _steps("Scale: how grave for each", rights.SCALE),
        "remedy": _steps("Remediability: how far it can be made good", rights.REMEDY),
        "likelihood": _steps("Likelihood", rights.LIKELIHOOD),
        "legality": _text(rights.LEGALITY),
        "aim": _text(rights.AIM),
        "necessity": _text(rights.NECESSITY),
        "mitigation": _text("Mitigation: what makes it rarer, less grave or easier to undo?", required=False),
        "residual": _chosen(
            "What is left once that is done", {level.value: level.value.capitalize() for level in Level}
        ),
    }


def _group_fields() -> Fields:
    return {
        "group": forms.CharField(
            label="Group, language or market", required=False, max_length=120, help_text="Such as: satire in Hindi."
        ),
        "error": _chosen("How it would be treated wrongly", burdens.ERRORS),
        "why": _text("Why that is to be expected"),
        "mitigation": _text("What is done about it", required=False),
    }


def _rights_fields() -> Fields:
    told = "For whoever signs: the trade-off in two or three sentences."
    return {
        "overall": _text("What this comes to", 3, help_text=told),
        "none": _text("Where no right is limited: why not", required=False),
    }


def _equity_fields() -> Fields:
    conclusions = {name: said for name, (said, _) in burdens.EQUITY.items()}
    told = "The figures above, and what they cannot show."
    return {
        "conclusion": _chosen("What this comes to", conclusions),
        "words": _text("On what this rests", 3, help_text=told),
    }


def _hours(label: str, told: str) -> Fields:
    return {
        "hours": _number(label, help_text=told),
        "hours_low": _number("At least", required=False),
        "hours_high": _number("At most", required=False),
    }


def _cost_fields() -> Fields:
    return {
        **_hours("Change in reviewer hours a week", "Below zero where hours are saved."),
        "rate": _number("What an hour costs"),
        "currency": forms.CharField(label="Currency", max_length=3, help_text="Three letters, such as EUR."),
        "product_days": _number("Product work, in days"),
        "one_off": _number("What is paid once"),
        "words": _text("What it is spent on, and who bears it", 3),
    }


def _exposure_fields() -> Fields:
    conclusions = {name: said for name, (said, _) in burdens.EXPOSURE.items()}
    return {
        **_hours(
            "Change in hours of severe material a week", "Severe is S3 and above. Below zero where they see less."
        ),
        "protections": forms.MultipleChoiceField(
            label="What protects those who see it",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=list(burdens.PROTECTIONS.items()),
        ),
        "conclusion": _chosen("What this comes to", conclusions),
        "words": _text("What is done, and why that is enough", 3),
    }


_MAIN: Mapping[About, Callable[[], Fields]] = {
    About.RIGHTS: _rights_fields,
    About.EQUITY: _equity_fields,
    About.COST: _cost_fields,
    About.EXPOSURE: _exposure_fields,
}
