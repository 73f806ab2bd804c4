"""Bundles by their digest, from where a service and its channel keep them. It reads files alone, and changes none."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assay.engine.decision.decide import Decider
from assay.engine.decision.record import Replayer
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.packs.bundles import LARGEST_BUNDLE, Bundle, bundle_in, bundle_of, file_content, open_bundle
from assay.interfaces.packs.channel.release import bundle_name, is_digest
from assay.interfaces.packs.folders import texts_of_folder
from assay.interfaces.packs.signed.keys import read_keys
from assay.interfaces.packs.signed.statements import Signed, verify_bundle
from assay.interfaces.packs.texts import check_texts

_MOST_PACKS = 4
_MOST_REPLAYERS = 2
_MOST_BUNDLES = 64


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signed a bundle, as far as their keys are trusted here, and what speaks against it."""

    signed: tuple[Signed, ...] = ()
    faults: tuple[Fault, ...] = ()


class _Shelf:
    """Packs that were read lately, by digest: content that never changes. The least used one goes first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._packs: OrderedDict[str, Pack] = OrderedDict()
        self._replayers: OrderedDict[str, Replayer] = OrderedDict()

    def pack(self, digest: str, settings: BundleSettings) -> Pack | None:
        with self._lock:
            if digest in self._packs:
                self._packs.move_to_end(digest)
                return self._packs[digest]
        found = _checked(digest, settings)
        if found is not None:
            with self._lock:
                self._packs[digest] = found
                while len(self._packs) > _MOST_PACKS:
                    self._packs.popitem(last=False)
        return found

    def replayer(self, digest: str, settings: BundleSettings) -> Replayer | None:
        with self._lock:
            if digest in self._replayers:
                self._replayers.move_to_end(digest)
                return self._replayers[digest]
        pack = self.pack(digest, settings)
        if pack is None:
            return None
        made = Replayer(Decider(pack))
        with self._lock:
            self._replayers[digest] = made
            while len(self._replayers) > _MOST_REPLAYERS:
                self._replayers.popitem(last=False)
        return made


_shelf = _Shelf()
# A decider remembers what it worked out, which is not for two threads at once.
_deciding = threading.Lock()


def bundle_of_digest(digest: str, settings: BundleSettings) -> Bundle | Fault:
    """A bundle that was kept, held to its digest; or why there is none."""
    if not is_digest(digest):
        return Fault("no-such-bundle", "a bundle is named by `sha256:` and 64 hexadecimal digits")
    for folder in _folders(settings):
        path = folder / bundle_name(digest)
        try:
            stat = path.stat()
        except OSError:
            continue
        found = _read(path, digest, stat.st_size, stat.st_mtime_ns)
        if found is not None:
            return found
    alone = _alone(settings)
    if alone is not None and alone.digest == digest:
        return alone
    return Fault("bundle-not-kept", "this bundle is not kept here, so its text cannot be shown")


def digests_kept(settings: BundleSettings) -> list[str]:
    """The digests of all bundles that are kept."""
    found: dict[str, None] = {}
    for folder in _folders(settings):
        for path in sorted((folder / "bundles").glob("sha256-*.json")):
            digest = path.stem.replace("-", ":", 1)
            if is_digest(digest):
                found[digest] = None
    alone = _alone(settings)
    if alone is not None:
        found[alone.digest] = None
    return list(found)


def pack_of_digest(digest: str, settings: BundleSettings) -> Pack | None:
    """The pack of a bundle that was kept; None where there is none, or it is not sound."""
    return _shelf.pack(digest, settings)


def replayed(record: bytes, digest: str, settings: BundleSettings) -> bytes | Fault:
    """The record as its own bundle decides it now, or why it cannot be decided again."""
    replayer = _shelf.replayer(digest, settings)
    if replayer is None:
        return Fault("bundle-not-kept", "the bundle that decided is not kept here, so nothing can decide again")
    try:
        with _deciding:
            return replayer.replay(record)
    except ValueError as error:
        return Fault("not-replayed", str(error))


def versions_of(digests: Iterable[str], settings: BundleSettings) -> Mapping[str, str]:
    """The versions of bundles that are kept, by digest."""
    found = {digest: bundle_of_digest(digest, settings) for digest in digests}
    return {digest: bundle.version for digest, bundle in found.items() if isinstance(bundle, Bundle)}


def signatures_of(bundle: Bundle, settings: BundleSettings) -> Signatures:
    """Who signed a bundle."""
    if settings.keys is None:
        return Signatures(faults=(Fault("no-keys", "no folder of trusted keys is set, so signatures are not checked"),))
    keys = read_keys(settings.keys)
    if isinstance(keys, list):
        return Signatures(faults=tuple(keys))
    found = verify_bundle(bundle, keys)
    return Signatures(faults=tuple(found)) if isinstance(found, list) else Signatures(found)


def channel_folder(settings: BundleSettings) -> Path | None:
    """The channel's folder, where it is one of this machine."""
    if not settings.source or "://" in settings.source:
        return None
    place = Path(settings.source)
    return place if place.is_dir() and not (place / "pack.yaml").exists() else None


@lru_cache(_MOST_BUNDLES)
def _read(path: Path, digest: str, size: int, changed: int) -> Bundle | None:
    """The bundle in a file as it is now; `size` and `changed` say whether it is still that one."""
    del size, changed
    content = file_content(path, LARGEST_BUNDLE)
    found = content if isinstance(content, Fault) else bundle_in(content, digest)
    return found if isinstance(found, Bundle) and found.digest == digest else None


def _folders(settings: BundleSettings) -> Iterator[Path]:
    if settings.state is not None:
        yield settings.state
    channel = channel_folder(settings)
    if channel is not None:
        yield channel


def _alone(settings: BundleSettings) -> Bundle | None:
    """What decides where there is no channel: the bundle of one file, or of a pack's folder."""
    if not settings.source or "://" in settings.source:
        return None
    place = Path(settings.source)
    if place.is_file():
        paths = [place]
    elif (place / "pack.yaml").is_file():
        paths = [*place.glob("*.yaml"), *place.glob("policies/*.md")]
    else:
        return None
    stats = [path.stat() for path in sorted(paths)]
    return _read_alone(place, tuple((one.st_size, one.st_mtime_ns) for one in stats))


@lru_cache(2)
def _read_alone(place: Path, stamp: tuple[tuple[int, int], ...]) -> Bundle | None:
    """What is in a file or a pack's folder as it is now; `stamp` says whether it is still that."""
    del stamp
    if place.is_file():
        found = open_bundle(place)
        return found if isinstance(found, Bundle) else None
    texts = texts_of_folder(place)
    report = check_texts(texts, examples=False)
    made = bundle_in(bundle_of(report.checked.pack), str(place)) if report.sound else None
    return made if isinstance(made, Bundle) else None


def _checked(digest: str, settings: BundleSettings) -> Pack | None:
    bundle = bundle_of_digest(digest, settings)
    if isinstance(bundle, Fault):
        return None
    # Examples were run before it was released, and would hold a reader up.
    report = check_texts(bundle.texts, examples=False)
    return report.checked.pack if report.sound else None
