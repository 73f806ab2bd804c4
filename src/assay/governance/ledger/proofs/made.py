"""Proofs made from the store. They are checked by `documents`, which needs none. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import QuerySet

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.models import Entry, Head, Node, TreeHead, place_of
from assay.governance.ledger.proofs.documents import consistency_document, inclusion_document
from assay.governance.ledger.proofs.heads import SignedHead
from assay.governance.ledger.tree import Nodes, NoSuchProof, consistency_path, inclusion_path, root_of

T = TypeVar("T")
Document = dict[str, object]


def prove_inclusion(number: int, size: int | None = None) -> Document | Fault:
    """The proof that an entry is among the first `size`; without a size, among those signed last, or all there are."""
    entries = size_now()
    wanted = _covering(number, entries) if size is None else size
    if not 0 < wanted <= entries:
        return Fault("no-such-size", f"the ledger has {entries:,} entries, so there is no tree of `{wanted}`", "size")
    entry = Entry.objects.filter(number=number).first() if 0 <= number < entries else None
    if entry is None or number >= wanted:
        return Fault("no-such-entry", f"entry `{number}` is not among the first {wanted:,}", "number")

    def work(nodes: Nodes) -> tuple[list[bytes], bytes]:
        return inclusion_path(number, wanted, nodes), root_of(wanted, nodes)

    path, root = gathered(work)
    return inclusion_document(entry.record, wanted, path, root, head_of(wanted))


def prove_consistency(old: int, new: int | None = None) -> Document | Fault:
    """The proof that the first `old` entries are unchanged among the first `new`; without it, among those signed."""
    entries = size_now()
    later = _covering(old - 1, entries) if new is None else new
    if not 0 < later <= entries:
        return Fault("no-such-size", f"the ledger has {entries:,} entries, so there is no tree of `{later}`", "new")

    def work(nodes: Nodes) -> tuple[list[bytes], bytes, bytes]:
        return consistency_path(old, later, nodes), root_of(old, nodes), root_of(later, nodes)

    try:
        path, old_root, new_root = gathered(work)
    except NoSuchProof:
        return Fault("no-such-size", f"a tree of `{old}` entries is not the beginning of one of {later:,}", "old")
    return consistency_document((old, old_root, head_of(old)), (later, new_root, head_of(later)), path)


def gathered(work: Callable[[Nodes], T]) -> T:
    """Run something over the nodes of the tree with two questions to the store, however many nodes it needs.

    It is run twice: once to hear which nodes it asks for, and again with them.
    """
    wanted: set[tuple[int, int]] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(32)

    work(note)
    leaves = [index for level, index in wanted if level == 0]
    places = [place_of(level, index) for level, index in wanted if level]
    found = {2 * number: bytes(hashed) for number, hashed in _pairs(Entry, "number", leaves)}
    found |= {place: bytes(hashed) for place, hashed in _pairs(Node, "place", places)}
    return work(lambda level, index: found[place_of(level, index)])


def _pairs(model: type[Entry | Node], key: str, keys: list[int]) -> list[tuple[int, bytes]]:
    return list(QuerySet(model).filter(**{f"{key}__in": keys}).values_list(key, "hash")) if keys else []


def root_now(size: int) -> bytes | None:
    """The root of the first `size` entries as they are kept now; None where there are fewer, or some are missing."""
    if not 0 < size <= size_now():
        return None
    try:
        return gathered(lambda nodes: root_of(size, nodes))
    except KeyError:
        return None


def size_now() -> int:
    """How many entries there are."""
    return Head.objects.values_list("size", flat=True).first() or 0


def signed(head: TreeHead) -> SignedHead:
    """A kept head as it was signed."""
    return SignedHead(head.size, bytes(head.root), head.at, head.key_id, bytes(head.signature))


def head_of(size: int) -> SignedHead | None:
    """The signed head of just so many entries, if there is one."""
    found = TreeHead.objects.filter(size=size).first()
    return None if found is None else signed(found)


def _covering(number: int, entries: int) -> int:
    """The size that was signed last, if the entry is in it."""
    last = TreeHead.objects.order_by("-size").values_list("size", flat=True).first()
    return last if last is not None and number < last else entries
