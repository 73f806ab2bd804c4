"""The shapes of an order for a scan and of its answer, for OpenAPI. They hold no file."""

from __future__ import annotations

from typing import Annotated

import msgspec

Digest = Annotated[str, msgspec.Meta(pattern="^sha256:[0-9a-f]{64}$")]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=1_024)]


class ScanOrder(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A file below the service's folder of media, to be scanned where it lies."""

    digest: Digest
    reference: Reference
    declared: dict[str, str | bool] | None = None


class ScannedEvidence(msgspec.Struct, frozen=True):
    """What one scanner found, and what it proves."""

    id: str
    kind: str
    claim: str
    integrity: str
    tier: str
    source: str
    details: dict[str, str]


class ScannedAssertion(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody asserts by a finding, as a decision takes it."""

    signal: str
    value: bool | float | str | list[str]
    by: str
    source: str
    confidence: float | None = None
    at: str | None = None
    evidence: list[str] = []


class ScannedFault(msgspec.Struct, frozen=True, omit_defaults=True):
    """What kept a scanner from the end of the file."""

    slug: str
    reason: str
    scanner: str | None = None


class ScannerName(msgspec.Struct, frozen=True):
    """A scanner that read the file to its end."""

    name: str
    version: str


class JudgedConflict(msgspec.Struct, frozen=True):
    """Findings that cannot all be right: both sides by their ids, and the signals that stay unknown for it."""

    name: str
    words: str
    unknown: list[str]
    sides: list[list[str]]


class JudgedGroup(msgspec.Struct, frozen=True):
    """Detectors that look at the same thing, weighed as one; `fitted` of them by a model."""

    group: str
    log10_lr: float
    detectors: list[str]
    fitted: int


class JudgedScores(msgspec.Struct, frozen=True):
    """All calibrated scores together; `posterior` is null where none counts."""

    prior: float
    suspects_at: float
    surface: str | None
    posterior: float | None
    log10_lr: float
    suspects: bool
    groups: list[JudgedGroup]


class JudgedFinding(msgspec.Struct, frozen=True):
    """One finding: what it says, as what it counts, what it can show and what it cannot."""

    id: str
    kind: str
    source: str
    says: str
    counts: str
    weight: str
    can_show: str
    cannot_show: str


class Judged(msgspec.Struct, frozen=True):
    """What the findings amount to together, null where unknown, and how they were put together."""

    ai_extent: str | None
    synthetic_status: str | None
    provenance: str | None
    integrity: str
    at_least: str | None
    china: str | None
    conflicts: list[JudgedConflict]
    scores: JudgedScores | None
    sentences: list[str]
    explanation: list[JudgedFinding]


class ScanAnswer(msgspec.Struct, frozen=True):
    """A file's evidence."""

    digest: str | None
    bytes: int
    container: str | None
    modality: str | None
    integrity: str
    judgement: Judged
    evidence: list[ScannedEvidence]
    assertions: list[ScannedAssertion]
    faults: list[ScannedFault]
    scanners: list[ScannerName]
    deep: bool


EXAMPLE_ORDER = {
    "digest": "sha256:65b6027b33471b7fbade03a45322222f5d950fe388b10c1ec4674adbb35c49ed",
    "reference": "2026/12/upload-8241.png",
    "declared": {"ai_extent": "none", "where": "toggle"},
}
_EVIDENCE = {
    "kind": "declaration",
    "claim": "generated",
    "integrity": "unsigned",
    "tier": "unverified",
    "source": "metadata:png-text",
    "details": {"gb_label": "is", "produce_id": "P-1"},
}
_EVIDENCE_ID = "sha256:774093233ec49bd90dbf746fb7b1cbcf80165cab05759e67b6b8d31a2bd9a8bf"
EXAMPLE_ANSWER = {
    "digest": EXAMPLE_ORDER["digest"],
    "bytes": 189,
    "container": "png",
    "modality": "image",
    "integrity": "unsigned",
    "judgement": {
        "ai_extent": "generated",
        "synthetic_status": "declared",
        "provenance": "declared",
        "integrity": "unsigned",
        "at_least": "declared",
        "china": "is",
        "conflicts": [],
        "scores": None,
        "sentences": ["It is declared, and not proved, that AI generated it."],
        "explanation": [
            {
                "id": _EVIDENCE_ID,
                "kind": "declaration",
                "source": "metadata:png-text",
                "says": "China's label in the file, which nobody signed, says: it is AI-generated.",
                "counts": "declaration",
                "weight": "It is a declaration: it counts until something conclusive is known.",
                "can_show": "It can show what somebody wrote into the file.",
                "cannot_show": "It cannot show who wrote it or whether it is true, since anybody can write it.",
            }
        ],
    },
    "evidence": [{"id": _EVIDENCE_ID, **_EVIDENCE}],
    "assertions": [
        {
            "signal": "ai_extent",
            "value": "generated",
            "by": "mark",
            "source": "metadata:png-text",
            "evidence": [_EVIDENCE_ID],
        }
    ],
    "faults": [],
    "scanners": [{"name": "metadata", "version": "2"}],
    "deep": False,
}
