"""What is asked of those who sign, stop, answer and confirm. It checks shapes alone; commands judge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from assay.governance.office.roles import Role
from assay.governance.people.forms.fields import ColleagueField
from assay.governance.policies.signing.commands.signing import CONDITION_LONGEST, Asked
from assay.governance.policies.signing.models import WORDS_LONGEST
from assay.governance.policies.signing.rules.counting import Verdict
from assay.governance.policies.signing.rules.matrix import RISKS, ROLES, Letter, Line, Matrix

_DUES = [
    ("launch", "before a bundle of it is built"),
    ("sign-off", "before it leaves sign-off"),
    ("date", "by the day given"),
]
_VERDICTS = [
    (Verdict.SIGNS.value, "I sign"),
    (Verdict.ON_CONDITIONS.value, "I sign, on the conditions below"),
    (Verdict.DISSENTS.value, "I dissent: it is recorded for good, and stops nothing"),
]
ROWS = 3


def _long(label: str, hint: str = "", *, rows: int = 3, required: bool = True, most: int = 600) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, widget=widget, required=required, max_length=most)


class SignForm(forms.Form):
    """Somebody's word on a draft."""

    verdict = forms.ChoiceField(label="Your word", choices=_VERDICTS, widget=forms.RadioSelect, initial="signs")
    words = _long(
        "Why", "Of a dissent, what you dissent from. Everybody inside reads it.", required=False, most=WORDS_LONGEST
    )
    seal = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def conditions(self, rows: forms.BaseFormSet[ConditionForm]) -> list[Asked]:
        """The conditions that were filled in, where the word is one on conditions."""
        if self.cleaned_data["verdict"] != Verdict.ON_CONDITIONS.value:
            return []
        return [row.asked() for row in rows.forms if row.has_changed()]


class ConditionForm(forms.Form):
    """One condition."""

    words = forms.CharField(label="Condition", max_length=CONDITION_LONGEST)
    who = ColleagueField(label="Who sees to it", help_text="Their e-mail address, or their name.")
    due = forms.ChoiceField(label="When", choices=_DUES, initial="launch")
    due_on = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def has_changed(self) -> bool:
        """Whether somebody filled it in: when it is due alone says nothing."""
        return bool({"words", "who"} & set(self.changed_data))

    def asked(self) -> Asked:
        """As the command takes it."""
        return Asked(
            self.cleaned_data["words"], self.cleaned_data["who"], self.cleaned_data["due"], self.cleaned_data["due_on"]
        )


ConditionRows = forms.formset_factory(ConditionForm, extra=ROWS, max_num=ROWS, absolute_max=ROWS)


class WordsForm(forms.Form):
    """Why something is done."""

    words = _long("Why", most=WORDS_LONGEST)


class AnswerForm(forms.Form):
    """How a condition is met."""

    words = _long("How it is met", rows=2)
    link = forms.CharField(label="Where that can be seen", required=False, max_length=600)


class JudgeForm(forms.Form):
    """What is wanting, where a condition is not met."""

    words = _long("What is wanting", "Only where you do not confirm it.", rows=2, required=False)


class MatrixForm(forms.Form):
    """A part for every role, for both risks."""

    reason = _long("Why", "For the two who approve it. It is not written into the ledger.")

    def __init__(self, *given: Any, matrix: Matrix, **named: Any) -> None:
        super().__init__(*given, **named)
        letters = [(letter.value, "no part" if letter is Letter.NONE else letter.value) for letter in Letter]
        for risk in RISKS:
            for line in matrix[risk]:
                said = f"{line.role.words.capitalize()}, {'ordinary changes' if risk == 'ordinary' else 'high risk'}"
                self.fields[_part(risk, line.role)] = forms.ChoiceField(
                    label=said, choices=letters, initial=line.letter.value
                )
                self.fields[_mark(risk, line.role)] = forms.BooleanField(
                    label=f"{said}: must sign", required=False, initial=line.marked
                )

    def rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields by role: part and mark for ordinary changes, then for high risk."""
        for role in ROLES:
            yield role.words.capitalize(), [self[name(risk, role)] for risk in RISKS for name in (_part, _mark)]

    def matrix(self) -> Matrix:
        """What was chosen."""
        chosen = self.cleaned_data
        return {
            risk: tuple(
                Line(role, Letter(chosen[_part(risk, role)]), bool(chosen[_mark(risk, role)])) for role in ROLES
            )
            for risk in RISKS
        }


def _part(risk: str, role: Role) -> str:
    return f"{risk}-{role.value}-part"


def _mark(risk: str, role: Role) -> str:
    return f"{risk}-{role.value}-signs"
