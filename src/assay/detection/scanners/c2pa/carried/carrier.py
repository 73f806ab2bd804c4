"""What a container's reader answers: no manifest, ask the library, or the store's bytes. It reads no file itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

MAXIMUM_STORE = 64 * 1024 * 1024
PROVENANCE = b"provenance"


class Malformed(Exception):
    """The structure is not what it should be; only the library can say what it makes of that."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """The library is to be asked; `store` where the manifest store could be taken out whole."""

    store: bytes | None = None


ASK = Carrier()


def read_at(stream: BinaryIO, at: int, length: int) -> bytes:
    """Exactly so many bytes from a place; raises Malformed where the file ends before."""
    stream.seek(at)
    content = stream.read(length)
    if len(content) != length:
        raise Malformed
    return content


def carried(pieces: list[bytes]) -> Carrier:
    """The store put together from its pieces."""
    return Carrier(b"".join(pieces)) if sum(map(len, pieces)) <= MAXIMUM_STORE else ASK
