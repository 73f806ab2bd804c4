"""Words for what a page and a terminal show of a file. It knows no finding by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from assay.detection.fusion.limits import Counts
from assay.detection.judgement import Judgement
from assay.engine.decision.assertion import Assertion
from assay.engine.kernel.values import Value
from assay.interfaces.inspection.verdict import Standpoint

# The name of an icon, and what stands beside it.
STANDPOINTS: dict[Standpoint, tuple[str, str]] = {
    "proved": ("good", "A trusted signer says so"),
    "captured": ("good", "A trusted signer says so"),
    "signed": ("found", "Signed, silent on AI"),
    "declared": ("found", "Declared, not proved"),
    "suspected": ("weak", "A reason to look"),
    "said": ("found", "Said by the uploader"),
    "disputed": ("weak", "In dispute"),
    "broken": ("broken", "Changed after signing"),
    "elsewhere": ("unchecked", "Not checked"),
    "nothing": ("absent", "Nothing found"),
    "partly": ("unchecked", "Not wholly read"),
    "unread": ("unchecked", "Not read"),
}
STATES = {
    "good": "Holds",
    "weak": "Weak",
    "broken": "Broken",
    "found": "Found",
    "absent": "Absent",
    "not checked": "Not checked",
}
GLYPHS = {"good": "●", "weak": "◐", "broken": "✗", "found": "◆", "absent": "○", "not checked": "–"}
SPEAKERS = {
    "evidence": "conclusive evidence",
    "mark": "a mark in the file",
    "uploader": "the uploader",
    "detector": "a detector",
    "platform": "this inspection",
}
COUNTS: dict[Counts, tuple[str, str]] = {
    "conclusive": ("good", "Conclusive"),
    "declaration": ("found", "A declaration"),
    "uploader": ("found", "The uploader's word"),
    "suspicion": ("weak", "A suspicion"),
    "score": ("weak", "A score"),
    "nothing": ("absent", "Counts for nothing"),
}
# What an unknown value is called, since nothing here is ever silently no.
UNKNOWN = "unknown"
_UNITS = ("bytes", "kB", "MB", "GB")


def size_words(size: int | None) -> str:
    """`2.4 MB`, with thousands as people count them."""
    if size is None:
        return "unknown"
    number, unit = float(size), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{size} bytes" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"


def moment(at: datetime) -> str:
    """`14 May 2026, 09:05 UTC`."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def value_words(value: Value) -> str:
    """A value as a person writes it in a policy."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def speaker_words(assertion: Assertion, judgement: Judgement) -> str:
    """Who says so; of what is in dispute, that it is one side of it."""
    if assertion.by == "evidence" and any(assertion.signal in each.signals for each in judgement.conflicts):
        return "one side of what is in dispute"
    return SPEAKERS.get(assertion.by, assertion.by)


def judged_words(judgement: Judgement) -> tuple[tuple[str, str], ...]:
    """The values that everything comes to, each with its name."""
    return (
        ("AI's part in it", judgement.ai_extent or UNKNOWN),
        ("how sure that is", judgement.synthetic_status or UNKNOWN),
        ("China's notice", judgement.china.value.replace("_", " ") if judgement.china is not None else "none"),
    )
