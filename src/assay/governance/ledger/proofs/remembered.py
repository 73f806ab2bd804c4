"""The last head that was signed here, kept in a file beside the key. It knows no store: that is what it is kept from.

Whoever can write to the database alone can put an older or another ledger into it, signed heads and all. This file
says what the ledger was, and the key does not sign another one.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.proofs.heads import SignedHead, read_head

_LARGEST = 10_000


def place_of_head(key: Path) -> Path:
    """Where the head stands that was signed with a key: `ledger.head` beside `ledger.key`."""
    return key.with_suffix(".head") if key.suffix != ".head" else key.with_name(key.name + ".last")


def remembered(key: Path) -> SignedHead | Fault | None:
    """The head that was signed last here; None before the first."""
    path = place_of_head(key)
    try:
        with path.open("rb") as stream:
            head = read_head(json.loads(stream.read(_LARGEST)))
    except FileNotFoundError:
        return None
    except OSError as error:
        return Fault("unreadable", f"`{path}` cannot be read: {(error.strerror or 'no reason given').lower()}")
    except (ValueError, RecursionError):
        head = None
    if head is None:
        return Fault("bad-head", f"`{path}` holds no signed head; run `assay ledger verify`, then move it away")
    return head


def remember(key: Path, head: SignedHead) -> Fault | None:
    """Put a head in the place of the one before, whole or not at all."""
    path = place_of_head(key)
    try:
        number, name = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(canonical_json(head.written()) + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        return Fault("unwritable", f"`{path}` cannot be written: {(error.strerror or 'no reason given').lower()}")
    return None
