"""What comparing new scores with old ones may come to. It compares nothing."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outlook(StrEnum):
    """What to do about a calibration. `STEADY` says that nothing was seen with enough items to see it."""

    RECALIBRATE = "recalibrate"
    CANNOT_TELL = "cannot tell"
    STEADY = "steady"


def worst_of(found: Iterable[Outlook]) -> Outlook:
    """The one that asks for most; of nothing, nothing can be told."""
    return min(found, key=list(Outlook).index, default=Outlook.CANNOT_TELL)
