"""What people fill in about a change. A form reads shapes; whether it may be so, the command says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from assay.governance.people.forms.fields import ColleagueField
from assay.governance.policies.life.commands.sources import LONGEST_LINK
from assay.governance.policies.life.commands.sources import LONGEST_NOTE as SOURCE_NOTE
from assay.governance.policies.life.commands.sources import LONGEST_TITLE as SOURCE_TITLE
from assay.governance.policies.life.commands.wishes import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_TITLE,
    LONGEST_WHY,
    LONGEST_WORDS,
    Wish,
)
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.models.changes import SOURCE_KINDS
from assay.governance.policies.life.stages import ORDER, Stage

_WHOLE = "change"
_BETWEEN = re.compile(r"[\s,;]+")
_KINDS = (("amend", "Amend a policy in force"), ("new", "Make a new policy"), ("retire", "Retire a policy in force"))
RISKS = (
    ("ordinary", "Ordinary"),
    ("high", "High: somebody's rights, safety or livelihood is at stake. More people must sign"),
)
_WHY = "What is wrong today, for whom, and how you know. Colleagues and experts read it first."


class WordsField(forms.CharField):
    """Names with commas or blanks between them, each once, in the order given."""

    def __init__(self, **given: Any) -> None:
        self.upper = bool(given.pop("upper", False))
        super().__init__(required=False, max_length=1_500, **given)

    def clean(self, value: Any) -> Any:
        """The names."""
        text = str(super().clean(value))
        return tuple(dict.fromkeys(filter(None, _BETWEEN.split(text.upper() if self.upper else text))))


class OpenForm(forms.Form):
    """An idea for a change."""

    kind = forms.ChoiceField(label="What it does", choices=_KINDS, widget=forms.RadioSelect, initial="amend")
    policy = forms.ChoiceField(
        label="Which policy", required=False, help_text="To amend or retire. Leave it for a new policy."
    )
    name = forms.CharField(
        label="Name of the new policy", required=False, max_length=LONGEST_NAME,
        help_text="Letters a-z and hyphens, such as voice-clones. Rules and records cite it, and it stays.",
    )  # fmt: skip
    title = forms.CharField(
        label="In a few words", max_length=LONGEST_TITLE,
        help_text="Such as: label voice clones in adverts. A new policy begins with it as its title.",
    )  # fmt: skip
    why = forms.CharField(
        label="Why it is needed", max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 5}), help_text=_WHY
    )
    risk = forms.ChoiceField(choices=RISKS, widget=forms.RadioSelect, initial="ordinary")

    def __init__(self, *given: Any, policies: Iterable[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["policy"].choices = [("", "Choose one"), *policies]  # type: ignore[attr-defined]


class DescribeForm(forms.Form):
    """What a change is for, whom it reaches, what the public is told."""

    title = forms.CharField(label="In a few words", max_length=LONGEST_TITLE)
    why = forms.CharField(
        label="Why it is needed", max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 8}), help_text=_WHY
    )
    harms = WordsField(
        help_text="Their names, as rules have them, with commas between: false-endorsement, undisclosed-advertising."
    )
    markets = WordsField(
        upper=True, help_text="Codes or groups with commas between: DE, US-CA, EU. Empty is everywhere."
    )
    risk = forms.ChoiceField(choices=RISKS, widget=forms.RadioSelect)
    note = forms.CharField(
        label="What the public is told", required=False, max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences for everybody. They stand above the policy's change log.",
    )  # fmt: skip
    wanted_on = forms.DateField(
        label="Wanted by", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The day on which it should be in force.",
    )  # fmt: skip
    review_on = forms.DateField(
        label="Look at it again on", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty is the house's usual time after it came in force.",
    )  # fmt: skip

    def wish(self) -> Wish:
        """What was described."""
        chosen: Mapping[str, Any] = self.cleaned_data
        return Wish(**{name: chosen[name] for name in Wish.__dataclass_fields__})

    @staticmethod
    def of(change: Change) -> dict[str, object]:
        """What the form shows first."""
        names = ("title", "why", "risk", "note", "wanted_on", "review_on")
        lists = {"harms": ", ".join(change.harms), "markets": ", ".join(change.markets)}
        return {**{name: getattr(change, name) for name in names}, **lists}


class OwnerForm(forms.Form):
    """Whose step a stage is."""

    stage = forms.ChoiceField(label="For which step")
    person = ColleagueField(required=False, label="Who", help_text="Their e-mail address or name. Empty names nobody.")
    due_on = forms.DateField(
        label="Due on", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="For a stage."
    )

    def __init__(self, *given: Any, now: Stage, **named: Any) -> None:
        super().__init__(*given, **named)
        later = [each for each in ORDER if each is not Stage.RETIRED and ORDER.index(each) >= ORDER.index(now)]
        choices = [(each.value, each.words) for each in later]
        self.fields["stage"].choices = [*choices, (_WHOLE, "The whole change: who answers for it")]  # type: ignore[attr-defined]
        self.fields["stage"].initial = now.value

    def stage_chosen(self) -> Stage | None:
        """The stage, or None for the whole change."""
        value = self.cleaned_data["stage"]
        return None if value == _WHOLE else Stage(value)


class SourceForm(forms.Form):
    """Something that was read."""

    kind = forms.ChoiceField(choices=tuple(SOURCE_KINDS.items()))
    title = forms.CharField(max_length=SOURCE_TITLE, help_text="As one cites it.")
    link = forms.CharField(
        required=False, max_length=LONGEST_LINK, help_text="Where it stands. Nothing is fetched from there.",
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )  # fmt: skip
    note = forms.CharField(
        label="What it says for this change", required=False, max_length=SOURCE_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class WordsForm(forms.Form):
    """Why somebody does what cannot be done in silence."""

    words = forms.CharField(label="Why", max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4}))


class BackForm(WordsForm):
    """Back to an earlier stage."""

    to = forms.TypedChoiceField(label="Back to", coerce=Stage)
    field_order = ("to", "words")

    def __init__(self, *given: Any, stages: Iterable[Stage], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["to"].choices = [(each.value, each.words) for each in stages]  # type: ignore[attr-defined]


class ConfirmForm(WordsForm):
    """It stays in force."""

    review_on = forms.DateField(label="Look at it again on", widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("words", "review_on")
    words = forms.CharField(
        label="What you looked at, and what you found",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
