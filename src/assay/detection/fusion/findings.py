"""One file's findings, in an order of their own and sorted by what each may count as. It draws no conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.detection.evidence import Claim, Evidence, Kind
from assay.detection.fusion.scores import Scores, weigh
from assay.detection.weighing.settings import Weighing
from assay.detection.weighing.standing import (
    Standing,
    extent_of,
    signed_captures,
    speaks_of_ai,
    standing_of,
    strength_of,
    with_standing,
)

GRADES = ("suspected", "declared", "confirmed")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found and what was looked for in vain, each piece once, the strongest first.

    captures  signatures of trusted cameras over the file itself
    scores    the detectors' answers, weighed together
    """

    pieces: tuple[Evidence, ...]
    conclusive: tuple[Evidence, ...]
    marks: tuple[Evidence, ...]
    uploader: tuple[Evidence, ...]
    suspicions: tuple[Evidence, ...]
    denials: tuple[Evidence, ...]
    captures: tuple[Evidence, ...]
    scores: Scores

    @property
    def grade(self) -> str | None:
        """How strongly anything says that AI had a part in it, whatever is said against it: one of GRADES."""
        if self.conclusive:
            return "confirmed"
        if self.marks or self.uploader:
            return "declared"
        return "suspected" if self.suspicions or self.scores.suspects else None

    @property
    def extent(self) -> str | None:
        """How far AI went by the strongest who says so, whatever is said against it."""
        said = (extent_of(each) for each in (self.conclusive, self.marks, self.uploader))
        return next((each for each in said if each is not None), None)

    @property
    def speaking(self) -> tuple[Evidence, ...]:
        """Every finding that counts and says that AI had a part in it."""
        scores = self.scores.speaking if self.scores.suspects else ()
        return (*self.conclusive, *self.marks, *self.uploader, *self.suspicions, *scores)


def findings_of(evidence: Sequence[Evidence], weighing: Weighing, surface: str | None = None) -> Findings:
    """The same findings for the same evidence, in whichever order it came and however often."""
    once = {each.identifier: each for each in evidence}
    pieces = tuple(each for _, each in sorted(once.items(), key=lambda pair: (strength_of(pair[1]), pair[0])))
    return Findings(
        pieces=pieces,
        conclusive=with_standing(pieces, Standing.EVIDENCE),
        marks=with_standing(pieces, Standing.MARK),
        uploader=with_standing(pieces, Standing.UPLOADER),
        suspicions=with_standing(pieces, Standing.SUSPICION),
        denials=tuple(each for each in pieces if _denies(each)),
        captures=signed_captures(pieces),
        scores=weigh([each for each in pieces if each.kind is Kind.DETECTOR], weighing, surface),
    )


def _denies(evidence: Evidence) -> bool:
    return evidence.claim is Claim.NO_AI and standing_of(evidence) is Standing.UPLOADER


def says_otherwise(evidence: Evidence) -> bool:
    """Whether a finding says of the whole file that something else than AI made it."""
    return evidence.scope == "asset" and evidence.claim in _OTHERWISE and not speaks_of_ai(evidence)


_OTHERWISE = frozenset({Claim.CAPTURED, Claim.HUMAN_MADE, Claim.ALGORITHMIC, Claim.NO_AI})
