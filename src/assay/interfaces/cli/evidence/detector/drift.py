"""`assay detector drift`: whether a calibration still holds for newer scores. It changes no calibration."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.evidence.detector.named import (
    calibration_of,
    detector_at,
    end_with,
    refuse_another_model,
    scores_of,
)
from assay.interfaces.cli.terminal import Waiting, print_table, print_title, printable, wrapped

if TYPE_CHECKING:
    from assay.detection.calibration.calibration import Calibration
    from assay.detection.calibration.drift.labelled import CostShift
    from assay.detection.calibration.drift.outlook import Outlook
    from assay.detection.calibration.drift.unlabelled import ScoreShift


def drift(
    target: Annotated[str, typer.Argument(metavar="NAME|FOLDER", help="The detector by name, or its own folder.")],
    scores: Annotated[Path, typer.Option(help="Newer scores, CSV or Parquet, with labels or without.")],
    detectors: Annotated[
        Path | None, typer.Option(help="The folder of detectors, where the detector is named.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say whether a calibration still holds for newer scores. Ends with 1 where it should be made anew."""
    from assay.detection.calibration.drift.compare import compare_with
    from assay.detection.calibration.drift.outlook import Outlook

    detector = detector_at(target, detectors)
    calibration = calibration_of(detector)
    read = scores_of(scores, labelled=False)
    refuse_another_model(read, detector, scores)
    with Waiting("comparing", None) as waiting:
        waiting.reached(0)
        found = compare_with(calibration, read)
    if isinstance(found, list):
        end_with(str(scores), found)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        print_title(wrapped(_verdict(found.outlook, labelled=bool(found.costs))))
        _print_scores(calibration, found.scores)
        _print_costs(found.costs)
        if found.unlabelled:
            print(f"\n{found.unlabelled:,} rows have no label and count only in the first table")
    raise typer.Exit(1 if found.outlook is Outlook.RECALIBRATE else 0)


def _verdict(outlook: Outlook, *, labelled: bool) -> str:
    from assay.detection.calibration.drift.outlook import Outlook

    if outlook is Outlook.RECALIBRATE:
        return "Recalibrate: newer items are not what this calibration was made on."
    if outlook is Outlook.CANNOT_TELL:
        return "Cannot tell: there are too few newer items to see a change that would matter."
    if labelled:
        return "Steady: nothing was seen that would call for a new calibration."
    return "Steady: the scores lie as they did. Whether they still mean the same, only labels can tell."


def _print_scores(calibration: Calibration, found: Sequence[ScoreShift]) -> None:
    from assay.detection.calibration.worded import percent

    print_title(f"\nWhere scores lie, against {calibration.origin.made_on}")
    rows = [
        (
            printable(one.bucket) or "all",
            f"{one.items:,}",
            " to ".join(percent(share) for share in (one.share_of_ai.low, one.share_of_ai.high)),
            str(one.psi),
            f"{one.distance:.3f}",
            "< 0.005" if one.probability < 0.005 else f"{one.probability:.3f}",
            one.outlook.value,
        )
        for one in found
    ]
    print_table(("bucket", "items", "share of AI that fits best", "PSI", "KS", "by chance", "so"), rows)


def _print_costs(found: Sequence[CostShift]) -> None:
    from assay.detection.calibration.worded import percent

    if not found:
        return
    print_title("\nWhat likelihood ratios cost, by labels")
    rows = [
        (
            printable(one.bucket) or "all",
            f"{one.ai:,}",
            f"{one.other:,}",
            f"{one.then:.3f}",
            str(one.now),
            f"{one.change.value:+.3f} ({one.change.low:+.3f} to {one.change.high:+.3f})",
            f"{one.least:.3f}",
            one.outlook.value,
        )
        for one in found
    ]
    print_table(("bucket", "AI", "others", "Cllr then", "now", "change", "detector's own", "so"), rows)
    for one in found:
        for kept in one.kept:
            whom = "not made by AI accused" if kept.verdict.value == "for" else "made by AI cleared"
            words = f"{printable(one.bucket) or 'all'}: of {kept.items:,} items {whom}: {percent(kept.seen.value)}"
            interval = (
                f"({percent(kept.seen.low)} to {percent(kept.seen.high)}), promised at most {percent(kept.promised)}"
            )
            print(wrapped(f"{words} {interval}{': the promise is broken' if kept.broken else ''}", "", "  "))
