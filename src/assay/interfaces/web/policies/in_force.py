"""The pack that decides now, read from where the service keeps it. It decides nothing and puts nothing in force."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from django.conf import settings

from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.live.keeping import FILE, Keeping
from assay.interfaces.packs.bundles import bundle_in, read_bundle
from assay.interfaces.packs.folders import texts_of_folder
from assay.interfaces.packs.texts import Texts, check_texts

# Name, size and time of what was read: as long as they are the same, so is the pack.
_Stamp: TypeAlias = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """A pack and where it comes from.

    source   how a person would cite it
    decides  whether the service itself says that it decides; otherwise it is what the settings name
    """

    pack: Pack
    source: str
    decides: bool

    @property
    def digest(self) -> str:
        """The content address of its texts."""
        return self.pack.digest


class _Shelf:
    """What was read last. Several requests at once wait for one reading."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: _Stamp | None = None
        self._found: InForce | None = None

    def look(self, state: Path | None, source: str) -> InForce | None:
        stamp = _stamp_of(state, source)
        if stamp == self._stamp:
            return self._found
        with self._lock:
            if stamp != self._stamp:
                self._found = _read(state, source, self._found)
                self._stamp = stamp
            return self._found


_shelf = _Shelf()


def pack_in_force() -> InForce | None:
    """The pack that decides now, or None where there is none that can be read."""
    return _shelf.look(settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE)


def measure_titles() -> Mapping[str, str]:
    """What the pack that decides now calls its measures, by their names."""
    found = pack_in_force()
    return {} if found is None else {one.id: one.title for one in found.pack.measures.all}


def _stamp_of(state: Path | None, source: str) -> _Stamp:
    paths = [] if state is None else [state / FILE]
    folder = _local(source)
    # What the service itself keeps comes first, and then nobody looks at the files it came from.
    if folder is not None and not (paths and paths[0].is_file()):
        paths += [folder] if folder.is_file() else sorted((*folder.glob("*.yaml"), *folder.glob("policies/*.md")))
    found = []
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(found)


def _read(state: Path | None, source: str, former: InForce | None) -> InForce | None:
    kept = _kept(state, former)
    if kept is not None:
        return kept
    place = _local(source)
    if place is None:
        return None
    texts = read_bundle(place) if place.is_file() else texts_of_folder(place)
    return None if isinstance(texts, Fault) else _checked(texts, str(place), decides=False)


def _kept(state: Path | None, former: InForce | None) -> InForce | None:
    """What the service last found good, or was rolled back to."""
    keeping = Keeping(state)
    if state is None or keeping.open() is not None:
        return None
    notes = keeping.notes
    digest = notes.pinned.digest if notes.pinned else notes.good.current if notes.good else None
    if digest is None:
        return None
    if former is not None and former.decides and former.digest == digest:
        return former
    content = keeping.bundle(digest)
    bundle = content if isinstance(content, Fault) else bundle_in(content, digest)
    return None if isinstance(bundle, Fault) else _checked(bundle.texts, f"bundle {digest[7:19]}", decides=True)


def _checked(texts: Texts, title: str, *, decides: bool) -> InForce | None:
    # Examples were run before it was released, and would hold a reader up.
    report = check_texts(texts, examples=False)
    return InForce(report.checked.pack, title, decides) if report.sound else None


def _local(source: str) -> Path | None:
    """A folder with a pack or a bundle's file; a channel's releases are taken from the state alone."""
    if not source or "://" in source:
        return None
    place = Path(source)
    return place if place.is_file() or (place / "pack.yaml").is_file() else None
