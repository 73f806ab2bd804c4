"""Calibrations in a detector's folder, the present one and all that were before. It removes none of them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from assay.detection.calibration.calibration import Calibration
from assay.detection.calibration.joint.model import Joint
from assay.detection.calibration.joint.written import joints_from_json, joints_to_json
from assay.detection.calibration.stored import MOST_BYTES, from_json, to_json
from assay.engine.kernel.errors import Fault

PRESENT, KEPT, JOINTS = "calibration.json", "calibrations", "joint.json"


def load_calibration(folder: Path) -> Calibration | list[Fault] | None:
    """The present calibration of the detector in a folder; None where it was never calibrated."""
    text = _read(folder / PRESENT)
    return from_json(text) if isinstance(text, str) else text


def kept_calibration(folder: Path, digest: str) -> Calibration | list[Fault] | None:
    """The calibration that a decision names by its digest; None where the folder does not hold it."""
    hexadecimal = digest.removeprefix("sha256:")
    if len(hexadecimal) != 64 or not set(hexadecimal) <= set("0123456789abcdef"):
        return None
    text = _read(folder / KEPT / f"{hexadecimal}.json")
    found = from_json(text) if isinstance(text, str) else text
    if isinstance(found, Calibration) and found.digest != digest:
        return [Fault("changed-calibration", f"`{hexadecimal[:12]}…` holds another calibration", "digest")]
    return found


def keep_calibration(folder: Path, calibration: Calibration) -> Path:
    """Makes a calibration the present one, and keeps it by its digest for appeals; gives the kept file.

    raises  OSError where the folder cannot be written
    """
    kept = folder / KEPT / f"{calibration.digest.removeprefix('sha256:')}.json"
    kept.parent.mkdir(exist_ok=True)
    # Kept first: what is present is always kept as well, also after a crash between the two.
    write_whole(kept, to_json(calibration))
    write_whole(folder / PRESENT, to_json(calibration))
    return kept


def load_joints(folder: Path) -> dict[str, Joint] | list[Fault]:
    """The joint models beside the detectors, by group; none where there is no file of them."""
    text = _read(folder / JOINTS)
    if text is None:
        return {}
    return joints_from_json(text) if isinstance(text, str) else text


def keep_joints(folder: Path, joints: Mapping[str, Joint]) -> Path:
    """Writes all joint models of a folder of detectors.

    raises  OSError where the folder cannot be written
    """
    path = folder / JOINTS
    write_whole(path, joints_to_json(joints))
    return path


def _read(path: Path) -> str | list[Fault] | None:
    try:
        # A file can grow between asking for its size and reading it, so that the reading itself is bounded.
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        return [Fault("unreadable", f"`{path.name}` cannot be read: {reason}", None)]
    if len(content) > MOST_BYTES:
        return [Fault("too-large", f"`{path.name}` is larger than {MOST_BYTES:,} bytes", None)]
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return [Fault("bad-json", f"`{path.name}` is no text", None)]


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that a reader finds the old one or the new one, whole, also after a crash."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        # A temporary file is its owner's alone; what is kept may be read by whoever reads the folder.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
