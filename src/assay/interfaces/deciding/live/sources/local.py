"""Packs and bundles on this machine as sources: a folder that is edited, or one file. They fetch nothing."""

from __future__ import annotations

from pathlib import Path

from assay.engine.kernel.digest import digest_of_files
from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.live.making import unsound
from assay.interfaces.deciding.live.sources.offers import Offer, Offered, Refusal, Seen
from assay.interfaces.deciding.live.sources.vetting import Vetting
from assay.interfaces.packs.bundles import LARGEST_BUNDLE, bundle_of_texts, file_content
from assay.interfaces.packs.folders import texts_of_folder

_Stamp = tuple[tuple[str, int, int, int], ...]


class FolderSource:
    """A pack's folder, for development: what is saved there decides at the next look. It is never signed."""

    def __init__(self, folder: Path, vetting: Vetting) -> None:
        self._folder, self._vetting = folder, vetting
        self._stamp: _Stamp | None = None
        self._digest = ""

    @property
    def title(self) -> str:
        return str(self._folder)

    def look(self) -> Seen:
        stamp = self._look_at_files()
        if stamp == self._stamp:
            return None
        texts = texts_of_folder(self._folder)
        self._stamp = stamp
        digest = digest_of_files(texts.files)
        if digest == self._digest:
            return None
        # After a fault the same texts as before are news again.
        self._digest = "" if texts.problems else digest
        if texts.problems:
            return Refusal(unsound(texts.problems), lasting=True)
        return Offer(Offered(digest, texts, bundle_of_texts(texts.files), None, proved=False), mark=digest)

    def forget(self) -> None:
        self._stamp, self._digest = None, ""

    def vet(self, content: bytes, title: str) -> Offered | Fault:
        return self._vetting.vet(content, title)

    def close(self) -> None:
        pass

    def _look_at_files(self) -> _Stamp:
        """Names, sizes and times of the files: cheap enough to be asked every second."""
        found = []
        for path in sorted((*self._folder.glob("*.yaml"), *self._folder.glob("policies/*.md"))):
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino))
        return tuple(found)


class FileSource:
    """One bundle's file, signed or, where that is allowed, not."""

    def __init__(self, path: Path, vetting: Vetting) -> None:
        self._path, self._vetting = path, vetting
        self._stamp: tuple[object, ...] | None = None

    @property
    def title(self) -> str:
        return str(self._path)

    def look(self) -> Seen:
        try:
            stat = self._path.stat()
        except OSError as error:
            why = (error.strerror or "it cannot be opened").lower()
            return Refusal(Fault("source-unreachable", f"`{self._path}` cannot be read: {why}"), lasting=False)
        stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ino, self._vetting.renewed())
        if stamp == self._stamp:
            return None
        content = file_content(self._path, LARGEST_BUNDLE)
        if isinstance(content, Fault):
            return Refusal(content, lasting=False)
        self._stamp = stamp
        found = self._vetting.vet(content, str(self._path))
        return Refusal(found, lasting=True) if isinstance(found, Fault) else Offer(found, mark=found.digest)

    def forget(self) -> None:
        self._stamp = None

    def vet(self, content: bytes, title: str) -> Offered | Fault:
        return self._vetting.vet(content, title)

    def close(self) -> None:
        pass
