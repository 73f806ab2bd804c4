"""What whoever calibrates may choose, and what is chosen otherwise. It loads nothing, so that a command may name it."""

from __future__ import annotations

from enum import StrEnum

# The share of verdicts on one kind of item that may be wrong, where nobody says otherwise.
ALPHA = 0.05


class Method(StrEnum):
    """How a curve is fitted."""

    ISOTONIC = "isotonic"
    LOGISTIC = "logistic"
