"""Which tier of the Chinese labelling measures a file's findings reach, by its Article 6. It writes no label."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from assay.detection.evidence import Evidence
from assay.detection.fusion.conflicts import label_of
from assay.detection.fusion.findings import Findings


class ChinaTier(StrEnum):
    """The three tiers, weakest first: suspected (疑似), may be (可能), is (属于)."""

    SUSPECTED = "suspected"
    MAY_BE = "may_be"
    IS = "is"


# What the label of GB 45438 is called by its number.
LABELS = {"1": ChinaTier.IS, "2": ChinaTier.MAY_BE, "3": ChinaTier.SUSPECTED}
_ORDER = tuple(ChinaTier)
_DISCLOSED = ("toggle", "caption")


def tier_of(findings: Findings) -> ChinaTier | None:
    """The highest tier that any finding reaches by itself, or None where nothing speaks of AI.

    Whatever speaks against it lowers nothing: the measures ask for a notice where such findings are there, and who
    thinks that they are wrong can object to it. A score is a trace, and reaches the lowest tier alone.
    """
    return max(_reached(findings), key=_ORDER.index, default=None)


def labels_named(evidence: Evidence) -> frozenset[str]:
    """Every label that a finding speaks of: its own, and those it was found to disagree with."""
    own = label_of(evidence)
    if own is None:
        return frozenset()
    beside = evidence.details.get("conflict", "").split(",")
    return frozenset({own, *(LABELS[each].value for each in beside if each in LABELS)})


def _reached(findings: Findings) -> Iterator[ChinaTier]:
    if findings.conclusive:
        yield ChinaTier.IS
    for each in findings.pieces:
        labels = labels_named(each)
        if labels:
            # Labels that contradict each other state nothing clearly: they are traces.
            yield ChinaTier(*labels) if len(labels) == 1 else ChinaTier.SUSPECTED
    for each in findings.uploader:
        yield ChinaTier.MAY_BE if each.details.get("where") in _DISCLOSED else ChinaTier.SUSPECTED
    if findings.grade is not None:
        yield ChinaTier.SUSPECTED
