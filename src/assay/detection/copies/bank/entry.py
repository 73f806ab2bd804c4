"""What goes into a bank, what comes out of it, and what became of what was given. It keeps and searches nothing."""

from __future__ import annotations

from dataclasses import dataclass

from assay.detection.copies.kinds import HashKind
from assay.detection.evidence import Claim, Tier
from assay.engine.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class Entry:
    """One known hash as somebody gives it.

    quality  0 to 100 as it was measured with the hash, or None where nobody said
    labels   short words of the operator's or the exchange's own
    note     a text for people
    source   who gave it: an exchange, a file, a person's name
    """

    value: str
    quality: int | None = None
    labels: tuple[str, ...] = ()
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry as the bank holds it; `id` is given once and never again, `added_at` is ISO 8601 in UTC."""

    id: int
    value: str
    quality: int | None
    labels: tuple[str, ...]
    note: str
    source: str
    added_at: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of entries that were given; what is counted here is on the disk.

    duplicates  values that the bank had already; labels that are new went to the entry that stands
    merged      of the duplicates, those that brought a new label
    refused     entries with a fault
    faults      the first of the faults, each with the entry's place among those given, from 0
    stopped     why nothing more was taken in, where the disk was full or the bank could not be written
    """

    added: int
    duplicates: int
    merged: int
    refused: int
    faults: tuple[tuple[int, Fault], ...]
    stopped: Fault | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One entry that is near enough to something that was searched for.

    measure    what `distance` and `threshold` count: `distance` in differing bits (for `tlsh` in its own points),
               less being nearer; `agreement`, the share of a film's frames, or `similarity`, from 0 to 1, more being
               nearer
    place      what of the searched item matched, as its fingerprint says
    quality    of the fingerprint that was searched for
    claim      what the bank says a match means; `unclear` where the quality was too low to say it
    """

    bank: str
    entry: int
    kind: HashKind
    measure: str
    distance: float
    threshold: float
    place: str
    quality: int | None
    words: str
    claim: Claim
    tier: Tier
    labels: tuple[str, ...]
    note: str
    source: str
