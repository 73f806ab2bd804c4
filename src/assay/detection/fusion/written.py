"""A judgement as plain JSON values, for every command and page alike. It adds nothing to it."""

from __future__ import annotations

from assay.detection.fusion.conflicts import Conflict
from assay.detection.fusion.judged import Judgement
from assay.detection.fusion.limits import Piece
from assay.detection.fusion.scores import Scores


def judgement_as_json(judgement: Judgement) -> dict[str, object]:
    """Keys are stable; what is unknown is null. `explanation` has one entry for each finding, the strongest first."""
    return {
        "ai_extent": judgement.ai_extent,
        "synthetic_status": judgement.synthetic_status,
        "provenance": judgement.provenance,
        "integrity": judgement.integrity.value,
        "at_least": judgement.grade,
        "china": judgement.china.value if judgement.china is not None else None,
        "conflicts": [_conflict(each) for each in judgement.conflicts],
        "scores": _scores(judgement.scores),
        "sentences": list(judgement.sentences),
        "explanation": [_piece(each) for each in judgement.pieces],
    }


def _conflict(conflict: Conflict) -> dict[str, object]:
    return {
        "name": conflict.name,
        "words": conflict.words,
        "unknown": list(conflict.signals),
        "sides": [list(side) for side in conflict.sides],
    }


def _scores(scores: Scores) -> dict[str, object] | None:
    if not scores.answers:
        return None
    return {
        "prior": _number(scores.prior),
        "suspects_at": _number(scores.threshold),
        "surface": scores.surface,
        "posterior": _number(scores.posterior),
        "log10_lr": _number(scores.log10_lr),
        "suspects": scores.suspects,
        "groups": [
            {
                "group": each.name,
                "log10_lr": _number(each.log10_lr),
                "detectors": list(each.detectors),
                "fitted": each.fitted,
            }
            for each in scores.groups
        ],
    }


def _number(value: float | None) -> float | None:
    # Six digits are the same on every machine, and more than any calibration supports.
    return None if value is None else float(f"{value:.6g}")


def _piece(piece: Piece) -> dict[str, str]:
    return {
        "id": piece.identifier,
        "kind": piece.kind.value,
        "source": piece.source,
        "says": piece.says,
        "counts": piece.counts,
        "weight": piece.weight,
        "can_show": piece.shows,
        "cannot_show": piece.cannot,
    }
