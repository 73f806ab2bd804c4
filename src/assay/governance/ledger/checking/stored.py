"""The ledger in its store: checked whole, and exported. It changes nothing, and others may write meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import DatabaseError, connection

from assay.governance.ledger import triggers
from assay.governance.ledger.checking.chain import Chain, Given, summary_of
from assay.governance.ledger.checking.exports import export_lines
from assay.governance.ledger.models import Head, TreeHead, place_of
from assay.governance.ledger.proofs.heads import SignedHead, TrustedKeys
from assay.governance.ledger.proofs.made import signed
from assay.governance.ledger.rules import NOTHING_BEFORE, Record
from assay.governance.ledger.tree import Frontier

# Whole subtrees of this many entries: their nodes stand side by side and are read at once.
CHUNK = 1 << 13
_ENTRIES = (
    "SELECT number, at, actor, way, kind, subject, content, previous, hash FROM ledger_entry "
    "WHERE number >= %s AND number < %s ORDER BY number"
)
_LEAST = -(1 << 63)


def check_store(
    keys: TrustedKeys | None = None, reached: Callable[[int], None] = lambda _: None, kept: SignedHead | None = None
) -> tuple[Chain, str]:
    """Check every entry, link, node and signed head. Returns the check with its findings, and one line for people.

    kept     the head that was signed last, as it was kept outside the store
    reached  told after each chunk how many entries are checked
    """
    # Heads before the size: one that is signed meanwhile would seem to be of entries that are not there.
    heads = [Given(f"signed head of {head.size} entries", head) for head in signed_heads()]
    size, last, frontier = _head()
    if kept is not None and kept not in [each.head for each in heads]:
        heads.append(Given(f"the head of {kept.size} entries kept beside the key", kept))
    chain = Chain(heads, keys)
    if not triggers.installed(connection):
        chain.find(
            "the store",
            0,
            "no-triggers",
            "the triggers that guard the ledger are not there; run `assay workbench migrate`",
        )
    stray = _below_zero()
    if stray is not None:
        chain.find(f"entry {stray}", 0, "out-of-order", "it stands before entry 0")
    for start in range(0, size, CHUNK):
        end = min(start + CHUNK, size)
        _check_chunk(chain, start, end)
        reached(end)
    chain.finish(size, last, "the head")
    _check_nodes(chain, (size - 1) // CHUNK * CHUNK if size else 0, size)
    if chain.expected == size and chain.subtrees() not in (None, frontier):
        chain.find("the head", max(size - 1, 0), "changed-end", "its subtrees are not those of the entries")
    _check_rest(chain, size)
    return chain, summary_of(chain, len(heads), keys)


def export_store() -> Iterator[bytes]:
    """The lines of an export of every entry that is there now."""
    size, last, frontier = _head()
    root = Frontier(size, [frontier[at : at + 32] for at in range(0, len(frontier), 32)]).root()
    heads = [head for head in signed_heads() if head.size <= size]
    return export_lines(_records(size), heads, size=size, last=last, root=root)


def signed_heads() -> list[SignedHead]:
    """Every signed head, the smallest first."""
    return [signed(head) for head in TreeHead.objects.order_by("size")]


def _head() -> tuple[int, bytes, bytes]:
    found = Head.objects.values_list("size", "last", "frontier").first()
    return (0, NOTHING_BEFORE, b"") if found is None else (found[0], bytes(found[1]), bytes(found[2]))


def _rows(first: int, end: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, (first, end))
        return list(cursor.fetchall())


def _records(size: int) -> Iterator[tuple[Record, bytes]]:
    for start in range(0, size, CHUNK):
        for row in _rows(start, min(start + CHUNK, size)):
            number, at, actor, way, kind, subject, content, previous, hashed = row
            yield Record(number, at, actor, way, kind, subject, content, bytes(previous)), bytes(hashed)


def _check_chunk(chain: Chain, start: int, end: int) -> None:
    try:
        rows = _rows(start, end)
    except DatabaseError as error:
        # Text that is none, for one: the store cannot even hand it over.
        words = f"these cannot be read ({type(error).__name__})"
        chain.find(f"entries {start} to {end - 1}", start, "unreadable", words)
        return
    add = chain.add
    for number, at, actor, way, kind, subject, content, previous, hashed in rows:
        add(number, (at, actor, way, kind, subject, content, _bytes(previous)), _bytes(hashed))
    # The last leaf of a chunk is put into the tree by the entry after it, so nodes are looked at one chunk later.
    if start:
        _check_nodes(chain, start - CHUNK, start)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else bytes(value) if isinstance(value, memoryview) else b""


def _check_nodes(chain: Chain, start: int, end: int) -> None:
    """Compare the nodes over some entries with those that the entries give."""
    grown = [each for each in chain.grown if each[1] << each[0] < end]
    chain.grown = [each for each in chain.grown if each[1] << each[0] >= end]
    if chain.root() is None or not grown:
        return
    wanted = {place_of(level, index): found for level, index, found in grown if level}
    low, high = 2 * start, 2 * (start + CHUNK) - 2
    stored = _nodes("place >= %s AND place <= %s", (low, high))
    others = [place for place in wanted if not low <= place <= high]
    if others:
        stored |= _nodes(f"place IN ({', '.join(['%s'] * len(others))})", others)
    # Whoever writes meanwhile adds nodes to the last chunk; of entries behind the end nothing is asked here.
    stored = {place: found for place, found in stored.items() if place in wanted or sum(_covered(place)) <= end}
    if stored == wanted:
        return
    for place in sorted(set(stored) | set(wanted)):
        if stored.get(place) != wanted.get(place):
            _find_node(chain, place)


def _nodes(where: str, given: Iterable[int]) -> dict[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT place, hash FROM ledger_node WHERE {where}", list(given))  # noqa: S608 (our own words)
        return {place: _bytes(found) for place, found in cursor.fetchall()}


def _find_node(chain: Chain, place: int) -> None:
    first, count = _covered(place)
    last = first + count - 1
    words = "the hash that is kept over these entries is not what they give"
    chain.find(f"entries {first} to {last}", first, "wrong-node", words)


def _covered(place: int) -> tuple[int, int]:
    """The first entry under a node, and how many there are."""
    level = ((place + 1) & -(place + 1)).bit_length() - 1
    return ((place + 1) >> level) // 2 << level, 1 << level


def _below_zero() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM ledger_entry WHERE number < 0 ORDER BY number LIMIT 1")
        found = cursor.fetchone()
    return None if found is None else int(found[0])


def _check_rest(chain: Chain, size: int) -> None:
    """What should not be there: entries behind the head, nodes of no tree. One look each, since others may write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM ledger_entry WHERE number >= COALESCE((SELECT size FROM ledger_head), 0) "
            "ORDER BY number LIMIT 1"
        )
        found = cursor.fetchone()
    if found is not None:
        chain.find(f"entry {found[0]}", int(found[0]), "more-entries", "it stands behind the end of the ledger")
    if chain.expected == size and chain.root() is not None and not _as_many_nodes_as_entries_give():
        chain.find("the nodes", max(size - 1, 0), "wrong-node", "there are more or fewer of them than the entries give")


def _as_many_nodes_as_entries_give() -> bool:
    """Whether each entry gave one node, but for the whole subtrees that are left at the right edge."""
    with connection.cursor() as cursor:
        # One question, so that nobody writes between its halves.
        cursor.execute("SELECT COALESCE((SELECT size FROM ledger_head), 0), (SELECT COUNT(*) FROM ledger_node)")
        size, count = cursor.fetchone()
    return bool(count == size - int(size).bit_count())
