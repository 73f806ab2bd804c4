"""What a report tells: files with their evidence and decisions, and the words to tell them in. It never renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]
"""A decision record, decoded from its JSON; `docs/language/record.md` describes it."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One finding in one file.

    sentence   who says what, for people
    integrity  `ok`, `expired`, `broken`, `remote`, `unsigned` or `none`
    details    a few short texts by name, as the scanner gave them
    """

    sentence: str
    kind: str
    claim: str
    integrity: str
    tier: str
    source: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that the decision rests on, as a clause, and who stands behind it: `reviewer`, `evidence`, `uploader`."""

    by: str
    words: str


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """One file with everything that is told of it.

    story   one sentence about what happened to the file
    faults  what went wrong while it was scanned, in words
    """

    path: Path
    title: str
    story: str
    sha256: str
    evidence: tuple[EvidenceRow, ...]
    facts: tuple[Fact, ...]
    record: Record
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in three forms: in plain words, in its policy's prose (Markdown), and as the program.

    imposes  titles of the measures it imposes when it holds
    program  the condition and the measures, line by line, as name and text
    """

    ref: str
    policy: str
    title: str
    plain: str
    prose: str
    imposes: tuple[str, ...]
    program: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked when a signal is unknown."""

    signal: str
    text: str
    help: str


@dataclass(frozen=True, slots=True)
class MeasureText:
    """A measure's title and its clause, such as `it is removed`."""

    id: str
    title: str
    phrase: str


@dataclass(frozen=True, slots=True)
class LadderText:
    """A ladder's title and its steps, the weakest first; the first is what holds when no rule says anything."""

    id: str
    title: str
    steps: tuple[MeasureText, ...]


@dataclass(frozen=True, slots=True)
class MarketText:
    """A market class: its name in records, its title for people, and how many markets it holds."""

    name: str
    title: str
    size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a report is made from."""

    pack: str
    version: str
    bundle: str
    as_of: str
    files: tuple[ReportedFile, ...]
    rules: Mapping[str, RuleText]
    questions: Mapping[str, Question]
    measures: Mapping[str, MeasureText]
    ladders: tuple[LadderText, ...]
    markets: tuple[MarketText, ...]
