"""How a meaning is shown: its sign, its word and its manner, never its colour alone. It draws no conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Manner:
    """How one meaning looks.

    style  a class of the stylesheet
    icon   a symbol of the icon sheet
    words  what is said where nothing else is, or for those who cannot see the sign
    """

    style: str
    icon: str
    words: str


TRUTHS: Mapping[str, Manner] = {
    "true": Manner("certain", "truth-true", "certain"),
    "unknown": Manner("open", "truth-unknown", "open"),
    "false": Manner("out", "truth-false", "not imposed"),
}
_SAME = {"yes": "true", "no": "false", "none": "unknown", "open": "unknown"}

STATES: Mapping[str, Manner] = {
    "good": Manner("good", "check", "in order"),
    "warning": Manner("warning", "warning", "needs attention"),
    "bad": Manner("bad", "stop", "not in order"),
    "neutral": Manner("neutral", "dot", "for information"),
}

# By what a measure does; its hue is its ladder's, from what takes away to what informs.
_GONE = ("gone", "removed")
_HELD = ("held", "restricted")
_LABEL = ("label", "label")
_MEASURES: Mapping[str, tuple[str, str]] = {
    "removed": _GONE,
    "copies_removed": ("gone", "copies"),
    "account_removed": ("gone", "person"),
    "blocked": ("gone", "globe"),
    "held": ("held", "pause"),
    "behind_warning": ("held", "warning"),
    "not_searchable": _HELD,
    "not_recommended": _HELD,
    "not_monetised": _HELD,
    "ad_rejected": _HELD,
    "adults_only": _HELD,
    "posting_limited": _HELD,
    "account_restricted": _HELD,
    "visible": ("allowed", "check"),
    "any_age": ("allowed", "check"),
    "depicted_person_notified": ("duty", "send"),
    "disclosure_requested": ("duty", "question"),
    "marks_preserved": ("duty", "shield"),
    "mark_written": ("duty", "shield"),
    "provenance_shown": ("duty", "eye"),
    "sponsor_shown": ("duty", "eye"),
    "reported_to_authority": ("duty", "send"),
    "preserved": ("duty", "lock"),
    "escalated": ("duty", "flag"),
    "review_priority": ("duty", "flag"),
}
_SETS: Mapping[str, tuple[str, str]] = {
    "label": _LABEL,
    "clock": ("duty", "clock"),
    "strike": ("gone", "strike"),
}
_OTHER = ("duty", "measure")
SEVERITIES = 5


def truth_of(value: object) -> str:
    """`true`, `unknown` or `false`, from a word, a flag that may be missing or our own truth values.

    raises  ValueError for anything else: a badge must not guess
    """
    plain = value.value if isinstance(value, Enum) else value
    word = str(plain).lower()
    known = _SAME.get(word, word)
    if known not in TRUTHS:
        raise ValueError(f"no truth value: {plain!r}")
    return known


def measure_manner(name: str) -> tuple[str, str, str]:
    """Style, icon and words of a measure by its name; one that nobody described looks like any other duty."""
    kind, _, member = name.partition(":")
    style, icon = (_SETS.get(kind, _OTHER)) if member else _MEASURES.get(name, _OTHER)
    return style, icon, measure_words(name)


def measure_words(name: str) -> str:
    """`label: possibly AI`, `not recommended`: the id as words, where nobody gave its title."""
    kind, _, member = name.partition(":")
    words = f"{kind}: {member}" if member else kind
    return " ".join("AI" if word == "ai" else word for word in words.replace("_", " ").split(" "))


def severity_of(value: object) -> int:
    """0 to 4, from `S3`, `3` or 3; raises ValueError for anything else."""
    text = str(value).strip().upper().removeprefix("S")
    if not (text.isdecimal() and int(text) < SEVERITIES):
        raise ValueError(f"no severity: {value!r}")
    return int(text)
