"""A signed head of the tree: a statement that the first entries are those with this root. It reads no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.governance.ledger.proofs.signing import SigningKey, holds
from assay.governance.ledger.rules import hash_of

# From a key's id to its public half.
TrustedKeys = Mapping[str, Ed25519PublicKey]
_FIELDS = frozenset(("at", "key", "root", "signature", "size"))


@dataclass(frozen=True, slots=True)
class SignedHead:
    """What was signed, when and by which key.

    at  microseconds since the epoch
    """

    size: int
    root: bytes
    at: int
    key: str
    signature: bytes

    def statement(self) -> bytes:
        """The bytes that are signed."""
        return _statement(self.size, self.root, self.at, self.key)

    def written(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "at": format_instant(self.at),
            "key": self.key,
            "root": self.root.hex(),
            "signature": self.signature.hex(),
            "size": self.size,
        }


def _statement(size: int, root: bytes, at: int, key: str) -> bytes:
    return canonical_json({"at": format_instant(at), "key": key, "root": root.hex(), "size": size})


def sign(key: SigningKey, *, size: int, root: bytes, at: int) -> SignedHead:
    """Sign the tree over the first `size` entries."""
    return SignedHead(size, root, at, key.id, key.sign(_statement(size, root, at, key.id)))


def read_head(given: object) -> SignedHead | None:
    """A signed head from JSON; None where it is none, or is not written as we write it."""
    if not isinstance(given, dict) or set(given) != _FIELDS:
        return None
    root, at, size = hash_of(given["root"]), given["at"], given["size"]
    instant = parse_instant(at) if isinstance(at, str) else None
    signature = given["signature"]
    if root is None or instant is None or type(size) is not int or size < 1 or not isinstance(given["key"], str):
        return None
    try:
        head = SignedHead(size, root, instant, given["key"], bytes.fromhex(signature))
    except (TypeError, ValueError):
        return None
    return head if head.written() == given else None


def check_signature(head: SignedHead, keys: TrustedKeys) -> Fault | None:
    """What is wrong with a head's signature, or None."""
    public = keys.get(head.key)
    if public is None:
        return Fault("unknown-key", f"the key `{head.key[:32]}` that signed it is none of those trusted here")
    if not holds(public, head.statement(), head.signature):
        return Fault("bad-signature", "its signature is not of what stands there")
    return None
