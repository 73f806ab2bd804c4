"""One setting of a frozen dataclass, with the words that its documentation is held to. It reads no file."""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any


def setting(words: str, default: Any = MISSING, *, unit: str | None = None, secret: bool = False) -> Any:
    """A field of a settings dataclass; without a default it must be set.

    words   what it does, one sentence, as `docs/operate/settings.md` has it
    unit    of a number: `seconds`, `bytes`, `items`
    secret  whether its value may never be shown or logged
    """
    return field(default=default, repr=not secret, metadata={"words": words, "unit": unit, "secret": secret})
