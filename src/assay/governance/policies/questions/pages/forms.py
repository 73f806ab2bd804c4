"""The forms of known questions, one a step. They change nothing."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from assay.governance.policies.questions import rules
from assay.governance.policies.questions.rules import STATES, About

_BETWEEN = re.compile(r"[\s,;]+")


def _area(rows: int, most: int, **given: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(widget=widget, max_length=most, **given)


def _last_day(**given: Any) -> forms.DateField:
    return forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}), **given)


class MarketsField(forms.CharField):
    """Codes of markets with commas between them."""

    def clean(self, value: object) -> tuple[str, ...]:
        """The codes, each once."""
        return tuple(sorted(set(filter(None, _BETWEEN.split(str(super().clean(value)).upper())))))


class FilterForm(forms.Form):
    """What the list is narrowed to; what cannot be read narrows nothing."""

    text = forms.CharField(required=False, max_length=200)
    policy = forms.CharField(required=False, max_length=120)
    rule = forms.CharField(required=False, max_length=120)
    market = forms.CharField(required=False, max_length=12)
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *STATES.items()])


class AskForm(forms.Form):
    """A new question."""

    question = _area(3, rules.QUESTION_MOST, help_text="What the policy does not answer, so that others can find it.")
    context = _area(
        6,
        rules.CONTEXT_MOST,
        required=False,
        help_text="What is needed to rule: what is seen, what speaks for and against. No names of people.",
    )
    policy = forms.CharField(
        max_length=120, help_text="By its name.", widget=forms.TextInput(attrs={"list": "policy-names"})
    )
    rule = forms.CharField(
        required=False,
        max_length=120,
        help_text="By its id; empty is the whole policy.",
        widget=forms.TextInput(attrs={"list": "rule-names"}),
    )
    example = forms.CharField(
        required=False,
        max_length=rules.EXAMPLE_MOST,
        help_text="The example of the policy that comes nearest.",
        widget=forms.TextInput(attrs={"list": "example-names"}),
    )
    markets = MarketsField(required=False, max_length=600, help_text="Codes such as `DE`, `FR`; empty is everywhere.")
    item = forms.CharField(required=False, max_length=rules.ITEM_MOST, help_text="The id of the item that raised it.")
    decision = forms.CharField(required=False, max_length=100, help_text="The name of the decision that raised it.")

    def about(self) -> About:
        """What was filled in, but for the words."""
        given = self.cleaned_data
        return About(**{name: given[name] for name in About.__slots__})


class RulingForm(forms.Form):
    """A ruling."""

    ruling = _area(4, rules.RULING_MOST, help_text="What is to be done, in a sentence or two. Reviewers follow it.")
    rationale = _area(6, rules.RATIONALE_MOST, help_text="Why, by which words of the policy and which of its aims.")
    expires_on = _last_day(help_text="From the day after, it holds no more until somebody confirms it.")


class ConfirmForm(forms.Form):
    """A longer time."""

    expires_on = _last_day(help_text="Later than it is now.")
    note = _area(3, rules.NOTE_MOST, label="Why it still holds")


class SupersedeForm(forms.Form):
    """Another ruling."""

    by_number = forms.IntegerField(
        min_value=1, label="The known question that takes its place", help_text="Its number; its ruling is in force."
    )
    note = _area(3, rules.NOTE_MOST, label="Why")


class WithdrawForm(forms.Form):
    """A reason."""

    note = _area(3, rules.NOTE_MOST, label="Why")
