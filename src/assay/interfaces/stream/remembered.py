"""The last messages with their records, so that one that comes again is answered alike. It never outgrows its bound."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Kept:
    """The record of a message that was kept."""

    parts: Sequence[bytes]
    item: str
    bundle: str


class _Named(msgspec.Struct):
    """The part of a record that an answer's headers repeat."""

    item: str
    bundle: str


_DECODER = msgspec.json.Decoder(_Named)


class Remembered:
    """The last records by the key of their message.

    most  how many; more than a broker ever hands over without hearing that they are done
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: str) -> Kept | None:
        """The record of a message, where it was kept before."""
        return self._kept.get(key)

    def add(self, key: str, kept: Kept) -> None:
        """Remember a record that is durable now."""
        self._kept[key] = kept
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def read(self, records: Iterable[tuple[str, bytes]]) -> int:
        """Take up what a store kept before, given oldest first; returns how many are known now."""
        for key, record in records:
            try:
                named = _DECODER.decode(record)
            except ValueError:
                # A store verifies what it hands out; what is no record of ours cannot be an answer.
                continue
            self.add(key, Kept((record,), named.item, named.bundle))
        return len(self._kept)
