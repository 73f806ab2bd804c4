"""One record of an exchanged file: a hash that can be kept, or a record that cannot, and why. It keeps none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from assay.detection.copies.kinds import HashKind
from assay.engine.kernel.errors import Fault

MOST_LABELS = 50
LONGEST_LABEL = 200
LONGEST_NOTE = 2_000
# As much of a record that cannot be kept as is written into the file of rejects.
LONGEST_RAW = 20_000


@dataclass(frozen=True, slots=True)
class Given:
    """One hash as it was given.

    number     of the line, or of the record in a JSON document, from 1
    withdrawn  whether the giver takes it back: whoever has it deletes it
    """

    number: int
    kind: HashKind
    value: str
    quality: int | None = None
    labels: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    added_at: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be kept.

    of_type  the type of hash that it names, where it names one
    raw      the record itself, cut to a bound, so that it can be given to somebody who can use it
    """

    number: int
    fault: Fault
    of_type: str = ""
    raw: str = ""


Read: TypeAlias = Given | Reject


def one_line(text: str, most: int) -> str:
    """A stranger's text without what could forge a line in a list or a log, cut to a bound."""
    cut = text[:most]
    return (cut if cut.isprintable() else "".join(each if each.isprintable() else " " for each in cut)).strip()
