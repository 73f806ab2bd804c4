"""How what is remembered is forgotten where there is too much of it. It never says what is worth remembering."""

from __future__ import annotations

from itertools import islice
from typing import Any


def forget_half(memo: dict[Any, Any]) -> None:
    """Forget the older half, so that what came last need not be worked out again at once."""
    for key in list(islice(memo, len(memo) // 2)):
        # Another thread may have forgotten it already.
        memo.pop(key, None)
