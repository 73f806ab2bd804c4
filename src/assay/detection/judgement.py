"""Evidence to values: what a file's findings amount to, and the assertions they make. It never decides what to do."""

from __future__ import annotations

from collections.abc import Sequence

from assay.detection.evidence import Evidence, Integrity, Kind, Tier
from assay.detection.fusion.china import labels_named, tier_of
from assay.detection.fusion.conclusion import sentences_of
from assay.detection.fusion.conflicts import conflicts_of
from assay.detection.fusion.findings import Findings, findings_of
from assay.detection.fusion.judged import Judgement
from assay.detection.fusion.limits import pieces_of
from assay.detection.fusion.statements import assertion, resolved, statements_of
from assay.detection.result import ScanResult
from assay.detection.weighing.settings import DEFAULT, Weighing
from assay.detection.weighing.standing import Standing, is_of_operators_bank, is_same_item, with_standing
from assay.engine.decision.assertion import Assertion

__all__ = ["Judgement", "assertions", "judge"]

_UNSIGNED_KINDS = frozenset({Kind.DECLARATION, Kind.GENERATOR_METADATA})
_PROVENANCE = {Integrity.EXPIRED: "expired", Integrity.BROKEN: "broken", Integrity.REMOTE: "remote"}
_MAXIMUM_GENERATOR = 200
# What a bank may say of its items is anything but how content was made, which its claim says, and what files carry.
_ASSERTS = "asserts:"
_NOT_BY_BANKS = frozenset(
    {
        "ai_extent", "synthetic_status", "provenance", "gb_label", "generator", "creator_disclosed", "modality",
        "detector.score",
    }
)  # fmt: skip


def judge(evidence: Sequence[Evidence], weighing: Weighing = DEFAULT, surface: str | None = None) -> Judgement:
    """Weighs the findings: what is conclusive, then marks, then the uploader's word. Absence weighs nothing.

    weighing  how the operator has scores weighed
    surface   where on the platform it appears, by its name in the pack's vocabulary, if that is known
    """
    findings = findings_of(evidence, weighing, surface)
    statements = statements_of(findings)
    extent, status = resolved(statements, "ai_extent"), resolved(statements, "synthetic_status")
    said = None if extent is None else str(extent), None if status is None else str(status)
    provenance = _provenance(findings)
    conflicts, china = conflicts_of(findings), tier_of(findings)
    return Judgement(
        ai_extent=said[0],
        provenance=str(provenance.value) if provenance else None,
        synthetic_status=said[1],
        integrity=_integrity(findings),
        grade=findings.grade,
        china=china,
        conflicts=conflicts,
        scores=findings.scores,
        sentences=sentences_of(findings, conflicts, *said, china),
        pieces=pieces_of(findings),
    )


def assertions(result: ScanResult, weighing: Weighing = DEFAULT, surface: str | None = None) -> tuple[Assertion, ...]:
    """What one file's scan asserts, each speaker for itself: the pack's precedence decides between them."""
    findings = findings_of(result.evidence, weighing, surface)
    made = statements_of(findings)
    provenance = _provenance(findings)
    if provenance is not None:
        made.append(provenance)
    made += _labels(findings.pieces)
    made += _disclosure(findings.pieces)
    made += _generator(findings.pieces)
    made += _known(findings.pieces)
    if result.modality is not None:
        made.append(Assertion("modality", result.modality.value, "platform", "media"))
    return tuple(made)


def _provenance(findings: Findings) -> Assertion | None:
    signed, unsigned = _signed(findings), _unsigned(findings)
    if signed and signed[0].integrity is not Integrity.UNSIGNED:
        top = signed[0]
        value = _PROVENANCE.get(top.integrity) or ("signed_trusted" if top.tier.is_trusted else "signed")
        return assertion("provenance", value, "evidence", signed[:1])
    if signed or unsigned:
        return assertion("provenance", "declared", "mark", [*signed, *unsigned])
    looked = [each for each in findings.pieces if not each.found and each.details.get("read") == "whole"]
    if {Kind.SIGNED_PROVENANCE, Kind.DECLARATION} <= {each.kind for each in looked}:
        return assertion("provenance", "none", "platform", looked)
    return None


def _signed(findings: Findings) -> list[Evidence]:
    """The signatures over the file itself. Of several, which no sound file has, the one that proves least is first."""
    signed = [each for each in findings.pieces if each.kind is Kind.SIGNED_PROVENANCE and each.scope == "asset"]
    order, tiers = (Integrity.BROKEN, Integrity.REMOTE, Integrity.EXPIRED, Integrity.OK), list(Tier)
    return sorted(
        (each for each in signed if each.found),
        key=lambda each: (order.index(each.integrity) if each.integrity in order else 4, -tiers.index(each.tier)),
    )


def _unsigned(findings: Findings) -> list[Evidence]:
    found = [each for each in findings.pieces if each.kind in _UNSIGNED_KINDS and each.found]
    return [each for each in found if each.details.get("gb_label") != "malformed"]


def _integrity(findings: Findings) -> Integrity:
    signed = _signed(findings)
    if signed:
        return signed[0].integrity
    return Integrity.UNSIGNED if _unsigned(findings) else Integrity.NONE


def _labels(pieces: Sequence[Evidence]) -> list[Assertion]:
    """Every different label is asserted: where two disagree, the signal stays unknown and the conflict is named."""
    by_value: dict[str, list[Evidence]] = {}
    for each in pieces:
        for value in sorted(labels_named(each)):
            by_value.setdefault(value, []).append(each)
    if by_value:
        return [assertion("gb_label", value, "mark", found) for value, found in by_value.items()]
    labels = [each for each in pieces if each.kind is Kind.DECLARATION and "gb_label" in each.details]
    if labels and all(each.details["gb_label"] == "none" for each in labels):
        return [assertion("gb_label", "none", "platform", labels)]
    return []


def _disclosure(pieces: Sequence[Evidence]) -> list[Assertion]:
    """Where the uploader disclosed AI; whoever denies it has not, whatever place the denial names."""
    by_value: dict[str, list[Evidence]] = {}
    for each in pieces:
        if each.kind is Kind.UPLOADER_DECLARATION and each.found:
            where = each.details.get("where", "none") if each.claim.is_ai else "none"
            by_value.setdefault(where, []).append(each)
    return [assertion("creator_disclosed", value, "uploader", said) for value, said in by_value.items()]


def _generator(pieces: Sequence[Evidence]) -> list[Assertion]:
    """The program behind the content, for each speaker who names one beside a statement of AI."""
    made = []
    for standing in (Standing.EVIDENCE, Standing.MARK, Standing.UPLOADER):
        naming = [each for each in with_standing(pieces, standing) if each.details.get("generator")]
        if naming:
            name = naming[0].details["generator"][:_MAXIMUM_GENERATOR]
            made.append(assertion("generator", name, standing.value, naming[:1]))
    return made


def _known(pieces: Sequence[Evidence]) -> list[Assertion]:
    """What the operator's banks say of their items: it holds for the same item, and is a mark on a like one."""
    made = []
    for each in pieces:
        if not is_of_operators_bank(each):
            continue
        by = Standing.EVIDENCE if is_same_item(each) else Standing.MARK
        for key, value in each.details.items():
            signal = key.removeprefix(_ASSERTS)
            if signal != key and signal not in _NOT_BY_BANKS:
                made.append(assertion(signal, value, by.value, [each]))
    return made
