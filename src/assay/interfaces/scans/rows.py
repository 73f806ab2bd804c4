"""A scan's result as one JSON object, and what a row of it says in short. It weighs as the engine does, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.interfaces.scans.given.entries import Entry

if TYPE_CHECKING:
    from assay.detection.result import ScanFault, ScanResult
    from assay.detection.weighing.settings import Weighing
    from assay.engine.decision.assertion import Assertion

_ENCODER = msgspec.json.Encoder()


class RowAssertion(msgspec.Struct, frozen=True):
    """What a file's scan asserts."""

    signal: str
    value: Any
    by: str


class RowFault(msgspec.Struct, frozen=True):
    """What went wrong with a file."""

    slug: str
    reason: str


class RowEvidence(msgspec.Struct, frozen=True):
    """One finding, in so far as it is counted."""

    kind: str
    claim: str
    integrity: str


class RowPiece(msgspec.Struct, frozen=True):
    """A finding in words."""

    says: str


class RowConflict(msgspec.Struct, frozen=True):
    """Findings that cannot all be true, in words."""

    words: str


class RowJudgement(msgspec.Struct, frozen=True):
    """What the findings amount to, in so far as a table shows it."""

    explanation: list[RowPiece]
    conflicts: list[RowConflict]


class ReadRow(msgspec.Struct, frozen=True):
    """What is read back of a row, to count it or to show it."""

    file: str
    integrity: str
    evidence: list[RowEvidence]
    assertions: list[RowAssertion]
    faults: list[RowFault]
    judgement: RowJudgement


_READER = msgspec.json.Decoder(ReadRow)


def read_row(line: bytes) -> ReadRow:
    """A row from its line; raises ValueError for a line that is none."""
    return _READER.decode(line)


def head_of(entry: Entry) -> bytes:
    """How a row begins: what the list says of the file, which is no part of what was found in it."""
    said = {"file": printable(entry.shown)} | ({"id": printable(entry.id)} if entry.id is not None else {})
    return _ENCODER.encode(said)[:-1] + b","


def body_of(result: ScanResult, weighing: Weighing, surface: str | None = None) -> bytes:
    """The rest of the row: what was found, whatever the file is called."""
    from assay.detection.fusion.written import judgement_as_json
    from assay.detection.judgement import assertions, judge

    judgement = judge(result.evidence, weighing, surface)
    said = {
        "sha256": result.sha256,
        "container": result.container,
        "modality": result.modality.value if result.modality is not None else None,
        "integrity": judgement.integrity.value,
        "evidence": [{"id": one.identifier, **one.as_mapping()} for one in result.evidence],
        "assertions": [_assertion(one) for one in assertions(result, weighing, surface)],
        "judgement": judgement_as_json(judgement),
        "faults": [_fault(one) for one in result.faults],
        "scanners": list(result.scanners),
    }
    return _ENCODER.encode(said)[1:]


def printable(text: str) -> str:
    """A stranger's text without what cannot be printed or written as UTF-8."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def _fault(fault: ScanFault) -> dict[str, str | None]:
    return {"slug": fault.slug, "reason": fault.words, "scanner": fault.scanner}


def _assertion(one: Assertion) -> dict[str, object]:
    value = sorted(one.value) if isinstance(one.value, frozenset) else one.value
    return {"signal": one.signal, "value": value, "by": one.by, "source": one.source, "evidence": list(one.evidence)}
