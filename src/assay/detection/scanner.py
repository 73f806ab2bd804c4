"""What a scanner is: its card, its scan, its own examples, and the check that it does what it says. It runs none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from assay.detection.evidence import Claim, Evidence, Integrity, Kind
from assay.detection.inspection import Section
from assay.detection.media import Media


class ScanFailed(Exception):
    """A scanner could not finish a file: a slug, words for a person, and what it had found until then."""

    def __init__(self, slug: str, words: str, evidence: Sequence[Evidence] = ()) -> None:
        super().__init__(f"{slug}: {words}")
        self.slug, self.words, self.evidence = slug, words, tuple(evidence)


class UnusableTrust(ValueError):
    """The folder of trust anchors cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator sets for scanners.

    trust          a folder of PEM lists of trust anchors, or None: then no signer counts as trusted
    allowed_hosts  hosts that may be asked for a manifest which a file only names; nothing is fetched where empty
    weights        a folder of weights and keys, with a folder in it for each scanner that needs some; nothing is
                   ever downloaded
    banks          a folder of banks of known items, or None: then nothing is known as a copy
    detectors      a folder of configured detectors with their calibrations, or None: then none is asked
    """

    trust: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    weights: Path | None = None
    banks: Path | None = None
    detectors: Path | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured rate with its 95 % interval, and the data it was measured on."""

    what: str
    hits: int
    trials: int
    low: float
    high: float
    data: str
    on: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a scanner claims, how well it was measured, and on what terms it may be used.

    decodes_pixels  whether it decodes the picture or the sound itself; such a scanner runs in deep scans only, since
                    it takes as long as hundreds of others
    """

    name: str
    version: str
    licence: str
    claims: str
    limits: str
    kinds: tuple[Kind, ...]
    containers: tuple[str, ...]
    milliseconds_per_file: float
    decodes_pixels: bool
    measured: tuple[Measured, ...]

    @classmethod
    def load(cls, path: Path) -> Card:
        """Reads a `card.toml`; a key that is missing or unknown raises ValueError, since a card is our own code."""
        with path.open("rb") as stream:
            raw = tomllib.load(stream)
        try:
            measured = tuple(Measured(**row) for row in raw.pop("measured"))
            kinds = tuple(Kind(name) for name in raw.pop("kinds"))
            return cls(kinds=kinds, containers=tuple(raw.pop("containers")), measured=measured, **raw)
        except (KeyError, TypeError) as error:
            raise ValueError(f"card `{path.parent.name}`: {error}") from error


@dataclass(frozen=True, slots=True)
class Expected:
    """The part of a finding that an example fixes."""

    kind: Kind
    claim: Claim
    integrity: Integrity


@dataclass(frozen=True, slots=True)
class Example:
    """A tiny upload, free of anybody's rights, with all that a scanner must find in it and the fault it must report."""

    name: str
    content: bytes = field(repr=False)
    expected: tuple[Expected, ...] = ()
    declaration: Mapping[str, object] | None = None
    fault: str | None = None


class Scanner(Protocol):
    """Reads one file and says what it found. It holds no state that one file could leave for the next."""

    @property
    def name(self) -> str: ...

    @property
    def card(self) -> Card: ...

    def scan(self, media: Media) -> list[Evidence]:
        """What the file holds; raises ScanFailed where it cannot be read to its end."""
        ...

    def examples(self) -> Sequence[Example]:
        """The scanner's own examples, at least one that is found and one near miss that is not."""
        ...


@runtime_checkable
class Inspecting(Scanner, Protocol):
    """A scanner that can also show a reviewer what it saw; not every scanner needs to."""

    def inspect(self, media: Media) -> tuple[Section, ...]:
        """What the file holds, in sections; raises ScanFailed where it cannot be read to its end."""
        ...


class State(StrEnum):
    """Whether an installed scanner can work here."""

    READY = "ready"
    NO_PACKAGE = "no package"
    NO_WEIGHTS = "no weights"
    NO_BANKS = "no banks"
    NO_DETECTORS = "no detectors"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a scanner can work, and if not, why, with the next step for the operator."""

    state: State
    words: str = ""
    next_step: str = ""


READY = Readiness(State.READY)


@runtime_checkable
class Conditional(Scanner, Protocol):
    """A scanner that needs more than itself: a package, weights or keys. Where they are missing it is skipped."""

    def readiness(self) -> Readiness: ...


@runtime_checkable
class Requested(Scanner, Protocol):
    """A scanner that the operator's own settings ask for: it runs in ordinary scans, even if it decodes pixels."""

    def is_requested(self) -> bool: ...


@runtime_checkable
class Furnished(Scanner, Protocol):
    """A scanner that finds what an operator has put into folders: its examples bring their own with them."""

    def furnished(self) -> AbstractContextManager[Scanner]: ...


def readiness_of(scanner: Scanner) -> Readiness:
    """Whether a scanner can work; one that sets no condition always can."""
    return scanner.readiness() if isinstance(scanner, Conditional) else READY


def verify(scanner: Scanner) -> list[str]:
    """Runs a scanner over its own examples; every sentence returned says where it does not keep its word."""
    readiness = readiness_of(scanner)
    if readiness.state is not State.READY:
        return [f"{scanner.name}: it cannot be tried: {readiness.words}"]
    if isinstance(scanner, Furnished):
        with scanner.furnished() as own:
            return _tried(own)
    return _tried(scanner)


def _tried(scanner: Scanner) -> list[str]:
    faults: list[str] = []
    for example in scanner.examples():
        media = Media.from_bytes(example.content, name=example.name, declaration=example.declaration)
        slug = None
        try:
            evidence: Sequence[Evidence] = scanner.scan(media)
        except ScanFailed as failed:
            slug, evidence = failed.slug, failed.evidence
        if slug != example.fault:
            faults.append(f"{scanner.name}: {example.name}: expected fault {example.fault}, saw {slug}")
        seen = {Expected(each.kind, each.claim, each.integrity) for each in evidence if each.found}
        place = f"{scanner.name}: {example.name}"
        wanted = set(example.expected)
        faults += [f"{place}: expected {_words(each)}, which is missing" for each in sorted(wanted - seen, key=str)]
        faults += [f"{place}: found {_words(each)}, which is not expected" for each in sorted(seen - wanted, key=str)]
        strange = {each.kind for each in evidence} - set(scanner.card.kinds)
        faults += [f"{place}: emits {kind}, which its card does not name" for kind in sorted(strange)]
    return faults


def _words(expected: Expected) -> str:
    return f"{expected.kind} {expected.claim} {expected.integrity}"
