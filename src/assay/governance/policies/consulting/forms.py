"""The forms of consultations, one a question. They change nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from assay.governance.people.forms.fields import ColleagueField, DayField
from assay.governance.policies.consulting.rules import words as choices
from assay.governance.policies.consulting.rules.asking import Asking, Engagement


def _area(rows: int, **given: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **given)


class AskingForm(forms.Form):
    """What is asked of a draft."""

    title = forms.CharField(
        max_length=choices.TITLE_MOST,
        help_text="What those who are asked see first. They do not see the title of the change.",
    )
    question = _area(3, max_length=choices.QUESTION_MOST, help_text="One thing that you want to know.")
    background = _area(
        6,
        required=False,
        max_length=choices.BACKGROUND_MOST,
        help_text="What they need to know to answer: the problem, what was tried, what is decided already. Markdown.",
    )
    closes_at = DayField(is_end=True, label="Last day", help_text="Views can be given and changed until it is over.")
    shows_changes = forms.BooleanField(
        required=False, label="Show which passages are new or changed against the text in force"
    )

    def asking(self, withheld: frozenset[int]) -> Asking:
        """What was filled in."""
        given = self.cleaned_data
        return Asking(
            title=given["title"],
            question=given["question"],
            closes_at=given["closes_at"],
            background=given["background"],
            withheld=withheld,
            shows_changes=given["shows_changes"],
        )


class InviteForm(forms.Form):
    """Somebody who is asked."""

    person = ColleagueField(label="Who", help_text="Their e-mail address, or their name; they need an account.")
    viewpoint = forms.ChoiceField(
        choices=[("", "Choose"), *choices.VIEWPOINTS.items()], help_text="From where they speak. It is counted."
    )
    region = forms.CharField(
        required=False, max_length=80, help_text="The part of the world that they know best, such as `West Africa`."
    )
    expertise = forms.CharField(
        required=False,
        max_length=200,
        label="Asked for",
        help_text="Their expertise. For somebody from outside it has to be given.",
    )
    stale_on = forms.DateField(
        required=False,
        label="Engagement ends on",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="From this day on the draft is closed to them and their view is marked as out of date.",
    )

    def engagement(self) -> Engagement:
        """What was filled in."""
        given = self.cleaned_data
        return Engagement(given["expertise"], given["viewpoint"], given["region"], given["stale_on"])


class ExtendForm(forms.Form):
    """A later end."""

    closes_at = DayField(is_end=True, label="Last day")


class WordsForm(forms.Form):
    """A reason, or a summary."""

    words = _area(4, max_length=choices.SUMMARY_MOST)

    def __init__(self, *given: Any, label: str, most: int, rows: int = 4, hint: str = "", **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["words"]
        field.label, field.help_text = label, hint
        field.max_length = most  # type: ignore[attr-defined]
        field.widget.attrs |= {"rows": rows, "maxlength": most}


class DeclareForm(forms.Form):
    """Interests of whoever is asked."""

    conflict = forms.ChoiceField(
        label="Do you have an interest in the outcome?",
        choices=list(choices.CONFLICTS.items()),
        widget=forms.RadioSelect,
        help_text="An interest does not shut you out. It is read with your view.",
    )
    words = _area(
        2,
        required=False,
        label="In your own words",
        max_length=choices.DECLARATION_MOST,
        help_text="Whom it touches and how. Needed where you have an interest.",
    )
    named = forms.BooleanField(
        required=False, label="I agree to be named as somebody who was consulted, when a summary is published"
    )


class ViewForm(forms.Form):
    """A view."""

    position = forms.ChoiceField(
        label="Where do you stand?", choices=list(choices.POSITIONS.items()), widget=forms.RadioSelect
    )
    words = _area(10, label="Your view", max_length=choices.VIEW_MOST, help_text="Why, and what you would change.")
    part = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label="It is about", help_text="The whole draft, or one part."
    )
    confidence = forms.ChoiceField(
        label="How sure are you?", choices=list(choices.CONFIDENCES.items()), widget=forms.RadioSelect
    )

    def __init__(self, *given: Any, parts: tuple[tuple[int, str], ...], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["part"].choices = [("", "The whole draft"), *parts]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What was done with a view."""

    outcome = forms.ChoiceField(
        label="What was done with it?", choices=list(choices.OUTCOMES.items()), widget=forms.RadioSelect
    )
    words = _area(5, label="Why", max_length=choices.ANSWER_MOST, help_text="Whoever gave the view reads it.")
    revision = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        label="In which revision of the draft",
        help_text="Needed where something of it was adopted.",
    )

    def __init__(self, *given: Any, revisions: list[tuple[int, datetime]], **named: Any) -> None:
        super().__init__(*given, **named)
        told = [(number, f"Revision {number}, {when:%-d %B %Y, %H:%M} UTC") for number, when in revisions]
        self.fields["revision"].choices = [("", "None"), *told]  # type: ignore[attr-defined]
