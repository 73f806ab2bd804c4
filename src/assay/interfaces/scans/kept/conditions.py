"""All that a row depends on besides the file: program, scanners, settings, limits. It names what changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

from assay.detection.copies.bank.listing import digest_of_banks
from assay.detection.registry import UnknownScanner, load_scanner
from assay.detection.scanner import UnusableTrust, readiness_of
from assay.detection.worker import Duty
from assay.engine.kernel.digest import canonical_json, sha256_of

# A file without faults has the same row under any limits.
LIMITS = ("seconds", "megabytes")
# Whatever of the program can change a row.
_PROGRAM = ("assay.detection", "assay.engine.decision", "assay.interfaces.scans")
_READ_WHOLE = 64 * 1024 * 1024
_BLOCK = 1024 * 1024
_NOTHING = "none"
_DISTRIBUTION = "assay"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def conditions_of(duty: Duty, seconds: float) -> dict[str, str]:
    """By name, in words or as digests; two scans with the same conditions give the same row for the same file."""
    settings = duty.settings
    found = {
        "program": _program(),
        "libraries": _libraries(),
        # Findings stand in a row in the scanners' order.
        "scanners": ", ".join(duty.scanners),
        "deep": "yes" if duty.deep else "no",
        "seconds": f"{seconds:g}",
        "megabytes": str(duty.megabytes),
        "allowed hosts": ", ".join(sorted(settings.allowed_hosts)) or _NOTHING,
        "trust lists": _folder(settings.trust),
        "weights": _folder(settings.weights),
        "banks": digest_of_banks(settings.banks) if settings.banks is not None else _NOTHING,
        "detectors": _folder(settings.detectors),
    }
    return found | {f"scanner {name}": _scanner(name, duty) for name in duty.scanners}


def digest_of(conditions: Mapping[str, str]) -> bytes:
    """The conditions without the limits, in 32 bytes: half of the key under which a file's row is kept."""
    said = {name: value for name, value in conditions.items() if name not in LIMITS}
    return bytes.fromhex(sha256_of(canonical_json(said)).removeprefix("sha256:"))


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The names of the conditions that are not what they were."""
    return [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]


def _scanner(name: str, duty: Duty) -> str:
    try:
        scanner = load_scanner(name, duty.settings)
        return f"{scanner.card.version}, {readiness_of(scanner).state.value}"
    except (UnknownScanner, UnusableTrust, ImportError, AttributeError, ValueError, OSError, RuntimeError) as error:
        # Its fault is told for every file; here it counts only that it was so.
        return f"cannot be loaded: {type(error).__name__}"


@cache
def _program() -> str:
    whole = hashlib.sha256()
    for name in _PROGRAM:
        spec = find_spec(name)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            _add(whole, Path(place), (".py", ".toml"))
    return whole.hexdigest()[:32]


@cache
def _libraries() -> str:
    """Another version of a decoder or a runtime may find something else in the same file."""
    try:
        wanted = requires(_DISTRIBUTION) or ()
    except PackageNotFoundError:
        return "unknown"
    names = {found.group() for each in wanted if (found := _NAME.match(each))}
    return sha256_of(canonical_json({name: _version(name) for name in names})).removeprefix("sha256:")[:32]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _folder(folder: Path | None) -> str:
    if folder is None:
        return _NOTHING
    whole = hashlib.sha256()
    _add(whole, folder, ())
    return whole.hexdigest()[:32]


def _add(whole: hashlib._Hash, folder: Path, suffixes: tuple[str, ...]) -> None:
    for path in _files(folder):
        if suffixes and path.suffix not in suffixes:
            continue
        whole.update(path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape") + b"\x00")
        status = path.stat()
        if status.st_size > _READ_WHOLE:
            # Weights of some gigabytes are not read before every scan; a file that was written anew has another time.
            whole.update(f"{status.st_size} {status.st_mtime_ns}".encode())
            continue
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                whole.update(block)
        whole.update(b"\x00")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
