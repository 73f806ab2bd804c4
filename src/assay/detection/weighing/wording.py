"""Findings as sentences for people. It says what was found and by whom, and never what follows from it."""

from __future__ import annotations

import math
import re

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
    Kind.COPY: "A bank of known items",
    Kind.VISIBLE_MARK: "A visible mark",
    Kind.DETECTOR: "A statistical detector",
    Kind.UPLOADER_DECLARATION: "The uploader",
}
_SCOPES = {
    "parent": " about an earlier version",
    "component": " about a part of it",
    "input": " about what it was made from",
}
_LABELS = {
    "is": "it is AI-generated",
    "may_be": "it may be AI-generated",
    "suspected": "it is suspected to be AI-generated",
}
# Python reads more as a number, such as `nan` and `1_000`, and a detail may hold anything.
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)


def sentence_of(evidence: Evidence) -> str:
    """One sentence: who speaks, how far that can be relied on, what is said."""
    if evidence.kind is Kind.DETECTOR:
        return _score(evidence)
    if evidence.kind is Kind.COPY:
        return _copy(evidence)
    if evidence.kind is Kind.SIGNED_PROVENANCE:
        speaker = _signature(evidence)
    elif evidence.kind is Kind.KEYED_WATERMARK and evidence.integrity is Integrity.UNSIGNED:
        speaker = "A watermark that anybody can write"
    elif evidence.kind is Kind.DECLARATION and evidence.details.get("gb_label") in _LABELS:
        return f"China's label in the file, which nobody signed, says: {_LABELS[evidence.details['gb_label']]}."
    else:
        speaker = _SPEAKERS[evidence.kind]
    return f"{speaker}{_SCOPES.get(evidence.scope, '')} says: {_claim(evidence)}."


def number_of(text: str) -> float | None:
    """A plain decimal number, or None where the text is anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _signature(evidence: Evidence) -> str:
    strong = _SIGNATURES.get((evidence.integrity, evidence.tier))
    speaker = strong or _WEAK_SIGNATURES.get(evidence.integrity, "Signed with a credential that cannot be relied on")
    signer = evidence.details.get("signer")
    return speaker + (f" ({signer})" if signer else "")


def _claim(evidence: Evidence) -> str:
    named = evidence.details.get("generator")
    return _CLAIMS[evidence.claim] + (f", naming {named}" if named and evidence.claim.is_ai else "")


def _copy(evidence: Evidence) -> str:
    """What a bank says is said of the item that it knows, which is this one only where the bytes are the same."""
    bank, means = evidence.details.get("bank"), evidence.details.get("means")
    same = evidence.details.get("exact") == "yes"
    has = f"{_SPEAKERS[Kind.COPY]}{f' ({bank})' if bank else ''} has {'the same item' if same else 'an item like it'}"
    if evidence.claim is Claim.UNCLEAR and means:
        return f"{has}: {means.removesuffix('.')}."
    return f"{has}, and says of {'it' if same else 'that item'}: {_claim(evidence)}."


def _score(evidence: Evidence) -> str:
    name = evidence.source.partition(":")[2]
    score = number_of(evidence.details.get("score", ""))
    gave = f"gave {score:.4g}" if score is not None else "gave no score that can be read"
    return f"A statistical detector{f' ({name})' if name else ''} {gave}."
