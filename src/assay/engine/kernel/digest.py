"""Canonical JSON and content addresses. It never depends on the order in which anything was written down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def canonical_json(value: object) -> bytes:
    """UTF-8, keys sorted, no spaces; the same value always gives the same bytes.

    raises  ValueError for NaN and infinities, which JSON has no word for
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def sha256_of(content: bytes) -> str:
    """The content address of some bytes: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def digest_of_files(files: Mapping[str, str]) -> str:
    """The content address of a set of text files, by their names and contents."""
    return sha256_of(canonical_json({name: sha256_of(text.encode("utf-8")) for name, text in files.items()}))


def share_of(identifier: str, salt: str) -> float:
    """A number in [0, 1) that is always the same for an identifier and a salt, and even over identifiers."""
    first = hashlib.sha256(f"{salt}\x00{identifier}".encode()).digest()[:8]
    # 53 bits are what a double holds exactly; more would round up to 1.0 now and then.
    return (int.from_bytes(first, "big") >> 11) / (1 << 53)
