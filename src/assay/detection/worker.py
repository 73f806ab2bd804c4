"""What one process of the pool does: scans one file with every scanner. It runs in the pool and nowhere else."""

from __future__ import annotations

import resource
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from assay.detection.evidence import Evidence
from assay.detection.inspection import bounded
from assay.detection.media import Media, Unreadable
from assay.detection.pixels import pixel_count
from assay.detection.registry import load_scanner
from assay.detection.result import ScanFault, ScanResult
from assay.detection.scanner import (
    Conditional,
    Inspecting,
    Requested,
    ScanFailed,
    Scanner,
    Settings,
    State,
    readiness_of,
)
from assay.detection.weighing.standing import RESERVED, speaker_of

MEBIBYTE = 1024 * 1024
# A camera's largest pictures have some 200 million pixels; the bomb of 30,000 by 30,000 has 900 million.
MAXIMUM_PIXELS = 300_000_000


@dataclass(frozen=True, slots=True)
class Duty:
    """What a process is started for.

    inspects  asks for sections beside the evidence
    deep      asks scanners that decode the picture or sound itself, too
    """

    scanners: tuple[str, ...]
    settings: Settings
    megabytes: int
    inspects: bool = False
    deep: bool = True


@dataclass(frozen=True, slots=True)
class _Traits:
    """What a scanner is besides a scanner; to ask a protocol for every file takes longer than the smallest files do."""

    is_requested: bool
    is_conditional: bool


@dataclass(slots=True)
class _Post:
    """This process's duty and the scanners it has loaded, since a scanner's contexts cost more than most files do."""

    duty: Duty | None = None
    loaded: dict[str, Scanner | ScanFault] = field(default_factory=dict)
    traits: dict[str, _Traits] = field(default_factory=dict)


_POST = _Post()


def begin(duty: Duty) -> None:
    """Sets the memory limit and remembers the duty; a scanner is loaded when its first file comes."""
    # Plug-ins' warnings belong in their own tests, not between an operator's results.
    warnings.simplefilter("ignore")
    _limit(resource.RLIMIT_AS, duty.megabytes * MEBIBYTE)
    # A decoder that crashes must not write a core file for every hostile upload.
    _limit(resource.RLIMIT_CORE, 0)
    _POST.duty = duty
    _POST.loaded.clear()
    _POST.traits.clear()


def _limit(which: int, most: int) -> None:
    _soft, hard = resource.getrlimit(which)
    # Some systems know the limit and refuse to set it; the time limit still holds there.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def scan_one(path: Path, only: str | None = None, *, deep: bool | None = None) -> ScanResult:
    """Scans one file with every scanner, or with `only` one where it must be found out which of them crashes.

    deep  where given, holds for this file instead of what the process was started with
    """
    media = read_media(path)
    return media if isinstance(media, ScanResult) else scan_media(path, media, only, deep=deep)


def read_media(path: Path) -> Media | ScanResult:
    """The file with its digest, read once; where it cannot be read, the result that says so."""
    try:
        return Media.from_path(path)
    except Unreadable as unreadable:
        return ScanResult(path, faults=(ScanFault("unreadable-file", str(unreadable)),))


def scan_media(path: Path, media: Media, only: str | None = None, *, deep: bool | None = None) -> ScanResult:
    """As `scan_one`, of a file whose digest is known already."""
    duty = _POST.duty
    if duty is None:
        raise RuntimeError("the process was not begun")
    if deep is not None and deep != duty.deep:
        _POST.duty = duty = replace(duty, deep=deep)
    result = ScanResult(path, media.sha256, media.container.name, media.modality)
    if media.size == 0:
        return replace(result, faults=(ScanFault("empty-file", "the file has no bytes"),))
    pixels = pixel_count(media) or 0
    too_large = pixels > MAXIMUM_PIXELS
    if too_large:
        words = f"the header says {pixels:,} pixels, more than {MAXIMUM_PIXELS:,}"
        result = replace(result, faults=(ScanFault("too-many-pixels", words),))
    for name in duty.scanners if only is None else (only,):
        result = _with(result, name, media, duty.settings, too_large=too_large)
        if duty.inspects:
            result = _inspected(result, name, media, duty.settings, too_large=too_large)
    return result


