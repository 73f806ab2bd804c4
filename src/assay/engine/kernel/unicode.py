"""Text that UTF-8 can hold, and text that it cannot. It never changes what an item says."""

from __future__ import annotations


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
