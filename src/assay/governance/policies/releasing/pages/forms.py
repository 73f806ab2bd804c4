"""What is asked for when something ends: why. It checks nothing that a command does not check again."""

from __future__ import annotations

from django import forms

from assay.governance.policies.releasing.rules import LONGEST_REASON


class ReasonForm(forms.Form):
    """Why a launch stops, or a former edition decides again."""

    reason = forms.CharField(
        label="Why",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the release and in the channel, for those who look at it later. Name nobody.",
    )
