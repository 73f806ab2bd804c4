"""Media: one file's bytes, opened afresh for each reader, with digest and container. It never decodes them."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from assay.detection.container import Container, Modality, sniff

DIGEST_BLOCK = 1024 * 1024


class Unreadable(Exception):
    """The file cannot be opened or read; the text says why, without the path, which may be private."""


@dataclass(frozen=True, slots=True)
class Media:
    """One upload, from a path or from bytes.

    name         the uploader's file name, for the record; nothing is ever concluded from it
    sha256       of the bytes, in hexadecimal
    container    what the bytes are by their structure
    declaration  the uploader's own declaration where the caller has it at hand, else None
    """

    name: str
    size: int
    sha256: str
    container: Container
    path: Path | None = None
    content: bytes | None = field(default=None, repr=False)
    declaration: Mapping[str, object] | None = None

    @property
    def modality(self) -> Modality | None:
        return self.container.modality

    @classmethod
    def from_path(cls, path: Path, *, declaration: Mapping[str, object] | None = None) -> Self:
        """Raises Unreadable where `path` is no plain file: a pipe or a device could block for ever."""
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("it is not a plain file")
            with path.open("rb") as stream:
                digest, container = _digest(stream), sniff(stream, status.st_size)
        except OSError as error:
            raise Unreadable(_reason(error)) from error
        return cls(path.name, status.st_size, digest, container, path=path, declaration=declaration)

    @classmethod
    def from_bytes(cls, content: bytes, *, name: str, declaration: Mapping[str, object] | None = None) -> Self:
        digest = hashlib.sha256(content).hexdigest()
        container = sniff(io.BytesIO(content), len(content))
        return cls(name, len(content), digest, container, content=content, declaration=declaration)

    def open(self) -> BinaryIO:
        """A fresh seekable stream; the caller closes it."""
        if self.path is None:
            return io.BytesIO(self.content or b"")
        try:
            return self.path.open("rb")
        except OSError as error:
            raise Unreadable(_reason(error)) from error


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := stream.read(DIGEST_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _reason(error: OSError) -> str:
    return (os.strerror(error.errno) if error.errno else "it cannot be read").lower()
