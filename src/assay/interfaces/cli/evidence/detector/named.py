"""What the commands about one detector share: finding it in its folder, its files of scores, faults. It asks none."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.interfaces.cli.terminal import counted, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.calibration.calibration import Calibration
    from assay.detection.calibration.scores.table import Scores
    from assay.detection.detectors.configured import Configured

SCORES = "scores.parquet"


def place_of(path: Path) -> Path:
    """A path as it is seen from here, where it lies below here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def end_with(where: str, faults: Iterable[Fault]) -> NoReturn:
    """Say everything that is wrong, and end with 1."""
    for fault in faults:
        print(printable(f"{where}: {fault.slug}: {fault.words}"), file=sys.stderr)
    raise typer.Exit(1)


def detector_named(name: str, folder: Path) -> Configured:
    """A detector of a folder; ends with 2 where there is none of that name, with 1 where it is not sound."""
    from assay.detection.detectors.folder import detectors_in

    if not folder.is_dir():
        wrong_use(f"there is no folder `{folder}`")
    found = detectors_in(folder)
    by_name = {each.name: each for each in found.detectors}
    if name not in by_name:
        if found.faults:
            end_with(str(folder), found.faults)
        hint = did_you_mean(name, by_name) or "`assay detector list` names them"
        wrong_use(f"no detector in `{folder}` is named `{name}`; {hint}")
    return by_name[name]


def detector_at(target: str, detectors: Path | None) -> Configured:
    """A detector by its name in a folder of detectors, or by its own folder where no such folder is named."""
    from assay.detection.detectors.configuring.reading import CONFIGURATION

    if detectors is not None:
        return detector_named(target, detectors)
    own = Path(target).resolve()
    if not (own / CONFIGURATION).is_file():
        words = f"`{target}` is no folder with a {CONFIGURATION}"
        wrong_use(f"{words}; to name a detector, name their folder by --detectors")
    return detector_named(own.name, own)


def scores_of(path: Path, *, labelled: bool) -> Scores:
    """The sound rows of a file of scores, with what was left out said on standard error; ends with 1 where none is."""
    from assay.detection.calibration.scores.table import read_scores

    if not path.is_file():
        wrong_use(f"there is no file `{path}`; `assay detector evaluate` writes one")
    found = read_scores(path, labelled=labelled)
    if isinstance(found, list):
        end_with(str(place_of(path)), found)
    for fault, rows in found.faults:
        print(printable(f"{path}: {fault.slug}: {counted(rows, 'row')}: {fault.words}"), file=sys.stderr)
    if not found.rows:
        end_with(str(path), [Fault("no-rows", "no row is left; see what was left out above, or in the file itself")])
    return found


def refuse_another_model(scores: Scores, detector: Configured, path: Path) -> None:
    """Ends with 1 where a file says that its scores come from another model or configuration than the present one."""
    digest = scores.metadata.get("assay.detector_digest")
    if digest is not None and digest != detector.digest:
        words = f"its scores were made by another version of `{detector.name}`; evaluate it again"
        end_with(str(place_of(path)), [Fault("another-model", words, "assay.detector_digest")])


def calibration_of(detector: Configured) -> Calibration:
    """The present calibration of a detector; ends with 1 where there is none, or another model's."""
    from assay.detection.calibration.keeping import PRESENT, load_calibration

    where = str(place_of(detector.folder / PRESENT))
    found = load_calibration(detector.folder)
    if found is None:
        words = f"`{detector.name}` was never calibrated; run `assay detector calibrate {detector.name}` first"
        end_with(where, [Fault("uncalibrated", words)])
    if isinstance(found, list):
        end_with(where, found)
    if found.detector_digest != detector.digest:
        words = f"it was made for another version of `{detector.name}`; evaluate and calibrate it again"
        end_with(where, [Fault("another-model", words)])
    return found


@contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """Ends with 2 where a folder cannot be written to."""
    try:
        yield
    except OSError as error:
        wrong_use(f"`{folder}` cannot be written to: {(error.strerror or 'it cannot be opened').lower()}")


def day_of(given: str | None) -> str:
    """A day as given, or today's in UTC, as it is written."""
    if given is None:
        return datetime.now(UTC).date().isoformat()
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        wrong_use(f"`{given}` is no date; write `2026-12-15`")
