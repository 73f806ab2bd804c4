"""Whether a file may carry a manifest, told by its structure. It never says no where the library might say yes."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from assay.detection.media import Media
from assay.detection.scanners.c2pa.carried import boxes, pictures
from assay.detection.scanners.c2pa.carried.carrier import ASK, Carrier, Malformed


@dataclass(frozen=True, slots=True)
class Presence:
    """A file to ask the library about; `store` is the manifest store's bytes where they could be taken out whole."""

    store: bytes | None = None


def presence_of(media: Media) -> Presence | None:
    """None where no manifest is embedded and no address of one is named.

    The library is asked about whatever is malformed, unusual or in a container that hides its parts, so that a file
    without a manifest costs a few small reads and a file with one is never missed.
    """
    read = _READERS.get(media.container.name)
    if read is None:
        return Presence()
    with media.open() as stream:
        try:
            found = read(stream, media.size)
        except (Malformed, struct.error, IndexError, ValueError, zipfile.BadZipFile, EOFError, NotImplementedError):
            return Presence()
    return None if found is None else Presence(found.store if _is_whole(found.store) else None)


def _is_whole(store: bytes | None) -> bool:
    # A file can hold other boxes of this form, before the manifest's or between its pieces.
    return store is not None and store[16:20] == b"c2pa" and int.from_bytes(store[:4], "big") == len(store)


def _svg(stream: BinaryIO, size: int) -> Carrier | None:
    return boxes.svg(stream.read(), size) if size <= boxes.MAXIMUM_TEXT else ASK


_READERS: dict[str, Callable[[BinaryIO, int], Carrier | None]] = {
    "jpeg": pictures.jpeg,
    "png": pictures.png,
    "gif": pictures.gif,
    "tiff": pictures.tiff,
    "webp": boxes.riff,
    "wav": boxes.riff,
    "avi": boxes.riff,
    "mp4": boxes.movie,
    "mov": boxes.movie,
    "heif": boxes.movie,
    "jxl": boxes.jxl,
    "mp3": boxes.tagged,
    "flac": boxes.tagged,
    "svg": _svg,
    "zip": boxes.archive,
    "ooxml": boxes.archive,
}
