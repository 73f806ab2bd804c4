"""Findings as sentences for people. It says what was found and by whom, and never what follows from it."""

from __future__ import annotations

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier

_CLAIMS = {
    Claim.GENERATED: "AI generated it",
    Claim.ALTERED: "AI altered it",
    Claim.ASSISTED: "AI assisted in making it",
    Claim.AI_UNSPECIFIED: "AI was used on it",
    Claim.MAY_BE: "it may be AI-generated",
    Claim.CAPTURED: "a camera or microphone captured it",
    Claim.EDITED: "it was edited",
    Claim.ALGORITHMIC: "a program without training made it",
    Claim.HUMAN_MADE: "a person made it by digital means",
    Claim.UNCLEAR: "nothing clear about how it was made",
    Claim.NO_AI: "AI had no part in it",
    Claim.NONE: "nothing",
}
_SIGNATURES = {
    (Integrity.OK, Tier.TRUSTED): "Signed and intact, by a signer on the trust list",
    (Integrity.OK, Tier.OPERATOR): "Signed and intact, by a signer on the operator's own trust list",
    (Integrity.OK, Tier.INTERIM): "Signed and intact, by a signer on the interim trust list",
    (Integrity.OK, Tier.VALID): "Signed and intact, by a signer nobody vouches for",
    (Integrity.OK, Tier.UNVERIFIED): "Signed and intact, with a credential that cannot be relied on",
}
_WEAK_SIGNATURES = {
    Integrity.EXPIRED: "Signed with a credential that has expired and carries no trusted time",
    Integrity.BROKEN: "Signed, but changed since, so that the signature no longer speaks for it",
    Integrity.REMOTE: "Said to be signed at a remote address, which was not asked",
    Integrity.UNSIGNED: "Carries a signature that cannot be checked",
    Integrity.NONE: "No signed provenance",
}
_SPEAKERS = {
    Kind.KEYED_WATERMARK: "A watermark read with its key",
    Kind.DECLARATION: "An unsigned declaration in the file",
    Kind.GENERATOR_METADATA: "The metadata a generator left in the file",
    Kind.COPY: "A known item this is a copy of",
    Kind.VISIBLE_MARK: "A visible mark",
    Kind.DETECTOR: "A statistical detector",
    Kind.UPLOADER_DECLARATION: "The uploader",
}
_SCOPES = {
    "parent": " about an earlier version",
    "component": " about a part of it",
    "input": " about what it was made from",
}


def sentence_of(evidence: Evidence) -> str:
    """One sentence: who speaks, how far that can be relied on, what is said."""
    if evidence.kind is Kind.SIGNED_PROVENANCE:
        strong = _SIGNATURES.get((evidence.integrity, evidence.tier))
        speaker = strong or _WEAK_SIGNATURES.get(
            evidence.integrity, "Signed with a credential that cannot be relied on"
        )
        signer = evidence.details.get("signer")
        speaker += f" ({signer})" if signer else ""
    elif evidence.kind is Kind.KEYED_WATERMARK and evidence.integrity is Integrity.UNSIGNED:
        speaker = "A watermark that anybody can write"
    else:
        speaker = _SPEAKERS[evidence.kind]
    named = evidence.details.get("generator")
    program = f", naming {named}" if named and evidence.claim.is_ai else ""
    return f"{speaker}{_SCOPES.get(evidence.scope, '')} says: {_CLAIMS[evidence.claim]}{program}."
