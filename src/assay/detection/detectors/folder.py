"""A folder of configured detectors: what can be used, and every fault in what cannot. It asks none of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from assay.detection.detectors.configured import RUNTIME, Configured, Endpoint, ModelFile
from assay.detection.detectors.configuring.reading import CONFIGURATION, configured_of
from assay.detection.weighing.settings import load_weighing
from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault

CALIBRATION = "calibration.json"
MOST_DETECTORS = 50
MOST_CONFIGURATION_BYTES = 256 * 1024
MOST_MODEL_BYTES = 2 * 1024 * 1024 * 1024
EXTRA = "detectors"


class UnusableDetectors(ValueError):
    """The folder of detectors cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder of detectors holds: those that are configured soundly, by name, and all faults of the others."""

    detectors: tuple[Configured, ...]
    faults: tuple[Fault, ...]


def detectors_in(folder: Path) -> Folder:
    """Every detector below a folder, or the one whose own folder it is."""
    if not folder.is_dir():
        return Folder((), (Fault("no-folder", f"there is no folder `{folder}`"),))
    places = list(_places(folder))
    if not places:
        words = f"`{folder}` holds no `NAME/{CONFIGURATION}`; the guide to detectors shows one"
        return Folder((), (Fault("no-detector", words),))
    if len(places) > MOST_DETECTORS:
        words = f"`{folder}` holds {len(places)} detectors, more than {MOST_DETECTORS}; take some out"
        return Folder((), (Fault("too-many-detectors", words),))
    detectors: list[Configured] = []
    faults: list[Fault] = []
    for place in places:
        found = _read(place)
        if isinstance(found, Configured):
            detectors.append(found)
        else:
            faults += found
    return Folder(tuple(detectors), tuple(faults))


def sound_detectors(folder: Path) -> tuple[Configured, ...]:
    """Every detector of a folder; raises UnusableDetectors where one of them is not sound, so that none is missed."""
    found = detectors_in(folder)
    if found.faults:
        raise UnusableDetectors(sentence(found.faults[0]))
    return found.detectors


def refusals(folder: Path) -> list[str]:
    """Everything that keeps the detectors of a folder from working here, one sentence each; empty where all can."""
    found = detectors_in(folder)
    faults = list(found.faults)
    for detector in found.detectors:
        faults += hindrances(detector)
    weighing = load_weighing(folder) if folder.is_dir() else None
    if isinstance(weighing, list):
        faults += weighing
    return [sentence(fault) for fault in faults]


def hindrances(detector: Configured, *, digests: bool = True) -> list[Fault]:
    """What a soundly configured detector still misses here: its files as pinned, a package, its token.

    digests  reads its files to compare them, which takes a second for a large model
    """
    if isinstance(detector.how, Endpoint):
        return list(_missing_for(detector, detector.how))
    faults = [fault for file in detector.how.files for fault in _file_faults(detector, file, digests=digests)]
    if not _is_installed(RUNTIME):
        words = f"{RUNTIME} is not installed; pip install 'assay[{EXTRA}]'"
        faults.append(Fault("no-package", words, detector.name))
    return faults


def digest_of_folder(folder: Path) -> str:
    """Of every detector and calibration in a folder: what was found with another one may now be found otherwise."""
    content = [[each.digest, _digest(each.folder / CALIBRATION)] for each in sound_detectors(folder)]
    return sha256_of(canonical_json(sorted(content)))


def sentence(fault: Fault) -> str:
    """A fault in one line, its place first."""
    return f"{fault.field}: {fault.slug}: {fault.words}" if fault.field else f"{fault.slug}: {fault.words}"


def path_of(detector: Configured, file: ModelFile) -> Path | None:
    """Where a model's file lies, or None where its package is not installed or the path leads out of its folder."""
    base: Path | None = detector.folder
    if file.package:
        base = _package_folder(file.package)
    if base is None:
        return None
    path = base / file.file
    # A link may lead out of a folder that its path does not leave.
    return path if path.resolve().is_relative_to(base.resolve()) else None


def content_of(detector: Configured, file: ModelFile) -> bytes:
    """A model's file, whose bytes are exactly those that the configuration pins; raises UnusableDetectors."""
    path = path_of(detector, file)
    try:
        if path is None or path.stat().st_size > MOST_MODEL_BYTES:
            raise UnusableDetectors(f"{detector.name}: `{file.file}` is not there, or too large")
        content = path.read_bytes()
    except OSError as error:
        raise UnusableDetectors(f"{detector.name}: `{file.file}` cannot be read") from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise UnusableDetectors(f"{detector.name}: `{file.file}` is not the file that the configuration pins")
    return content


def _places(folder: Path) -> Iterator[Path]:
    # By its resolved name, for `.` has none and a detector is named as its folder.
    resolved = folder.resolve()
    if (resolved / CONFIGURATION).is_file():
        yield resolved
        return
    for place in sorted(resolved.iterdir()):
        if not place.name.startswith(".") and (place / CONFIGURATION).is_file():
            yield place


def _read(place: Path) -> Configured | Sequence[Fault]:
    path = place / CONFIGURATION
    where = f"{place.name}/{CONFIGURATION}"
    try:
        if path.stat().st_size > MOST_CONFIGURATION_BYTES:
            return [Fault("unreadable-configuration", f"it has more than {MOST_CONFIGURATION_BYTES:,} bytes", where)]
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return [Fault("unreadable-configuration", "it cannot be read as text in UTF-8", where)]
    return configured_of(text, place)


def _file_faults(detector: Configured, file: ModelFile, *, digests: bool) -> Iterator[Fault]:
    where = f"{detector.name}/{CONFIGURATION}"
    path = path_of(detector, file)
    if path is None and file.package and _package_folder(file.package) is None:
        yield Fault("no-package", f"`{file.package}` is not installed; pip install it", where)
    elif path is None or not path.is_file():
        yield Fault("no-model", f"`{file.file}` is not there; put it into the folder of the detector", where)
    elif path.stat().st_size > MOST_MODEL_BYTES:
        yield Fault("no-model", f"`{file.file}` has more than {MOST_MODEL_BYTES:,} bytes", where)
    elif digests and _digest(path) != file.sha256:
        words = f"`{file.file}` has another digest than `{file.sha256[:12]}…`; set `sha256` anew and measure it again"
        yield Fault("wrong-digest", words, where)


def _missing_for(detector: Configured, how: Endpoint) -> Iterator[Fault]:
    where = f"{detector.name}/{CONFIGURATION}"
    if how.token_variable and not os.environ.get(how.token_variable):
        yield Fault("no-token", f"the environment holds no `{how.token_variable}`; set it to the token", where)
    if how.authority and not (detector.folder / how.authority).is_file():
        yield Fault("no-authority", f"`{how.authority}` is not there; put it into the folder of the detector", where)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _package_folder(package: str) -> Path | None:
    try:
        # Only the outermost package is looked up by name: finding one inside it would run the outer one's code.
        outer, *inner = package.split(".")
        found = find_spec(outer)
    except (ImportError, ValueError):
        return None
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent.joinpath(*inner)
