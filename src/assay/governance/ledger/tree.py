"""A Merkle tree over entries in order, as RFC 6962 has it: roots, and proofs that need a few hashes. It keeps nothing.

Subtrees are named by level and place: at level 0 stand the leaves, and a node at level `n` covers `2 ** n` of them.
Only whole subtrees have a name; what is left at the right edge is worked out from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

# From level and place to the hash of a whole subtree.
Nodes: TypeAlias = Callable[[int, int], bytes]
_LEAF, _NODE = b"\x00", b"\x01"
EMPTY_ROOT = hashlib.sha256().digest()


class NoSuchProof(ValueError):
    """A proof was asked for that cannot be: an entry beyond the tree, or a tree that is larger than a later one."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf; a prefix keeps a leaf from being taken for a node."""
    return hashlib.sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(_NODE + left + right).digest()


class Frontier:
    """A tree that grows at its right edge. It holds one hash a level, however many entries there are.

    size      entries so far
    subtrees  hashes of the whole subtrees that the tree falls into, the largest first
    """

    def __init__(self, size: int = 0, subtrees: Sequence[bytes] = ()) -> None:
        if size < 0 or len(subtrees) != size.bit_count():
            raise ValueError(f"{size} entries fall into {max(size, 0).bit_count()} whole subtrees, not {len(subtrees)}")
        self.size, self.subtrees = size, list(subtrees)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add the hash of a leaf. Returns every subtree that is whole now: level, place, hash; the leaf comes first."""
        level, place, found = 0, self.size, leaf
        made = [(level, place, found)]
        while place & 1:
            found = node_hash(self.subtrees.pop(), found)
            level, place = level + 1, place >> 1
            made.append((level, place, found))
        self.subtrees.append(found)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The hash of the whole tree."""
        return _joined(self.subtrees)


def root_of(size: int, nodes: Nodes) -> bytes:
    """The root of the tree over the first `size` entries."""
    return _joined([nodes(level, place) for level, place in _whole(0, size)])


def inclusion_path(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The hashes that lead from an entry to the root of the tree over the first `size`, the nearest first.

    raises  NoSuchProof where the entry is not in that tree
    source  RFC 6962, section 2.1.1
    """
    if not 0 <= index < size:
        raise NoSuchProof(f"entry {index} is not among the first {size}")
    return [_range_hash(low, high, nodes) for low, high in reversed(list(_siblings(index, 0, size)))]


def consistency_path(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The hashes that show the tree over the first `old` entries to be the beginning of the one over `new`.

    raises  NoSuchProof where `old` is no tree, or larger than `new`
    source  RFC 6962, section 2.1.2
    """
    if not 0 < old <= new:
        raise NoSuchProof(f"a tree of {old} entries is not the beginning of one of {new}")
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old - low != high - low:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_hash(middle, high, nodes))
            high = middle
        else:
            path.append(_range_hash(low, middle, nodes))
            low, whole = middle, False
    # A verifier has the old root; it needs this hash only where the old tree is not a subtree by itself.
    return [*([] if whole else [_range_hash(low, high, nodes)]), *reversed(path)]


def root_by_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to from a leaf, or None where the path has another length than it must."""
    if not 0 <= index < size:
        return None
    siblings = list(_siblings(index, 0, size))
    if len(path) != len(siblings):
        return None
    found = leaf
    for (low, _), sibling in zip(reversed(siblings), path, strict=True):
        found = node_hash(sibling, found) if low < index else node_hash(found, sibling)
    return found


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path shows that the tree with the new root begins with the one with the old root."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    rest = list(path)
    # Where the old tree is a subtree by itself, its root stands first without being said.
    if old & (old - 1) == 0:
        rest.insert(0, old_root)
    turns = list(_turns(old, new))
    if len(rest) != len(turns) + 1:
        return False
    was = now = rest[0]
    for left, sibling in zip(reversed(turns), rest[1:], strict=True):
        if left:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
        else:
            now = node_hash(now, sibling)
    return was == old_root and now == new_root


def _split(size: int) -> int:
    """The size of the left part: the largest power of two below the whole."""
    return 1 << (size - 1).bit_length() - 1


def _turns(old: int, new: int) -> Iterator[bool]:
    """On the way down to where the old tree ends: whether the part beside it stands on the left."""
    low, high = 0, new
    while old != high:
        middle = low + _split(high - low)
        yield old > middle
        low, high = (middle, high) if old > middle else (low, middle)


def _siblings(index: int, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The parts beside the way from the root to an entry, the largest first."""
    while high - low > 1:
        middle = low + _split(high - low)
        yield (middle, high) if index < middle else (low, middle)
        low, high = (low, middle) if index < middle else (middle, high)


def _whole(low: int, high: int) -> Iterator[tuple[int, int]]:
    """The whole subtrees that a part falls into, the largest first; the part begins where such a subtree can."""
    while low < high:
        level = (high - low).bit_length() - 1
        yield level, low >> level
        low += 1 << level


def _range_hash(low: int, high: int, nodes: Nodes) -> bytes:
    return _joined([nodes(level, place) for level, place in _whole(low, high)])


def _joined(subtrees: Sequence[bytes]) -> bytes:
    """The root over whole subtrees that become smaller from left to right."""
    if not subtrees:
        return EMPTY_ROOT
    found = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        found = node_hash(left, found)
    return found
