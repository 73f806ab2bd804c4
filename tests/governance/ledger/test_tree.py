"""The tree is RFC 6962's: as its recursive definition says, and as an implementation that is not ours does it."""

from __future__ import annotations

import hashlib
from functools import cache

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.governance.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    NoSuchProof,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    root_by_inclusion,
    root_of,
)

MOST = 70
ENTRIES = [b"entry %d" % number for number in range(MOST)]


@cache
def defined(low: int, high: int) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if high == low:
        return hashlib.sha256().digest()
    if high - low == 1:
        return hashlib.sha256(b"\x00" + ENTRIES[low]).digest()
    split = 1
    while split * 2 < high - low:
        split *= 2
    return hashlib.sha256(b"\x01" + defined(low, low + split) + defined(low + split, high)).digest()


def kept() -> dict[tuple[int, int], bytes]:
    frontier = Frontier()
    return {(level, place): found for entry in ENTRIES for level, place, found in frontier.append(leaf_hash(entry))}


NODES = kept()


def nodes(level: int, place: int) -> bytes:
    return NODES[level, place]


@pytest.fixture(scope="module")
def oracle() -> pymerkle.InmemoryTree:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in ENTRIES:
        tree.append_entry(entry)
    return tree


def test_the_root_is_the_one_that_is_defined() -> None:
    assert root_of(0, nodes) == EMPTY_ROOT
    assert [root_of(size, nodes) for size in range(1, MOST + 1)] == [defined(0, size) for size in range(1, MOST + 1)]


def test_the_frontier_gives_the_same_root_at_every_size() -> None:
    frontier = Frontier()
    for size, entry in enumerate(ENTRIES, 1):
        frontier.append(leaf_hash(entry))
        again = Frontier(frontier.size, frontier.subtrees)
        assert (frontier.root(), again.root()) == (defined(0, size),) * 2


def test_proofs_are_those_of_another_implementation(oracle: pymerkle.InmemoryTree) -> None:
    for size in range(1, MOST + 1, 3):
        for index in range(0, size, 5):
            proof = oracle.prove_inclusion(index + 1, size)
            root = root_by_inclusion(index, size, leaf_hash(ENTRIES[index]), inclusion_path(index, size, nodes))
            assert root == oracle.get_root(size) == defined(0, size)
            # Its paths begin with the leaf itself.
            assert inclusion_path(index, size, nodes) == [bytes.fromhex(each) for each in proof.serialize()["path"]][1:]
        for old in range(1, size + 1, 4):
            path = consistency_path(old, size, nodes)
            assert is_consistent(old, size, oracle.get_root(old), oracle.get_root(size), path)


@given(st.data())
def test_a_proof_of_anything_else_does_not_hold(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, nodes)
    root, leaf = defined(0, size), leaf_hash(ENTRIES[index])
    assert root_by_inclusion(index, size, leaf, path) == root
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index))
    assert root_by_inclusion(index, size, leaf_hash(ENTRIES[other]), path) != root
    assert root_by_inclusion(other, size, leaf, path) != root
    assert root_by_inclusion(index, size, leaf, path[:-1]) != root
    assert root_by_inclusion(index, size, leaf, [*path, leaf]) != root


@given(st.data())
def test_a_tree_that_was_changed_is_not_consistent(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, MOST))
    old = data.draw(st.integers(1, new))
    path = consistency_path(old, new, nodes)
    was, now = defined(0, old), defined(0, new)
    assert is_consistent(old, new, was, now, path)
    assert not is_consistent(old, new, leaf_hash(was), now, path)
    assert not is_consistent(old, new, was, leaf_hash(now), path)
    assert not is_consistent(old, new, was, now, [*path, was])
    if path:
        assert not is_consistent(old, new, was, now, path[1:])
        assert not is_consistent(old, new, was, now, [leaf_hash(path[0]), *path[1:]])


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(NoSuchProof):
        inclusion_path(index, size, nodes)
    assert root_by_inclusion(index, size, bytes(32), []) is None


def test_an_empty_tree_begins_no_other() -> None:
    with pytest.raises(NoSuchProof):
        consistency_path(0, 3, nodes)
    assert not is_consistent(0, 3, EMPTY_ROOT, defined(0, 3), [])
