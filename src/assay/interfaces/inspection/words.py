"""Words for what a page and a terminal show of a file. It knows no finding by itself."""

from __future__ import annotations

from datetime import UTC, datetime

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
