"""Evidence to values: what a file's findings amount to, and the assertions they make. It never decides what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.detection.evidence import Claim, Evidence, Integrity, Kind
from assay.detection.result import ScanResult
from assay.detection.weighing.standing import Standing, extent_of, is_signed_capture, standing_of, with_standing
from assay.detection.weighing.wording import sentence_of
from assay.engine.decision.assertion import Assertion
from assay.engine.kernel.values import Value

_UNSIGNED_KINDS = frozenset({Kind.DECLARATION, Kind.GENERATOR_METADATA})
_PROVENANCE = {Integrity.EXPIRED: "expired", Integrity.BROKEN: "broken", Integrity.REMOTE: "remote"}
_MAXIMUM_GENERATOR = 200


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the findings amount to when they are weighed against each other; None where nothing is known.

    integrity  of what the file carries: the signature where there is one, `unsigned` for a bare declaration
    reasons    one sentence for each finding that counted, strongest first
    """

    ai_extent: str | None
    provenance: str | None
    synthetic_status: str | None
    integrity: Integrity
    reasons: tuple[str, ...]


def judge(evidence: Sequence[Evidence]) -> Judgement:
    """Weighs the findings: what is conclusive, then marks, then the uploader's word. Absence weighs nothing."""
    extent = status = None
    for statement in _statements(evidence):
        if statement.signal == "ai_extent" and extent is None:
            extent = str(statement.value)
        if statement.signal == "synthetic_status" and status is None:
            status = str(statement.value)
    provenance = _provenance(evidence)
    value = str(provenance.value) if provenance else None
    found = sorted((each for each in evidence if each.found), key=_strength)
    return Judgement(extent, value, status, _integrity(evidence), tuple(sentence_of(each) for each in found))


def assertions(result: ScanResult) -> tuple[Assertion, ...]:
    """What one file's scan asserts, each speaker for itself: the pack's precedence decides between them."""
    made = list(_statements(result.evidence))
    provenance = _provenance(result.evidence)
    if provenance is not None:
        made.append(provenance)
    made += _labels(result.evidence)
    made += _disclosure(result.evidence)
    made += _generator(result.evidence)
    if result.modality is not None:
        made.append(Assertion("modality", result.modality.value, "platform", "media"))
    return tuple(made)


def _statements(evidence: Sequence[Evidence]) -> list[Assertion]:
    """`ai_extent` and `synthetic_status`, by the strongest speaker first."""
    conclusive = with_standing(evidence, Standing.EVIDENCE)
    made = _both("evidence", conclusive, "confirmed")
    if is_signed_capture(evidence):
        made += _capture(evidence)
    marks = with_standing(evidence, Standing.MARK)
    made += _both("mark", marks, "declared")
    suspicions = with_standing(evidence, Standing.SUSPICION)
    if suspicions and not marks:
        made.append(_assertion("synthetic_status", "suspected", "mark", suspicions))
    made += _both("uploader", with_standing(evidence, Standing.UPLOADER), "declared")
    denials = [each for each in evidence if each.claim is Claim.NO_AI and standing_of(each) is Standing.UPLOADER]
    if denials:
        made.append(_assertion("ai_extent", "none", "uploader", denials))
    scores = with_standing(evidence, Standing.DETECTOR)
    if scores:
        # A score alone suspects and never says how far AI went.
        made.append(_assertion("synthetic_status", "suspected", "detector", scores))
    return made


def _both(by: str, evidence: Sequence[Evidence], status: str) -> list[Assertion]:
    if not evidence:
        return []
    extent = extent_of(evidence)
    made = [_assertion("ai_extent", extent, by, evidence)] if extent else []
    return [*made, _assertion("synthetic_status", status, by, evidence)]


def _capture(evidence: Sequence[Evidence]) -> list[Assertion]:
    captures = [each for each in evidence if each.claim is Claim.CAPTURED and standing_of(each) is Standing.EVIDENCE]
    made = [_assertion("synthetic_status", "authentic", "evidence", captures)]
    # A phone that computes its pictures may have polished them, so only a plain capture says that AI had no part.
    if all(each.details.get("source_type") == "digitalCapture" for each in captures):
        made.append(_assertion("ai_extent", "none", "evidence", captures))
    return made


def _provenance(evidence: Sequence[Evidence]) -> Assertion | None:
    signed = [each for each in evidence if each.kind is Kind.SIGNED_PROVENANCE and each.scope == "asset" and each.found]
    unsigned = [each for each in evidence if each.kind in _UNSIGNED_KINDS and each.found and not _is_malformed(each)]
    if signed and signed[0].integrity is not Integrity.UNSIGNED:
        top = signed[0]
        value = _PROVENANCE.get(top.integrity) or ("signed_trusted" if top.tier.is_trusted else "signed")
        return _assertion("provenance", value, "evidence", signed[:1])
    if signed or unsigned:
        return _assertion("provenance", "declared", "mark", [*signed, *unsigned])
    looked = [each for each in evidence if not each.found and each.details.get("read") == "whole"]
    if {Kind.SIGNED_PROVENANCE, Kind.DECLARATION} <= {each.kind for each in looked}:
        return _assertion("provenance", "none", "platform", looked)
    return None


def _is_malformed(evidence: Evidence) -> bool:
    return evidence.details.get("gb_label") == "malformed"


def _integrity(evidence: Sequence[Evidence]) -> Integrity:
    signed = [each for each in evidence if each.kind is Kind.SIGNED_PROVENANCE and each.scope == "asset" and each.found]
    if signed:
        return signed[0].integrity
    unsigned = any(each.kind in _UNSIGNED_KINDS and each.found and not _is_malformed(each) for each in evidence)
    return Integrity.UNSIGNED if unsigned else Integrity.NONE


def _labels(evidence: Sequence[Evidence]) -> list[Assertion]:
    """Every different label is asserted: where two disagree, the signal stays unknown and the conflict is named."""
    by_value: dict[str, list[Evidence]] = {}
    for each in evidence:
        value = each.details.get("gb_label")
        if value is not None and value != "malformed":
            by_value.setdefault(value, []).append(each)
    return [
        _assertion("gb_label", value, "platform" if value == "none" else "mark", found)
        for value, found in by_value.items()
    ]


def _disclosure(evidence: Sequence[Evidence]) -> list[Assertion]:
    said = [each for each in evidence if each.kind is Kind.UPLOADER_DECLARATION]
    return [_assertion("creator_disclosed", each.details.get("where", "none"), "uploader", [each]) for each in said[:1]]


def _generator(evidence: Sequence[Evidence]) -> list[Assertion]:
    """The program behind the content, for each speaker who names one beside a statement of AI."""
    made = []
    for standing in (Standing.EVIDENCE, Standing.MARK, Standing.UPLOADER):
        naming = [each for each in with_standing(evidence, standing) if each.details.get("generator")]
        if naming:
            name = naming[0].details["generator"][:_MAXIMUM_GENERATOR]
            made.append(_assertion("generator", name, standing.value, naming[:1]))
    return made


def _assertion(signal: str, value: Value, by: str, evidence: Sequence[Evidence]) -> Assertion:
    strongest = sorted(evidence, key=_strength)
    return Assertion(signal, value, by, strongest[0].source, evidence=tuple(each.identifier for each in strongest))


def _strength(evidence: Evidence) -> tuple[int, int]:
    order = (Standing.EVIDENCE, Standing.MARK, Standing.UPLOADER, Standing.SUSPICION, Standing.DETECTOR)
    return order.index(standing_of(evidence)), list(Kind).index(evidence.kind)
