"""Proofs as JSON that anybody can check with a few hashes: that an entry is in a tree, that one tree begins another.

They need no store and no Django.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.proofs.heads import SignedHead, TrustedKeys, check_signature, read_head
from assay.governance.ledger.rules import LARGEST_NUMBER, Record, entry_bytes, hash_of, is_well_formed
from assay.governance.ledger.tree import is_consistent, leaf_hash, root_by_inclusion

INCLUSION, CONSISTENCY = "assay-ledger-inclusion/1", "assay-ledger-consistency/1"
_ENTRY = frozenset(("actor", "at", "content", "kind", "number", "previous", "subject", "way"))
_INCLUSION = frozenset(("entry", "format", "head", "path", "root", "size"))
_CONSISTENCY = frozenset(("format", "new", "old", "path"))


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a proof.

    words    what it shows, where nothing is wrong
    signed   whether signatures were checked
    """

    words: str
    faults: tuple[Fault, ...] = ()
    signed: bool = False


def inclusion_document(
    record: Record, size: int, path: Sequence[bytes], root: bytes, head: SignedHead | None
) -> dict[str, object]:
    """The proof that an entry is in the tree over the first `size`, with the signed head of it where there is one."""
    return {
        "entry": entry_object(record),
        "format": INCLUSION,
        "head": None if head is None else head.written(),
        "path": [each.hex() for each in path],
        "root": root.hex(),
        "size": size,
    }


def consistency_document(
    old: tuple[int, bytes, SignedHead | None], new: tuple[int, bytes, SignedHead | None], path: Sequence[bytes]
) -> dict[str, object]:
    """The proof that one tree is the beginning of a later one."""
    return {
        "format": CONSISTENCY,
        "new": _tree(*new),
        "old": _tree(*old),
        "path": [each.hex() for each in path],
    }


def entry_object(record: Record) -> dict[str, object]:
    """An entry as JSON; its canonical form is what is hashed."""
    return dict(json.loads(record.written()))


def not_signed(document: dict[str, object]) -> list[int]:
    """The sizes of the trees in a proof whose roots nobody has signed."""
    trees = [document] if document["format"] == INCLUSION else [document["old"], document["new"]]
    return [int(each["size"]) for each in trees if isinstance(each, dict) and each["head"] is None]


def check_document(given: object, keys: TrustedKeys | None) -> Checked:
    """Check a proof.

    keys  who is trusted to sign; None leaves signatures unchecked
    """
    if isinstance(given, dict) and given.get("format") == INCLUSION:
        return _check_inclusion(given, keys)
    if isinstance(given, dict) and given.get("format") == CONSISTENCY:
        return _check_consistency(given, keys)
    return _broken("it is no proof of ours; `assay ledger prove` makes one")


def _check_inclusion(given: dict[str, object], keys: TrustedKeys | None) -> Checked:
    entry, size, root, path = given.get("entry"), given.get("size"), hash_of(given.get("root")), given.get("path")
    leaf, hashes = _leaf(entry), _hashes(path)
    if set(given) != _INCLUSION or leaf is None or root is None or hashes is None or type(size) is not int:
        return _broken("a field is missing, or is not written as `assay ledger prove` does")
    number, hashed = leaf
    if root_by_inclusion(number, size, hashed, hashes) != root:
        return _broken(f"the path does not lead from entry {number} to the root", "wrong-proof")
    faults = _check_head(given["head"], size, root, keys)
    words = f"entry {number} is among the first {size:,} entries, whose root is {root.hex()}"
    return Checked(words, tuple(faults), keys is not None and given["head"] is not None)


def _check_consistency(given: dict[str, object], keys: TrustedKeys | None) -> Checked:
    old, new, hashes = _read_tree(given.get("old")), _read_tree(given.get("new")), _hashes(given.get("path"))
    if set(given) != _CONSISTENCY or old is None or new is None or hashes is None:
        return _broken("a field is missing, or is not written as `assay ledger prove` does")
    (old_size, old_root, old_head), (new_size, new_root, new_head) = old, new
    if not is_consistent(old_size, new_size, old_root, new_root, hashes):
        return _broken(f"the tree of {new_size} does not begin with the one of {old_size}", "wrong-proof")
    faults = [*_check_head(old_head, old_size, old_root, keys), *_check_head(new_head, new_size, new_root, keys)]
    words = f"the first {old_size:,} entries are unchanged among the first {new_size:,}"
    return Checked(words, tuple(faults), keys is not None and old_head is not None and new_head is not None)


def _leaf(entry: object) -> tuple[int, bytes] | None:
    """The number and the hash of an entry from JSON."""
    if not isinstance(entry, dict) or set(entry) != _ENTRY:
        return None
    previous, number = hash_of(entry["previous"]), entry["number"]
    if previous is None or type(number) is not int or not 0 <= number <= LARGEST_NUMBER:
        return None
    try:
        content = canonical_json(entry["content"]).decode()
    except ValueError:
        return None
    parts = (entry["at"], entry["actor"], entry["way"], entry["kind"], entry["subject"], content, previous)
    if not is_well_formed(*parts):
        return None
    at, actor, way, kind, subject, _, _ = parts
    return number, leaf_hash(entry_bytes(number, at, actor, way, kind, subject, content, previous))


def _hashes(path: object) -> list[bytes] | None:
    if not isinstance(path, list) or len(path) > 130:
        return None
    found = [hash_of(each) for each in path]
    whole = [each for each in found if each is not None]
    return whole if len(whole) == len(found) else None


def _tree(size: int, root: bytes, head: SignedHead | None) -> dict[str, object]:
    return {"head": None if head is None else head.written(), "root": root.hex(), "size": size}


def _read_tree(given: object) -> tuple[int, bytes, object] | None:
    if not isinstance(given, dict) or set(given) != {"head", "root", "size"} or type(given["size"]) is not int:
        return None
    root = hash_of(given["root"])
    return None if root is None else (given["size"], root, given["head"])


def _check_head(given: object, size: int, root: bytes, keys: TrustedKeys | None) -> list[Fault]:
    """What is wrong with the signed head that a proof carries; that it carries none is said where keys are given."""
    if given is None:
        return [] if keys is None else [Fault("not-signed", f"the root of the first {size} entries is not signed")]
    head = read_head(given)
    if head is None or head.size != size or head.root != root:
        return [Fault("wrong-head", f"the signed head is not that of the first {size} entries", "head")]
    found = None if keys is None else check_signature(head, keys)
    return [] if found is None else [found]


def _broken(words: str, slug: str = "bad-proof") -> Checked:
    return Checked("", (Fault(slug, words),))
