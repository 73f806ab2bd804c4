"""What each finding can show and what it cannot, in words for a reviewer. It weighs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.detection.evidence import Claim, Evidence, Integrity, Kind
from assay.detection.fusion.conflicts import against_conclusive
from assay.detection.fusion.findings import Findings, says_otherwise
from assay.detection.fusion.scores import Score, times_of
from assay.detection.weighing.standing import Standing, is_same_item, speaks_of_ai, standing_of, strength_of
from assay.detection.weighing.wording import sentence_of

Counts = Literal["conclusive", "declaration", "uploader", "suspicion", "score", "nothing"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One finding, explained.

    says     who speaks and what is said
    counts   as what it counts, `nothing` where it speaks of something else or cannot be used
    weight   how far it can be relied on, and why
    shows    what it can show, `cannot` what it cannot
    """

    identifier: str
    kind: Kind
    source: str
    says: str
    counts: Counts
    weight: str
    shows: str
    cannot: str


_COUNTS: dict[Standing, Counts] = {
    Standing.EVIDENCE: "conclusive",
    Standing.MARK: "declaration",
    Standing.UPLOADER: "uploader",
    Standing.SUSPICION: "suspicion",
    Standing.DETECTOR: "score",
}
_WEIGHTS: dict[Counts, str] = {
    "conclusive": "It is conclusive, unless something as conclusive contradicts it.",
    "declaration": "It is a declaration: it counts until something conclusive is known.",
    "uploader": "It is the uploader's word: it counts where nothing in the file does.",
    "suspicion": "It is a reason to look, and suspects at the most.",
    "nothing": "It says nothing of AI's part in this content, so that it counts for nothing here.",
}
_OTHERWISE = (
    "It says that something else than AI made it, which does not prove that AI had no part in it: it counts for "
    "nothing here."
)
_SIGNED = {
    Integrity.EXPIRED: (
        "It can show what was signed with a credential that has ended since.",
        "It cannot show that the credential still held at the time, since no trusted time says so.",
    ),
    Integrity.BROKEN: (
        "It can show that the file was changed after it was signed, and what was said of it before.",
        "It cannot show who changed it, why, or whether what was said still holds.",
    ),
    Integrity.REMOTE: (
        "It can show the address at which credentials are said to be.",
        "It cannot show what they say, since nobody asked there.",
    ),
}
_TEXTS: dict[Kind, tuple[str, str]] = {
    Kind.KEYED_WATERMARK: (
        "It can show that a program wrote the mark.",
        "It cannot show how much of the content that program made.",
    ),
    Kind.DECLARATION: (
        "It can show what somebody wrote into the file.",
        "It cannot show who wrote it or whether it is true, since anybody can write it.",
    ),
    Kind.GENERATOR_METADATA: (
        "It can show the records that a generator leaves in its files.",
        "It cannot show that the generator left them here, since records can be copied into any file.",
    ),
    Kind.COPY: (
        "It can show that the file is like an item that is known.",
        "It cannot show what was changed between the two, or whether the bank is right about its item.",
    ),
    Kind.VISIBLE_MARK: (
        "It can show that viewers see or hear a notice.",
        "It cannot show that the notice is true or who put it there, since anybody can.",
    ),
    Kind.UPLOADER_DECLARATION: (
        "It can show what the uploader says.",
        "It cannot show that it is so: people err about it, and some have reasons not to say it.",
    ),
}
_SCOPES = {
    "parent": " It speaks of an earlier version.",
    "component": " It speaks of a part, and the rest may be something else.",
    "input": " It speaks of what a program was fed with, and not of what that program made.",
}


def pieces_of(findings: Findings) -> tuple[Piece, ...]:
    """An entry for every finding, the strongest first; that somebody looked and found nothing is no finding."""
    answers = {each.evidence.identifier: each for each in findings.scores.answers}
    found = [(each, answers.get(each.identifier)) for each in findings.pieces if each.found]
    # Sorting keeps the order of the others: only scores, which are all of one strength, are put in theirs.
    found.sort(key=lambda pair: (strength_of(pair[0]), _rank(pair[1])))
    return tuple(_piece(each, answer, findings) for each, answer in found)


def _rank(answer: Score | None) -> tuple[bool, float]:
    return (False, 0.0) if answer is None else (answer.state != "counts", -answer.log10_lr)


