"""Text that UTF-8 can hold, and text that it cannot. It never changes what an item says."""

from __future__ import annotations

import re

# Marks by which words are shown in another order than the one in which they stand, and in which programs read them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8; JSON can smuggle in half of a surrogate pair, which cannot."""
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def quotable(text: str) -> str:
    """The text as it can be shown in a message: what UTF-8 cannot hold becomes a question mark."""
    return text if is_unicode(text) else text.encode("utf-8", errors="replace").decode("utf-8")


def turned_line(text: str) -> int | None:
    """The first line, from 1, that is shown in another order than it stands in; None where none is."""
    found = None if text.isascii() else _TURNING.search(text)
    return None if found is None else text.count("\n", 0, found.start()) + 1
