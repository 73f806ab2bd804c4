"""`assay detector combine`: how several calibrated detectors of one group count together. It asks none of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.evidence.detector.named import (
    SCORES,
    calibration_of,
    day_of,
    detector_named,
    end_with,
    refuse_another_model,
    scores_of,
    written_to,
)
from assay.interfaces.cli.terminal import print_table, print_title, wrapped, wrong_use

if TYPE_CHECKING:
    from assay.detection.calibration.calibration import Calibration
    from assay.detection.calibration.joint.model import Joint
    from assay.detection.calibration.scores.table import Scores
    from assay.detection.detectors.configured import Configured


def combine(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="The detectors, two or more of one group.")],
    detectors: Annotated[Path, typer.Option(help="The folder of detectors.")],
    scores: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled scores, one file for each NAME in order; without it, those of their evaluations."),
    ] = None,
    date: Annotated[str | None, typer.Option(help="The day it is made on; without it, today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the joint model as JSON.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Keep nothing; only show what it would be.")] = False,
) -> None:
    """Fit how much each detector of one group counts. None of them then counts twice."""
    from assay.detection.calibration.joint.fitting import combine as combined
    from assay.detection.calibration.keeping import keep_joints
    from assay.detection.calibration.scores.gathered import joined

    day = day_of(date)
    if not 2 <= len(set(names)) == len(names) or (scores is not None and len(scores) != len(names)):
        wrong_use("name two detectors or more, each once, and as many files of scores as detectors, or none")
    chosen = [detector_named(name, detectors) for name in names]
    group = _group_of(chosen, detectors)
    paths = scores or [each.folder / SCORES for each in chosen]
    calibrations = {each.name: calibration_of(each) for each in chosen}
    read = {each.name: _read(each, path) for each, path in zip(chosen, paths, strict=True)}
    scored = joined(read)
    if isinstance(scored, list):
        end_with("scores", scored)
    found = combined(group, scored, calibrations, day)
    if isinstance(found, list):
        end_with(group, found)
    with written_to(detectors):
        kept = None if dry_run else keep_joints(detectors, {**_kept(detectors), group: found})
    if as_json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
        return
    print_joint(found, calibrations)
    same = [name for name, rows in read.items() if _is_of(calibrations[name], rows)]
    if same:
        print(wrapped(f"{', '.join(same)}: calibrated on these very items, so that the figures are a little too kind"))
    print("\nnothing was kept" if kept is None else f"\nkept in {kept}")


def _group_of(chosen: list[Configured], folder: Path) -> str:
    groups = sorted({each.group for each in chosen})
    if len(groups) > 1:
        words = f"the detectors are of the groups {', '.join(f'`{group}`' for group in groups)}; combine one group"
        end_with(str(folder), [Fault("several-groups", words, "group")])
    return groups[0]


def _read(detector: Configured, path: Path) -> Scores:
    found = scores_of(path, labelled=True)
    refuse_another_model(found, detector, path)
    return found


def _is_of(calibration: Calibration, rows: Scores) -> bool:
    """Whether a calibration was fitted on these very rows."""
    from assay.detection.calibration.sample import Sample
    from assay.detection.calibration.scores.gathered import sample_from

    sample = sample_from(rows)
    return isinstance(sample, Sample) and sample.digest() == calibration.origin.sample_digest


def _kept(detectors: Path) -> dict[str, Joint]:
    from assay.detection.calibration.keeping import JOINTS, load_joints

    found = load_joints(detectors)
    if isinstance(found, list):
        end_with(str(detectors / JOINTS), found)
    return found


def _as_json(joint: Joint) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(joint)


def print_joint(joint: Joint, calibrations: dict[str, Calibration]) -> None:
    """A joint model at the terminal: how much each member counts, and what is gained over the best of them."""
    from assay.detection.calibration.worded import times

    items = f"{joint.ai.rows:,} items by AI and {joint.other.rows:,} others"
    print(wrapped(f"{joint.group}: {len(joint.members)} detectors combined on {items}"))
    print_title(wrapped(_gain(joint)))
    print()
    rows = [
        (each.detector, f"{each.weight:.2f}", str(alone), calibrations[each.detector].origin.made_on)
        for each, alone in zip(joint.members, joint.alone, strict=True)
    ]
    print_table(("detector", "counts", "Cllr alone", "calibrated on"), rows)
    print(f"together: Cllr {joint.cllr}; simply added up: {joint.added}")
    bounds = f"{times(joint.bounds.upper)} times for AI and {times(joint.bounds.lower)} times against it"
    print(wrapped(f"together they are believed up to {bounds}, as far as this sample supports"))


def _gain(joint: Joint) -> str:
    best = min(joint.alone, key=lambda one: one.value)
    gained = best.value - joint.cllr.value
    if gained < 0.005:
        return "Together they say no more than the best of them alone."
    saved = joint.added.value - joint.cllr.value
    twice = f", and {saved:.3f} bits less than if each counted fully" if saved >= 0.005 else ""
    return f"Together they cost {gained:.3f} bits less than the best of them alone{twice}."
