"""What a record store takes and gives: an entry to keep, a writer that keeps it. It holds no record itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision record on its way into a store.

    parts  the record in pieces: joined they are its bytes. At odd places stand pieces that come again in other records
           as the same object, so that a store may keep them once; at even places what is this record's own
    item   the item's id
    key    names the request that asked for it, where one was given, so that it is kept once: the text an idempotency
           key or a place in a stream comes to; empty where there is none
    """

    parts: Sequence[bytes]
    item: str
    key: str = ""

    @property
    def record(self) -> bytes:
        """The record's bytes."""
        return b"".join(self.parts)


class StoreUnwritable(Exception):
    """A store could not make records durable; carries a slug and words for operators. Nothing of the batch counts."""

    def __init__(self, slug: str, words: str) -> None:
        self.slug, self.words = slug, words
        super().__init__(f"{slug}: {words}")


class StoreWriter(Protocol):
    """Makes entries durable, a batch at a time; one thread calls it."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Return once every entry is durable to the configured degree.

        raises  StoreUnwritable where they are not: none of them counts then, and the same batch may be tried again
        """
        ...

    def close(self) -> None:
        """Finish what was begun."""
        ...
