"""What a scanner is: its card, its scan, its own examples, and the check that it does what it says. It runs none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from assay.detection.evidence import Claim, Evidence, Integrity, Kind
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
    """What an operator sets for scanners. `trust` is a folder of PEM lists of trust anchors."""

    trust: Path | None = None


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
    """What a scanner claims, how well it was measured, and on what terms it may be used."""

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


def verify(scanner: Scanner) -> list[str]:
    """Runs a scanner over its own examples; every sentence returned says where it does not keep its word."""
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
