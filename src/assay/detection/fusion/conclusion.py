"""How the findings were put together, in sentences, the conclusion first. It concludes nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.detection.fusion.china import ChinaTier
from assay.detection.fusion.conflicts import Conflict
from assay.detection.fusion.findings import Findings
from assay.detection.fusion.scores import Group, Scores, times_of

NOTHING = "Nothing was found that says how it was made, which proves nothing."
UNCOUNTED = "Nothing that counts says whether AI had a part in it."
DENIED = "The uploader says that AI had no part in it; nothing else that counts speaks of that."
SUSPECTED = "It is suspected, and no more than that, that AI had a part in it."
AUTHENTIC = (
    "A trusted signer says that a camera or microphone captured it, and nothing that counts speaks against that."
)
DISPUTE = "It is in dispute whether AI had a part in it, so that this stays unknown."
_EXTENTS = {"generated": "AI generated it", "altered": "AI altered it", "assisted": "AI assisted in making it"}
_TIERS = {
    ChinaTier.IS: "says that it is AI-generated (属于), since a label in the file or something conclusive states it",
    ChinaTier.MAY_BE: "says that it may be AI-generated (可能), since its uploader declares it or a label says so",
    ChinaTier.SUSPECTED: "says that it is suspected to be AI-generated (疑似), since there are traces and no more",
}


def sentences_of(
    findings: Findings, conflicts: Sequence[Conflict], extent: str | None, status: str | None, tier: ChinaTier | None
) -> tuple[str, ...]:
    """The conclusion, what decided, each conflict with both sides, the scores' sum, China's tier, what is absent.

    extent, status  as they stand after everything was weighed, None where unknown
    """
    return tuple(_sentences(findings, conflicts, extent, status, tier))


def _sentences(
    findings: Findings, conflicts: Sequence[Conflict], extent: str | None, status: str | None, tier: ChinaTier | None
) -> Iterator[str]:
    yield _conclusion(findings, conflicts, extent, status)
    why = _why(findings, status)
    if why:
        yield why
    for each in conflicts:
        yield f"{each.words}{_meaning(each)}"
    yield from _scores(findings.scores)
    if tier is not None:
        yield f"Under Article 6 of China's labelling measures the notice {_TIERS[tier]}."
    absent = sum(not each.found for each in findings.pieces)
    if absent:
        looked = "One reader" if absent == 1 else f"{absent} readers"
        yield f"{looked} looked and found nothing of what they look for, which changes nothing."


def _conclusion(findings: Findings, conflicts: Sequence[Conflict], extent: str | None, status: str | None) -> str:
    if status == "confirmed":
        return f"It is confirmed that {_part(extent, conflicts)}."
    if status == "declared":
        speaker = "It is declared, and not proved, that" if findings.marks else "The uploader declares that"
        return f"{speaker} {_part(extent, conflicts)}."
    if status == "suspected":
        return SUSPECTED
    if status == "authentic":
        return AUTHENTIC
    if any("synthetic_status" in each.signals for each in conflicts):
        return DISPUTE
    if extent == "none":
        return DENIED
    return UNCOUNTED if any(each.found for each in findings.pieces) else NOTHING


def _part(extent: str | None, conflicts: Sequence[Conflict]) -> str:
    if extent in _EXTENTS:
        return _EXTENTS[extent]
    disputed = extent == "none" or any("ai_extent" in each.signals for each in conflicts)
    return f"AI had a part in it; how large a part is {'in dispute' if disputed else 'not known'}"


def _why(findings: Findings, status: str | None) -> str:
    if status == "confirmed":
        return "What is conclusive decides before everything else."
    if status == "declared" and findings.marks:
        return (
            "Nothing conclusive is known, and what a file declares comes before its uploader's word and before scores."
        )
    if status == "declared":
        return "No declaration in the file counts, so that the uploader's word stands."
    if status == "suspected" and findings.suspicions:
        return "Marks that cannot be relied on are a reason to look, however many there are."
    if status == "suspected":
        return "Only scores speak for it, and scores never do more than suspect."
    return ""


def _meaning(conflict: Conflict) -> str:
    if conflict.signals == ("ai_extent",):
        return " How large AI's part is stays unknown."
    if conflict.signals:
        return " Neither side prevails: whether AI had a part in it, and how large, stays unknown."
    return _PREVAILS.get(conflict.name, "")


_PREVAILS = {
    "uploader-denies": " A denial alone takes nothing away.",
    "declarations-differ": (
        " Anybody can write such statements: a mark of AI stands beside them, and marks that contradict each other in "
        "one and the same field only suspect."
    ),
    "labels-differ": " Which of them holds is left open.",
    "copies-differ": " A copy that is only near is a reason to look, and no more.",
    "detectors-differ": " Both are weighed below.",
}


def _scores(scores: Scores) -> Iterator[str]:
    if scores.posterior is None:
        return
    for group in scores.groups:
        if len(group.detectors) > 1:
            yield _together(group)
    total = scores.log10_lr
    if total == 0:
        yield "Together the scores speak neither for nor against AI."
        return
    times = times_of(total)
    this, that = ("by AI", "other content") if total > 0 else ("without AI", "content by AI")
    place = "on this surface" if scores.surface is not None else "on this platform"
    yield (
        f"Together such scores are {times} times as likely for content {this} as for {that}. Of 100 uploads {place} "
        f"{_share(scores.prior)} are taken to be AI's; if so, of 100 with such scores {_share(scores.posterior)} are. "
        f"A score suspects from {_share(scores.threshold)}, so that these suspect"
        f"{'' if scores.suspects else ' nothing'}; no score does more."
    )


def _together(group: Group) -> str:
    names = ", ".join(group.detectors)
    if group.fitted == len(group.detectors):
        how = "a model fitted on the operator's own labels weighs them as one"
    elif group.fitted:
        how = "a fitted model weighs those it knows, and of the rest the strongest counts"
    else:
        how = "they look at the same things, so that the strongest for and the strongest against AI count, once"
    return f"Detectors of the group {group.name} ({names}): {how}."


def _share(share: float) -> str:
    # No sample supports that all are, which is what rounding would make of it.
    return f"{100 * share:.3g}" if share <= 0.999 else "more than 99.9"
