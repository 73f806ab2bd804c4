"""What outlives a restart: the newest release seen, the last good bundles, a rollback. It keeps no secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.live.status import Pin
from assay.interfaces.packs.aside import write_aside
from assay.interfaces.packs.bundles import LARGEST_BUNDLE, file_content
from assay.interfaces.packs.strict import read_strictly

FORMAT = "assay-live/1"
FILE = "live.json"
MOST_FORMER = 5
UNWRITABLE = "state-unwritable"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Good:
    """The bundles that decided last, by digest."""

    current: str
    staged: str | None = None
    staged_share: float = 0.0
    shadow: str | None = None
    shadow_share: float = 0.0
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """What is remembered.

    highest  number of the newest release whose signature held, and `mark` its own name
    former   bundles that decided before the present one, the newest first
    program  the program that found the good ones good
    """

    highest: int | None = None
    mark: str = ""
    good: Good | None = None
    former: tuple[str, ...] = ()
    pinned: Pin | None = None
    program: str = ""


class Keeping:
    """The state folder; without one, memory alone, which a restart forgets."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.notes = Notes()

    @property
    def lasts(self) -> bool:
        """Whether anything outlives a restart."""
        return self._folder is not None

    def open(self) -> Fault | None:
        """Read what was kept; a damaged file is a fault and not a fresh start, or an older release could be played."""
        if self._folder is None or not (self._folder / FILE).exists():
            return None
        content = file_content(self._folder / FILE, 1_000_000)
        given = read_strictly(content, f"`{self._folder / FILE}`") if isinstance(content, bytes) else content
        if isinstance(given, Fault):
            return Fault("bad-state", f"{given.words}; if it is lost for good, remove it and look at what is released")
        notes = _notes(given)
        if notes is None:
            words = f"`{self._folder / FILE}` is of another form; if it is lost for good, remove it"
            return Fault("bad-state", words)
        self.notes = notes
        return None

    def change(self, **parts: object) -> Fault | None:
        """Remember something else than before, durably where there is a folder."""
        notes = replace(self.notes, **parts)  # type: ignore[arg-type]  # the names are those of the fields
        if notes == self.notes:
            return None
        fault = None if self._folder is None else self._written(FILE, canonical_json(_as_json(notes)) + b"\n")
        # What could not be written is not remembered either, or the next try would find nothing to do.
        if fault is None:
            self.notes = notes
        return fault

    def keep_bundle(self, digest: str, content: bytes) -> Fault | None:
        """Keep a bundle's file under its digest."""
        if self._folder is None or file_content(self._path(digest), LARGEST_BUNDLE) == content:
            return None
        return self._written(self._path(digest).relative_to(self._folder).as_posix(), content)

    def bundle(self, digest: str) -> bytes | Fault:
        """The file of a bundle that was kept."""
        if self._folder is None or not _DIGEST.match(digest):
            return Fault("no-former-bundle", f"the bundle `{digest[:80]}` was not kept")
        return file_content(self._path(digest), LARGEST_BUNDLE)

    def _path(self, digest: str) -> Path:
        return (self._folder or Path()) / "bundles" / f"{digest.replace(':', '-')}.json"

    def _written(self, name: str, content: bytes) -> Fault | None:
        try:
            write_aside((self._folder or Path()) / name, content, mode=0o600)
        except OSError as error:
            why = (error.strerror or "it cannot be opened").lower()
            return Fault(UNWRITABLE, f"the state folder `{self._folder}` cannot be written: {why}")
        return None


def _as_json(notes: Notes) -> Mapping[str, object]:
    return {"format": FORMAT, **asdict(notes)}


def _notes(given: Mapping[str, object]) -> Notes | None:
    if given.get("format") != FORMAT or set(given) != {"format", *asdict(Notes())}:
        return None
    highest, mark, former = given["highest"], given["mark"], given["former"]
    good, pinned = given["good"], given["pinned"]
    try:
        return Notes(
            highest if highest is None else _whole(highest),
            str(mark),
            None if good is None else _good(good),
            tuple(_digest(one) for one in former) if isinstance(former, list) else (),
            None if pinned is None else _pin(pinned),
            str(given["program"]),
        )
    except (TypeError, ValueError, KeyError):
        return None


def _good(given: object) -> Good:
    if not isinstance(given, dict):
        raise TypeError("good")
    parts = dict(given)
    for role in ("staged", "shadow"):
        parts[role] = None if parts[role] is None else _digest(parts[role])
        parts[f"{role}_share"] = float(parts[f"{role}_share"])
    return Good(**{**parts, "current": _digest(parts["current"])})


def _pin(given: object) -> Pin:
    if not isinstance(given, dict):
        raise TypeError("pinned")
    return Pin(**{**given, "digest": _digest(given["digest"]), "over": _digest(given["over"])})


def _digest(given: object) -> str:
    if not isinstance(given, str) or not _DIGEST.match(given):
        raise ValueError("no digest")
    return given


def _whole(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise ValueError("no number of a release")
    return given
