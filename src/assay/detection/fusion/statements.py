"""What each speaker asserts of `ai_extent` and `synthetic_status`, and what is left of it. It knows no pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.detection.evidence import Evidence
from assay.detection.fusion.conflicts import against_conclusive
from assay.detection.fusion.findings import Findings
from assay.detection.weighing.standing import extent_of, strength_of
from assay.engine.decision.assertion import Assertion
from assay.engine.kernel.values import Value

# The starter pack's order for these signals: a pack with an order of its own decides from the same assertions.
SPEAKERS = ("evidence", "mark", "uploader", "detector")


def statements_of(findings: Findings) -> list[Assertion]:
    """Each speaker for itself, the strongest first.

    Conclusive findings that are contradicted decide nothing: both sides then speak as `evidence`, so that neither
    prevails and the record names them; where only one side has a value for a signal, nobody has one.
    """
    if against_conclusive(findings) or (findings.captures and findings.speaking):
        return [*_in_dispute(findings), *_score(findings)]
    made = _both("evidence", findings.conclusive, "confirmed") + _capture(findings)
    made += _both("mark", findings.marks, "declared")
    if findings.suspicions and not findings.marks and not findings.uploader:
        # A trace suspects. Beside a declaration it adds nothing, and must not take the declaration's place.
        made.append(assertion("synthetic_status", "suspected", "mark", findings.suspicions))
    made += _both("uploader", findings.uploader, "declared")
    if findings.denials:
        made.append(assertion("ai_extent", "none", "uploader", findings.denials))
    if findings.scores.suspects:
        # A score alone suspects and never says how far AI went.
        made.append(assertion("synthetic_status", "suspected", "detector", findings.scores.speaking))
    return [*made, *_score(findings)]


def resolved(statements: Iterable[Assertion], signal: str) -> Value | None:
    """The value that stands: the strongest speaker's, and none where equals differ."""
    said = [each for each in statements if each.signal == signal]
    for speaker in SPEAKERS:
        values = {each.value for each in said if each.by == speaker}
        if values:
            return values.pop() if len(values) == 1 else None
    return None


def _in_dispute(findings: Findings) -> list[Assertion]:
    if not findings.captures:
        return []
    speaking = findings.speaking
    made = _capture(findings)
    grade, extent = findings.grade, findings.extent
    status = [assertion("synthetic_status", grade, "evidence", speaking)] if grade is not None else []
    if extent is None or not any(each.signal == "ai_extent" for each in made):
        return [*(each for each in made if each.signal != "ai_extent"), *status]
    return [*made, *status, assertion("ai_extent", extent, "evidence", speaking)]


def _both(by: str, evidence: Sequence[Evidence], status: str) -> list[Assertion]:
    if not evidence:
        return []
    extent = extent_of(evidence)
    made = [assertion("ai_extent", extent, by, evidence)] if extent else []
    return [*made, assertion("synthetic_status", status, by, evidence)]


def _capture(findings: Findings) -> list[Assertion]:
    captures = findings.captures
    if not captures:
        return []
    made = [assertion("synthetic_status", "authentic", "evidence", captures)]
    # A phone that computes its pictures may have polished them, so only a plain capture says that AI had no part.
    if all(each.details.get("source_type") == "digitalCapture" for each in captures):
        made.append(assertion("ai_extent", "none", "evidence", captures))
    return made


def _score(findings: Findings) -> list[Assertion]:
    """The share of uploads with such scores that are AI's, which is what a calibrated score is."""
    scores = findings.scores
    counted = [each.evidence for each in scores.counted]
    if scores.posterior is None:
        return []
    return [assertion("detector.score", round(scores.posterior, 6), "detector", counted)]


def assertion(signal: str, value: Value, by: str, evidence: Sequence[Evidence]) -> Assertion:
    """An assertion that names its evidence, the strongest first."""
    strongest = sorted(evidence, key=strength_of)
    return Assertion(signal, value, by, strongest[0].source, evidence=tuple(each.identifier for each in strongest))
