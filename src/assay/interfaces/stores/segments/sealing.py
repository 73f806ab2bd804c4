"""What a closed segment says of itself in its footer, so that nobody need read the rest of it. It writes no file."""

from __future__ import annotations

import json
from collections.abc import Sequence


class Kept:
    """What a segment holds so far.

    first, last  when the first and the last of its records were kept, in microseconds since the epoch
    keys         keys of requests, each with the place of its record
    """

    def __init__(self) -> None:
        self.records = self.pieces = 0
        self.first: int | None = None
        self.last: int | None = None
        self.keys: list[tuple[str, int]] = []

    def add(self, records: int, at: int, keys: Sequence[tuple[str, int]]) -> None:
        """Count a batch."""
        self.records += records
        # A clock may be set back.
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)
        self.keys += keys


def footer_content(kept: Kept, digest: str) -> bytes:
    """A footer's content.

    digest  128-bit XXH3 of everything before the footer
    """
    found = {
        "records": kept.records,
        "pieces": kept.pieces,
        "first": kept.first,
        "last": kept.last,
        "xxh3_128": digest,
        "keys": kept.keys,
    }
    return json.dumps(found, separators=(",", ":")).encode()
