"""Which ids have come already, in bounded memory. It remembers digests and never the ids themselves."""

from __future__ import annotations

from array import array
from hashlib import blake2b

# Two generations of this many ids take 512 MiB at the most; a repeat is recognised across at least one of them.
GENERATION = 12_500_000
_SMALLEST_BITS = 12


class SeenIds:
    """A set of 64-bit digests that forgets the oldest: 11 to 32 bytes an id, and never more than two generations.

    generation  how many ids later a repeat is still sure to be recognised
    """

    def __init__(self, generation: int = GENERATION) -> None:
        self._generation = generation
        self._recent = _Table()
        self._older = _Table()

    def add(self, name: str) -> bool:
        """Remember an id; False where it is known already."""
        digest = int.from_bytes(blake2b(name.encode("utf-8"), digest_size=8).digest(), "little") or 1
        if digest in self._older or not self._recent.add(digest):
            return False
        if self._recent.count >= self._generation:
            self._older, self._recent = self._recent, _Table()
        return True


class _Table:
    """Open addressing over an array of 64-bit words, of which 0 is an empty place."""

    def __init__(self) -> None:
        self.count = 0
        self._bits = _SMALLEST_BITS
        self._slots = array("Q", bytes(8 << self._bits))

    def __contains__(self, digest: int) -> bool:
        return self._slots[self._place(digest)] == digest

    def add(self, digest: int) -> bool:
        place = self._place(digest)
        if self._slots[place] == digest:
            return False
        self._slots[place] = digest
        self.count += 1
        # Above three quarters, looking for a free place takes longer and longer.
        if 4 * self.count > 3 << self._bits:
            self._grow()
        return True

    def _place(self, digest: int) -> int:
        slots, mask = self._slots, (1 << self._bits) - 1
        place = digest & mask
        while slots[place] and slots[place] != digest:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        before = self._slots
        self._bits += 1
        self._slots = array("Q", bytes(8 << self._bits))
        for digest in before:
            if digest:
                self._slots[self._place(digest)] = digest
