"""Entries checked one after another: forms, numbers, links, hashes, the tree under signed heads. It reads no store.

A fault is found where it is. The hash of an entry stands in three places (beside it, in the one after, and worked out),
so that one that was changed is told from its neighbours, and what follows is still checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.governance.ledger.proofs.heads import SignedHead, TrustedKeys, check_signature
from assay.governance.ledger.rules import NOTHING_BEFORE, entry_bytes, is_well_formed
from assay.governance.ledger.tree import Frontier, leaf_hash

MOST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be.

    place   where: `entry 17`, or `line 20` of an export
    number  of the entry that it is about, or the nearest
    """

    place: str
    number: int
    slug: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.slug}: {self.words}"


@dataclass(frozen=True, slots=True)
class Given:
    """A signed head, and where it stands."""

    place: str
    head: SignedHead


class Chain:
    """A check that takes entries in the order in which they are kept.

    findings  what was found, the first MOST_FINDINGS of it
    count     how many findings there were
    size      how many entries the tree has that was built from them
    grown     subtrees that became whole since it was last emptied: level, index, hash
    """

    def __init__(self, heads: Iterable[Given] = (), keys: TrustedKeys | None = None) -> None:
        self.findings: list[Finding] = []
        self.count = 0
        self.expected = 0
        self.grown: list[tuple[int, int, bytes]] = []
        self._frontier: Frontier | None = Frontier()
        self._hashes: tuple[bytes, ...] = (NOTHING_BEFORE,)
        self._pending = False
        self._heads = _by_size(heads)
        self._compared = 0
        for given in (each for several in self._heads.values() for each in several):
            fault = None if keys is None else check_signature(given.head, keys)
            if fault is not None:
                self.find(given.place, given.head.size - 1, fault.slug, fault.words)

    @property
    def size(self) -> int:
        """How many entries stand in the tree that was built."""
        return 0 if self._frontier is None else self._frontier.size

    @property
    def compared(self) -> int:
        """How many signed heads the tree agreed with."""
        return self._compared

    def find(self, place: str, number: int, slug: str, words: str) -> None:
        """Note a finding."""
        self.count += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(place, number, slug, words))

    def add(
        self,
        number: int,
        parts: tuple[int, str, str, str, str, str, bytes],
        stated: bytes,
        *,
        place: str | None = None,
        canonical: bool = False,
    ) -> None:
        """Check the next entry.

        parts      at, actor, way, kind, subject, content, previous
        stated     the hash that stands beside it
        canonical  the content was made canonical by the caller
        """
        if number != self.expected and not self._in_turn(number, place or f"entry {number}"):
            return
        at, actor, way, kind, subject, content, previous = parts
        if not is_well_formed(at, actor, way, kind, subject, None if canonical else content, previous):
            self._settle(None)
            self.find(place or f"entry {number}", number, "changed-entry", "its parts have not the forms that we write")
            self._hashes = (stated,)
        else:
            worked_out = leaf_hash(entry_bytes(number, at, actor, way, kind, subject, content, previous))
            if worked_out != stated:
                self._settle(None if previous not in self._hashes else previous)
                self.find(place or f"entry {number}", number, "changed-entry", "its hash is not that of what it says")
                self._hashes = (stated, worked_out)
            else:
                if previous not in self._hashes:
                    self.find(
                        place or f"entry {number}", number, "broken-link",
                        f"it does not follow what stands as entry {number - 1}" if number else "something stood before",
                    )  # fmt: skip
                self._settle(previous)
                self._hashes = (stated,)
        self._pending = True
        self.expected = number + 1

    def finish(self, size: int, last: bytes, place: str) -> None:
        """Check the end against what is said of it: how many entries there are, and the hash of the last one."""
        self._settle(last)
        if self.expected < size:
            self.find(place, self.expected, "missing-entries", f"{_range(self.expected, size - 1)} not there")
            self._frontier = None
        elif self.expected > size:
            self.find(place, size, "more-entries", f"there are more than the {size} that are said to be there")
        if self.expected == size and last not in self._hashes:
            self.find(place, max(size - 1, 0), "changed-end", "the hash of the last entry is another one")
        for several in list(self._heads.values()):
            for given in several:
                self._not_compared(given)

    def root(self) -> bytes | None:
        """The root over all entries; None where some are missing."""
        return None if self._frontier is None else self._frontier.root()

    def subtrees(self) -> bytes | None:
        """The frontier as it is kept; None where entries are missing."""
        return None if self._frontier is None else b"".join(self._frontier.subtrees)

    def _in_turn(self, number: int, place: str) -> bool:
        """Say that a number is not the next; whether the entry can be checked all the same."""
        if number < self.expected:
            self.find(place, self.expected, "out-of-order", f"it stands where entry {self.expected} belongs")
            return False
        self.find(place, self.expected, "missing-entries", f"{_range(self.expected, number - 1)} not there")
        # Whatever this one follows is not here to be compared with, and no root can be worked out any more.
        self._frontier, self._pending = None, False
        self._hashes = _Anything()
        return True

    def _settle(self, said_after: bytes | None) -> None:
        """Put the entry before into the tree, now that the one after has said what its hash was."""
        if not self._pending or self._frontier is None:
            return
        self._pending = False
        leaf = said_after if said_after is not None and said_after in self._hashes else self._hashes[0]
        self.grown += self._frontier.append(leaf)
        if self._frontier.size in self._heads:
            self._compare(self._frontier.size, self._frontier.root())

    def _compare(self, size: int, root: bytes) -> None:
        for given in self._heads.pop(size):
            if given.head.root == root:
                self._compared += 1
            else:
                self.find(
                    given.place, size - 1, "wrong-root", f"the first {size} entries are not those that were signed"
                )

    def _not_compared(self, given: Given) -> None:
        size = given.head.size
        if size > self.expected:
            words = f"{size} entries were signed, and only {self.expected} are there"
            self.find(given.place, self.expected, "missing-entries", words)
        else:
            words = f"the root of {size} entries cannot be worked out, since some are missing"
            self.find(given.place, size - 1, "unchecked-head", words)


class _Anything(tuple[bytes, ...]):
    """Stands for a hash that is not known: every one may be it."""

    __slots__ = ()

    def __contains__(self, _hash: object) -> bool:
        return True


def _by_size(heads: Iterable[Given]) -> dict[int, list[Given]]:
    found: dict[int, list[Given]] = {}
    for given in heads:
        found.setdefault(given.head.size, []).append(given)
    return found


def _range(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def summary_of(chain: Chain, heads: int, keys: Mapping[str, object] | None) -> str:
    """One line for people: what was checked, and what was found."""
    parts = [_counted(chain.expected, "entry", "entries")]
    parts.append(f"{chain.compared:,} of {_counted(heads, 'signed head agrees', 'signed heads agree')}")
    if keys is None and heads:
        parts.append("signatures not checked")
    parts.append("nothing is wrong" if not chain.count else _counted(chain.count, "finding", "findings"))
    return "; ".join(parts)


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
