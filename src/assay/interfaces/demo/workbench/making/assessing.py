"""What the demonstration's house assesses of its changes, as its forms take it. It weighs nothing itself."""

from __future__ import annotations

from collections.abc import Mapping

from assay.governance.policies.impact.rules.assessing import About

Forms = Mapping[About, Mapping[str, object]]


def assessments(*, who: str, aim: str, hours: tuple[str, str, str], group: str, why: str) -> Forms:
    """Four filled forms.

    who    whose freedom to speak is limited
    aim    what that serves
    hours  reviewer hours a week: the least, the likely, the most
    group  who could be treated wrongly more often, and `why`
    """
    low, value, high = hours
    right = {
        "effect": "limits", "who": who, "scope": "3", "scale": "2", "remedy": "2", "likelihood": "2",
        "legality": "The rule and its examples are public before it holds.", "aim": aim,
        "necessity": "Nothing is removed by it; what it asks can be answered within a minute.",
        "mitigation": "Whoever is asked loses no reach while they answer.", "residual": "low",
    }  # fmt: skip
    return {
        About.RIGHTS: {
            "expression": right,
            "dignity": {"effect": "protects", "who": "people who are shown"},
            "overall": "Little is limited, and those who are shown gain.",
        },
        About.EQUITY: {
            "groups": [{"group": group, "error": "over", "why": why, "mitigation": "Counted apart every week."}],
            "conclusion": "mitigated",
            "words": "By what was overturned on appeal in the last quarter; every figure is made up.",
        },
        About.COST: {
            "hours": value, "hours_low": low, "hours_high": high, "rate": "38", "currency": "EUR", "product_days": "3",
            "one_off": "0", "words": "Reviewers answer what is asked; no new form is needed.",
        },
        About.EXPOSURE: {
            "conclusion": "same", "hours": "0", "protections": ["blur", "budget"],
            "words": "What it reaches is not severe.",
        },
    }  # fmt: skip
