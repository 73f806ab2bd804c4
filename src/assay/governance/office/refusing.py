"""That a command found faults, for ways in that answer all refusals in one place. It answers nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import is_faults

T = TypeVar("T")


class Refused(Exception):
    """A command found faults: they are answered together."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(fault.slug for fault in faults))


def done(made: T | list[Fault]) -> T:
    """What a command made; raises Refused where it found faults."""
    if isinstance(made, list) and is_faults(made):
        raise Refused(made)
    return made  # type: ignore[return-value]  # a list that is no list of faults is what was made
