"""Under which number a record is sent, so that a broker takes it once. It sends nothing."""

from __future__ import annotations

import hashlib

from assay.interfaces.stores.entry import Entry

KEY_HEADER = "Assay-Key"


def message_id(entry: Entry) -> str:
    """The same for the same request, or without a key for the same record: what comes again is the same message."""
    named = f"key {entry.key}".encode("utf-8", "surrogatepass") if entry.key else entry.record
    return hashlib.blake2b(named, digest_size=16).hexdigest()


def header_text(text: str) -> str:
    """A text that can stand in a header."""
    return "".join(each if " " <= each <= "~" else "?" for each in text)
