"""What the addresses of the library may ask for. What cannot be read narrows nothing."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from assay.governance.policies.library.queries import STANDINGS, Filters, Standing

_LARGEST = 1_000_000
_WORDS: dict[Standing, str] = {
    "in-force": "In force",
    "in-change": "With a change under way",
    "review-due": "Review due",
    "not-in-force": "Not in force",
    "retired": "Retired",
}


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    STANDINGS: ClassVar[list[tuple[str, str]]] = [
        ("", "All but retired"), *((each, _WORDS[each]) for each in STANDINGS),
    ]  # fmt: skip
    text = forms.CharField(required=False, max_length=120)
    standing = forms.ChoiceField(required=False, choices=STANDINGS)
    mine = forms.CharField(required=False, max_length=3)
    shared = forms.CharField(required=False, max_length=3)

    def filters(self) -> Filters:
        """What was asked for, as far as it can be read."""
        self.is_valid()
        given = self.cleaned_data
        standing = next((each for each in STANDINGS if each == given.get("standing")), None)
        text = (given.get("text") or "").strip()
        return Filters(text, standing, mine=given.get("mine") == "yes", shared=given.get("shared") == "yes")


def as_number(given: str | None, otherwise: int) -> int:
    """A version's number from an address."""
    if given and given.isascii() and given.isdecimal() and len(given) < len(str(_LARGEST)):
        return int(given)
    return otherwise
