"""Where findings contradict each other: each conflict by its name, with both sides. It decides none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assay.detection.evidence import Evidence, Kind
from assay.detection.fusion.findings import Findings, says_otherwise
from assay.detection.weighing.standing import Standing, speaks_of_ai, standing_of
from assay.detection.weighing.wording import sentence_of

Name = Literal[
    "conclusive-findings",
    "capture-and-ai",
    "declarations-differ",
    "labels-differ",
    "uploader-denies",
    "uploader-contradicts-itself",
    "copies-differ",
    "detectors-differ",
]
MAXIMUM_NAMED = 3
_LABELS = ("is", "may_be", "suspected")
_BOTH = ("ai_extent", "synthetic_status")
_OPENINGS: dict[Name, str] = {
    "conclusive-findings": "Findings that are each conclusive contradict each other",
    "capture-and-ai": "A trusted camera's own signature is contradicted",
    "declarations-differ": "Statements about the file contradict each other",
    "labels-differ": "China's labels in the file contradict each other",
    "uploader-denies": "The uploader denies what other findings say",
    "uploader-contradicts-itself": "The uploader says both",
    "copies-differ": "The banks of known items contradict each other",
    "detectors-differ": "Detectors contradict each other",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Findings that cannot all be right.

    signals  those that stay unknown for it; none where one side prevails, or where neither side is believed further
             than as a suspicion
    sides    identifiers of the findings on each side; where the sides cannot be told apart, one side holds them all
    """

    name: Name
    words: str
    signals: tuple[str, ...]
    sides: tuple[tuple[str, ...], ...]


def conflicts_of(findings: Findings) -> tuple[Conflict, ...]:
    """Every conflict, in the order of Name; each name at most once."""
    return tuple(_conflicts(findings))


def against_conclusive(findings: Findings) -> tuple[Evidence, ...]:
    """Conclusive statements that something else than AI made the whole file, where others as conclusive say AI did."""
    whole = any(each.scope == "asset" for each in findings.conclusive)
    if findings.conclusive and findings.captures:
        return findings.captures
    others = [each for each in findings.pieces if says_otherwise(each) and standing_of(each) is Standing.EVIDENCE]
    captured = [each for each in others if each.claim.value != "captured"]
    return tuple(captured) if whole else ()


def _conflicts(findings: Findings) -> Iterator[Conflict]:
    against, told = against_conclusive(findings), findings.captures
    if against:
        yield _conflict("conclusive-findings", findings.conclusive, against, _BOTH)
        told = ()
    elif findings.captures and findings.speaking:
        yield _conflict("capture-and-ai", findings.speaking, findings.captures, _BOTH)
    yield from _declarations(findings, {each.identifier for each in told})
    yield from _labels(findings)
    others = tuple(each for each in findings.speaking if standing_of(each) is not Standing.UPLOADER)
    if findings.denials and others:
        yield _conflict("uploader-denies", others, findings.denials)
    if findings.denials and findings.uploader:
        yield _conflict("uploader-contradicts-itself", findings.uploader, findings.denials, ("ai_extent",))
    yield from _copies(findings)
    scores = findings.scores
    if scores.speaking and scores.against:
        yield _conflict("detectors-differ", scores.speaking, scores.against)


def _declarations(findings: Findings, told: set[str]) -> Iterator[Conflict]:
    """Statements anybody can write that disagree, or a trusted signer's about one side and a stranger's about another.

    told  identifiers of what another conflict already names as one of its sides
    """
    flagged = tuple(each for each in findings.pieces if _is_flagged(each))
    speaking = tuple(each for each in (*findings.marks, *flagged) if speaks_of_ai(each))
    otherwise = tuple(
        each
        for each in findings.pieces
        if says_otherwise(each)
        and each.kind is not Kind.COPY
        and standing_of(each) in (Standing.EVIDENCE, Standing.MARK)
        and each.identifier not in told
    )
    rest = tuple(each for each in flagged if not speaks_of_ai(each))
    if any(speaks_of_ai(each) for each in flagged) or (speaking and otherwise):
        yield _conflict("declarations-differ", speaking, tuple(dict.fromkeys((*otherwise, *rest))))


def _is_flagged(evidence: Evidence) -> bool:
    return "conflict" in evidence.details and "gb_label" not in evidence.details


def _labels(findings: Findings) -> Iterator[Conflict]:
    labels = tuple(each for each in findings.pieces if label_of(each))
    differ = len({label_of(each) for each in labels}) > 1 or any("conflict" in each.details for each in labels)
    if differ:
        yield _conflict("labels-differ", labels, ())


def label_of(evidence: Evidence) -> str | None:
    """What China's label in the file says, or None where the finding is none of it or it cannot be read."""
    value = evidence.details.get("gb_label") if evidence.kind is Kind.DECLARATION else None
    return value if value in _LABELS else None


def _copies(findings: Findings) -> Iterator[Conflict]:
    copies = [each for each in findings.pieces if each.kind is Kind.COPY]
    speaking = tuple(each for each in copies if speaks_of_ai(each))
    otherwise = tuple(each for each in copies if says_otherwise(each))
    if speaking and otherwise:
        yield _conflict("copies-differ", speaking, otherwise)


def _conflict(
    name: Name, speaking: Sequence[Evidence], otherwise: Sequence[Evidence], signals: tuple[str, ...] = ()
) -> Conflict:
    sides = tuple(tuple(each.identifier for each in side) for side in (speaking, otherwise) if side)
    words = f"{_OPENINGS[name]}: {_named(speaking)}"
    if otherwise:
        words += f" Against that stands: {_named(otherwise)}"
    return Conflict(name, words, signals, sides)


def _named(side: Sequence[Evidence]) -> str:
    sentences = list(dict.fromkeys(map(sentence_of, side)))
    more = len(sentences) - MAXIMUM_NAMED
    return " ".join(sentences[:MAXIMUM_NAMED]) + (f" And {more} more." if more > 0 else "")