def _piece(evidence: Evidence, answer: Score | None, findings: Findings) -> Piece:
    counts = counts_of(evidence, answer, findings)
    weight = _weight_of_score(answer) if answer is not None else _weight(evidence, counts)
    shows, cannot = _shows(evidence, counts)
    scope = _SCOPES.get(evidence.scope, "")
    return Piece(
        evidence.identifier,
        evidence.kind,
        evidence.source,
        sentence_of(evidence),
        counts,
        weight,
        shows,
        cannot + scope,
    )


def counts_of(evidence: Evidence, answer: Score | None, findings: Findings) -> Counts:
    """As what a finding counts."""
    if answer is not None:
        return "score" if answer.state == "counts" else "nothing"
    if evidence in findings.captures or evidence in against_conclusive(findings):
        return "conclusive"
    is_word = evidence.claim is Claim.NO_AI and standing_of(evidence) is Standing.UPLOADER
    return _COUNTS[standing_of(evidence)] if speaks_of_ai(evidence) or is_word else "nothing"


def _weight(evidence: Evidence, counts: Counts) -> str:
    if counts == "suspicion" and "conflict" in evidence.details:
        return "It is contradicted by another of its own sort, so that it suspects at the most."
    weight = _WEIGHTS[counts]
    if counts == "declaration" and is_same_item(evidence):
        weight = "It is what the operator's own bank says of this very item: it counts like a declaration."
    if counts == "nothing" and evidence.claim.is_ai:
        weight = "It speaks of something else than this content, so that it counts for nothing here."
    elif counts == "nothing" and says_otherwise(evidence):
        weight = _OTHERWISE
    means = evidence.details.get("means") if evidence.kind is Kind.COPY else None
    return f"{weight} The bank says what a match means: {means.rstrip('.')}." if means else weight


def _weight_of_score(answer: Score) -> str:
    if answer.state != "counts":
        return f"It counts for nothing: {answer.reason}."
    times = times_of(answer.log10_lr)
    this, that = ("by AI", "other content") if answer.log10_lr > 0 else ("without AI", "content by AI")
    most = times_of(answer.cap)
    return (
        f"On this platform's own labels such a score is {times} times as likely for content {this} as for {that}; "
        f"at most {most} times can be claimed."
    )


def _shows(evidence: Evidence, counts: Counts) -> tuple[str, str]:
    if evidence.kind is Kind.SIGNED_PROVENANCE:
        return _shows_signed(evidence, counts)
    if evidence.kind is Kind.DETECTOR:
        if counts == "nothing":
            return "It can show nothing by itself.", "It cannot show that AI had a part in it, or that it had none."
        return (
            "It can show how much such content looks like what the detector was trained on.",
            "It cannot show who or what made it, or how much of it, and it errs.",
        )
    if evidence.kind is Kind.KEYED_WATERMARK and counts == "conclusive":
        return "It can show that a program with the operator's secret key wrote the mark.", _TEXTS[evidence.kind][1]
    if evidence.kind is Kind.KEYED_WATERMARK:
        return _TEXTS[evidence.kind][0], "It cannot show which program, since anybody can write the mark, or how much."
    if evidence.kind is Kind.COPY:
        return _shows_copy(evidence)
    return _TEXTS[evidence.kind]


def _shows_signed(evidence: Evidence, counts: Counts) -> tuple[str, str]:
    if evidence.integrity in _SIGNED:
        return _SIGNED[evidence.integrity]
    if evidence.integrity is not Integrity.OK:
        return "It can show that somebody added a signature.", "It cannot show whose, or that anything holds of it."
    if not evidence.tier.is_trusted:
        return (
            "It can show that nothing was changed since somebody signed it.",
            "It cannot show who that was, since anybody can make a credential of their own.",
        )
    if counts == "conclusive" and evidence.claim is Claim.CAPTURED:
        return (
            "It can show who says that it was captured, and that nothing was changed since.",
            "It cannot show that what was before the camera or microphone was real.",
        )
    return (
        "It can show who says so, and that nothing was changed since.",
        "It cannot show that the signer is right, or what the content means.",
    )


def _shows_copy(evidence: Evidence) -> tuple[str, str]:
    if evidence.details.get("exact") == "yes":
        return (
            "It can show that the file is byte for byte an item of the bank.",
            "It cannot show whether the bank is right about its item.",
        )
    shows, cannot = _TEXTS[Kind.COPY]
    near = evidence.details.get("near")
    return (f"{shows.rstrip('.')}: {near}." if near else shows), cannot
