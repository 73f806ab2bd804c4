"""How much each finding can prove: conclusive, a mark, the uploader's word, a suspicion. It never reads a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier


class Standing(StrEnum):
    """Who or what speaks, in the words of the pack's precedence; `SUSPICION` is a mark that cannot be relied on."""

    EVIDENCE = "evidence"
    MARK = "mark"
    UPLOADER = "uploader"
    DETECTOR = "detector"
    SUSPICION = "suspicion"


# Scanners of ours whose word counts for more than their kind of evidence does; no other scanner may use their names.
COPIES, DETECTORS = "copies", "detectors"
RESERVED = frozenset({COPIES, DETECTORS})
_CONCLUSIVE_KINDS = frozenset({Kind.SIGNED_PROVENANCE, Kind.KEYED_WATERMARK})
_SCORES = frozenset({Kind.DETECTOR})
_TRACES = frozenset({Kind.VISIBLE_MARK, Kind.COPY})
_STRENGTHS = {
    each: place
    for place, each in enumerate(
        (Standing.EVIDENCE, Standing.MARK, Standing.UPLOADER, Standing.SUSPICION, Standing.DETECTOR)
    )
}
_KINDS = {kind: place for place, kind in enumerate(Kind)}
_EXTENTS = (Claim.ASSISTED, Claim.ALTERED, Claim.GENERATED)


def standing_of(evidence: Evidence) -> Standing:
    """What a finding may count as.

    Only a signature that is whole and whose signer the operator trusts is conclusive, and a watermark read with its
    key: anybody can sign with a certificate of their own, so an unknown signer's word is a mark like any other.
    """
    if evidence.kind is Kind.UPLOADER_DECLARATION:
        return Standing.UPLOADER
    if evidence.kind in _SCORES:
        return Standing.DETECTOR
    if is_same_item(evidence) and evidence.claim is not Claim.MAY_BE:
        return Standing.MARK
    whole = evidence.integrity not in (Integrity.BROKEN, Integrity.REMOTE)
    if not whole or evidence.claim is Claim.MAY_BE or evidence.kind in _TRACES or "conflict" in evidence.details:
        return Standing.SUSPICION
    conclusive = evidence.kind in _CONCLUSIVE_KINDS and evidence.integrity is Integrity.OK and evidence.tier.is_trusted
    return Standing.EVIDENCE if conclusive else Standing.MARK


def is_same_item(evidence: Evidence) -> bool:
    """Whether the file is, byte for byte, an item of a bank that the operator keeps; a near copy may differ."""
    return is_of_operators_bank(evidence) and evidence.details.get("exact") == "yes"


def is_of_operators_bank(evidence: Evidence) -> bool:
    """Whether a bank speaks that the operator keeps, and no other scanner that knows copies of something."""
    return evidence.kind is Kind.COPY and evidence.tier is Tier.OPERATOR and speaker_of(evidence) == COPIES


def speaker_of(evidence: Evidence) -> str:
    """The name of the scanner that speaks."""
    return evidence.source.partition(":")[0]


def speaks_of_ai(evidence: Evidence) -> bool:
    """Whether a finding says of this very content that AI had a part in it; what a generator was fed does not."""
    return evidence.claim.is_ai and evidence.scope != "input"


def with_standing(evidence: Iterable[Evidence], standing: Standing) -> tuple[Evidence, ...]:
    """The findings of one standing that speak of AI, those that go furthest first."""
    chosen = [each for each in evidence if speaks_of_ai(each) and standing_of(each) is standing]
    return tuple(sorted(chosen, key=lambda each: -_rank(each)))


def extent_of(evidence: Sequence[Evidence]) -> str | None:
    """The furthest extent among findings, or None where they leave it open."""
    rank = max((_rank(each) for each in evidence), default=-1)
    return _EXTENTS[rank].value if rank >= 0 else None


def _rank(evidence: Evidence) -> int:
    claim = evidence.claim
    if evidence.scope == "component" and claim is Claim.GENERATED:
        # A generated part pasted into a picture does not make the rest of it generated.
        claim = Claim.ALTERED
    return _EXTENTS.index(claim) if claim in _EXTENTS else -1


def strength_of(evidence: Evidence) -> tuple[int, int]:
    """A key by which the strongest finding comes first."""
    return _STRENGTHS[standing_of(evidence)], _KINDS[evidence.kind]


def signed_captures(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The signatures of trusted cameras that stand over the file itself, with nothing between."""
    if any(each.claim.is_ai and each.scope == "input" for each in evidence):
        # What a generator was fed with is not under a camera's own signature: whoever signed made more of it.
        return ()
    return tuple(
        each
        for each in evidence
        if each.kind is Kind.SIGNED_PROVENANCE
        and each.claim is Claim.CAPTURED
        and each.scope == "asset"
        and standing_of(each) is Standing.EVIDENCE
        and "ancestors" not in each.details
    )
