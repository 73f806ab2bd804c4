"""What one file's findings amount to, as values. It weighs nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

from assay.detection.evidence import Integrity
from assay.detection.fusion.china import ChinaTier
from assay.detection.fusion.conflicts import Conflict
from assay.detection.fusion.limits import Piece
from assay.detection.fusion.scores import Scores


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the findings amount to when they are weighed against each other; None where nothing is known.

    integrity  of what the file carries: the signature where there is one, `unsigned` for a bare declaration
    grade      how strongly anything says that AI had a part in it, whatever speaks against it: `suspected`, `declared`
               or `confirmed`. Further findings for AI never lower it
    china      the tier of the Chinese labelling measures, by their own article
    conflicts  what contradicts what; signals that it leaves unknown are None here
    sentences  how it was put together, the conclusion first
    pieces     every finding: what it says, how far it counts, what it can show and what it cannot
    reasons    one sentence for each finding, strongest first
    """

    ai_extent: str | None
    provenance: str | None
    synthetic_status: str | None
    integrity: Integrity
    grade: str | None
    china: ChinaTier | None
    conflicts: tuple[Conflict, ...]
    scores: Scores
    sentences: tuple[str, ...]
    pieces: tuple[Piece, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(each.says for each in self.pieces)