def _with(result: ScanResult, name: str, media: Media, settings: Settings, *, too_large: bool) -> ScanResult:
    scanner = _scanner(name, settings)
    if isinstance(scanner, ScanFault):
        return replace(result, faults=(*result.faults, scanner))
    if _is_skipped(name, scanner, too_large=too_large):
        return result
    try:
        found = tuple(scanner.scan(media))
        if not all(isinstance(each, Evidence) for each in found):
            fault = ScanFault("scanner-failed", "the scanner returned something that is no evidence", name)
            return replace(result, faults=(*result.faults, fault))
        if not _in_its_name(name, found):
            return replace(result, faults=(*result.faults, _another(name)))
    except ScanFailed as failed:
        fault = ScanFault(failed.slug, failed.words, name)
        found = tuple(failed.evidence) if _in_its_name(name, failed.evidence) else ()
        return replace(result, evidence=(*result.evidence, *found), faults=(*result.faults, fault))
    except MemoryError:
        fault = ScanFault("out-of-memory", "the scanner asked for more memory than one file is given", name)
        return replace(result, faults=(*result.faults, fault))
    except Exception as error:  # noqa: BLE001
        # The outer edge: a stranger's scanner may raise anything, and it costs its own finding only.
        fault = ScanFault("scanner-failed", f"the scanner failed with {type(error).__name__}: {error}"[:200], name)
        return replace(result, faults=(*result.faults, fault))
    versions = (*result.versions, scanner.card.version)
    return replace(result, evidence=(*result.evidence, *found), scanners=(*result.scanners, name), versions=versions)


def _in_its_name(name: str, found: Iterable[object]) -> bool:
    """Whether a scanner speaks for itself where the name counts: banks and detectors that the operator has set up."""
    return all(isinstance(each, Evidence) and speaker_of(each) not in RESERVED - {name} for each in found)


def _another(name: str) -> ScanFault:
    return ScanFault("scanner-failed", "the scanner spoke in the name of another one", name)


def _inspected(result: ScanResult, name: str, media: Media, settings: Settings, *, too_large: bool) -> ScanResult:
    scanner = _scanner(name, settings)
    if not isinstance(scanner, Inspecting) or _is_skipped(name, scanner, too_large=too_large):
        return result
    try:
        sections = bounded(tuple(scanner.inspect(media)))
    except ScanFailed as failed:
        return _told_once(result, ScanFault(failed.slug, failed.words, name))
    except MemoryError:
        fault = ScanFault("out-of-memory", "the scanner asked for more memory than one file is given", name)
        return _told_once(result, fault)
    except Exception as error:  # noqa: BLE001
        # The outer edge: what cannot be shown must not cost the evidence that was found.
        words = f"the scanner failed with {type(error).__name__}: {error}"[:200]
        return _told_once(result, ScanFault("scanner-failed", words, name))
    return replace(result, sections=(*result.sections, *((name, section) for section in sections)))


def _is_skipped(name: str, scanner: Scanner, *, too_large: bool) -> bool:
    if name not in _POST.traits:
        requested = isinstance(scanner, Requested) and scanner.is_requested()
        _POST.traits[name] = _Traits(requested, isinstance(scanner, Conditional))
    duty, traits = _POST.duty, _POST.traits[name]
    shallow = duty is not None and not duty.deep
    if scanner.card.decodes_pixels and (too_large or (shallow and not traits.is_requested)):
        return True
    # What is not set up on this machine is told once by `assay scanners`, and not again for every file.
    return traits.is_conditional and readiness_of(scanner).state is not State.READY


def _told_once(result: ScanResult, fault: ScanFault) -> ScanResult:
    # The scan has usually met the same fault a moment ago.
    return result if fault in result.faults else replace(result, faults=(*result.faults, fault))


def _scanner(name: str, settings: Settings) -> Scanner | ScanFault:
    if name not in _POST.loaded:
        try:
            _POST.loaded[name] = load_scanner(name, settings)
        except Exception as error:  # noqa: BLE001
            # The outer edge again: a plug-in that cannot be loaded is told for every file, and stops nothing else.
            words = f"the scanner cannot be loaded: {type(error).__name__}: {error}"[:200]
            _POST.loaded[name] = ScanFault("scanner-unavailable", words, name)
    return _POST.loaded[name]
