"""Names of things by kind and key: `person:3f…`, `bundle:sha256-…`. A reference says nothing else of a thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_KIND = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")
# Ids are ours or digests, never names of people; nothing here can hold a sentence or an address.
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}\Z")


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing of some kind.

    kind    a slug: `person`, `grant`, `bundle`
    key     which one: a number, a UUID, a digest, a rule's name; at most 100 characters
    raises  ValueError where either has another form
    """

    kind: str
    key: str

    def __post_init__(self) -> None:
        if not _KIND.match(self.kind) or not _KEY.match(self.key):
            raise ValueError(f"no reference: {self.kind[:40]!r}, {self.key[:40]!r}")

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @classmethod
    def read(cls, text: str) -> Self:
        """From `kind:key`; raises ValueError where it is none."""
        kind, _, key = text.partition(":")
        return cls(kind, key)
