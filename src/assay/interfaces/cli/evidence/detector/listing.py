"""`assay detector list`: which detectors a folder configures, and what is known of each. It asks none of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.terminal import counted, print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.detectors.configured import Configured
    from assay.engine.kernel.errors import Fault


# A log10 likelihood ratio of half a percent; no decision feels it.
_NOTHING = 0.002


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one detector; `faults` keep it from working, `notes` say what is missing or out of date."""

    detector: Configured
    measured: str
    calibrated: str
    calibration: str | None
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def list_detectors(
    detectors: Annotated[Path, typer.Option(help="The folder of detectors.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a detector, and no summary.")] = False,
) -> None:
    """List detectors: ready, measured, calibrated. Ends with 1 where one cannot be used."""
    from assay.detection.detectors.folder import detectors_in, sentence

    if not detectors.is_dir():
        wrong_use(f"there is no folder `{detectors}`; a folder of detectors holds `NAME/detector.toml`")
    found = detectors_in(detectors)
    known = [_known(each) for each in found.detectors]
    if as_json:
        for each in known:
            print(json.dumps(_as_json(each), ensure_ascii=False))
    else:
        _print(known)
    faults = [*found.faults, *(fault for each in known for fault in each.faults)]
    for fault in faults:
        print(printable(sentence(fault)), file=sys.stderr)
    if not as_json:
        ready = sum(not each.faults for each in known)
        words = f"{counted(len(known), 'detector')}: {ready} ready"
        print(words + (f", {counted(len(faults), 'fault')}" if faults else ""))
    raise typer.Exit(1 if faults else 0)


def _known(detector: Configured) -> _Known:
    from assay.detection.detectors.folder import hindrances
    from assay.detection.measuring.card import DetectorCard, load_card

    notes: list[Fault] = []
    card = load_card(detector.folder, detector.digest)
    measured = "no"
    if isinstance(card, DetectorCard):
        area = card.measurement.whole.area
        measured = "no AUC" if area is None else f"AUC {area.value:.3f} ({area.low:.3f} to {area.high:.3f})"
        measured += f", {counted(card.measurement.files, 'file')}, {card.measured_on}"
    elif card is not None:
        measured = "out of date" if card.slug == "stale-card" else "unreadable"
        notes.append(card)
    calibrated, digest = _calibrated(detector, notes)
    return _Known(detector, measured, calibrated, digest, tuple(hindrances(detector)), tuple(notes))


def _calibrated(detector: Configured, notes: list[Fault]) -> tuple[str, str | None]:
    from assay.detection.calibration.calibration import Calibration
    from assay.detection.calibration.keeping import load_calibration

    found = load_calibration(detector.folder)
    if found is None:
        return "no, counts for nothing", None
    if not isinstance(found, Calibration):
        notes += found
        return "unreadable, counts for nothing", None
    if found.detector_digest != detector.digest:
        return "of another version, counts for nothing", found.digest
    bounds = found.cap()
    if bounds.upper < _NOTHING and -bounds.lower < _NOTHING:
        return f"{found.origin.made_on}, its scores say nothing", found.digest
    return f"{found.origin.made_on}, at most {10**bounds.upper:.3g} times for AI", found.digest


def _print(known: list[_Known]) -> None:
    if known:
        header = ("detector", "kind", "version", "looks at", "group", "state", "measured", "calibrated", "licence")
        print_table(header, [tuple(map(printable, _row(each))) for each in known])
        print()
    for each in known:
        for note in each.notes:
            print(printable(f"{each.detector.name}: {note.slug}: {note.words}"))
        if each.detector.says:
            print(printable(f"{each.detector.name}: {each.detector.says}"))


def _row(each: _Known) -> Iterator[str]:
    detector = each.detector
    yield from (detector.name, detector.kind, detector.version)
    yield ", ".join(modality.value for modality in detector.fitness.modalities)
    yield detector.group
    yield each.faults[0].slug.replace("-", " ") if each.faults else "ready"
    yield from (each.measured, each.calibrated, detector.licence)


def _as_json(each: _Known) -> dict[str, object]:
    detector = each.detector
    return {
        "detector": detector.name,
        "kind": detector.kind,
        "version": detector.version,
        "digest": detector.digest,
        "modalities": [modality.value for modality in detector.fitness.modalities],
        "group": detector.group,
        "licence": detector.licence,
        "says": detector.says,
        "trained_on": list(detector.trained_on),
        "measured": each.measured,
        "calibrated": each.calibrated,
        "calibration": each.calibration,
        "faults": [{"slug": fault.slug, "reason": fault.words} for fault in (*each.faults, *each.notes)],
    }
