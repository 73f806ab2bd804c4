"""Item records from a file to a broker, as an uploader's service would send them. It checks nothing but their form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol
from zlib import crc32

import msgspec

from assay.engine.kernel.errors import Fault


class _Identified(msgspec.Struct):
    """The part of a record that says which messages belong together."""

    id: str


_DECODER = msgspec.json.Decoder(_Identified)


@dataclass(frozen=True, slots=True)
class Ready:
    """A message to publish; without an id it is published as it is, for the consumer to set aside."""

    content: bytes
    id: str | None


class Publisher(Protocol):
    """Publishes messages to one broker."""

    async def publish(self, messages: Iterable[Ready]) -> int | Fault:
        """Return once the broker has all of them: how many there were."""
        ...


def ready(lines: Iterable[bytes]) -> Iterator[Ready]:
    """Each line that is not empty, with the id it is kept together by."""
    for line in lines:
        content = line.strip()
        if content:
            yield Ready(content, _id_of(content))


def _id_of(content: bytes) -> str | None:
    try:
        return _DECODER.decode(content).id
    except ValueError:
        return None


def partition_of(identifier: str, partitions: int) -> int:
    """The partition of an item, for brokers that do not choose it themselves."""
    return crc32(identifier.encode("utf-8", "surrogatepass")) % partitions
