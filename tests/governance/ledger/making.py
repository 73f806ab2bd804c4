"""What the ledger's tests write and spoil: events of a made-up room, chains without a store. It holds no test."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.instants import instant_of
from assay.governance.ledger.checking.chain import Chain
from assay.governance.ledger.checking.exports import check_export, export_lines
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import event
from assay.governance.ledger.models import Entry
from assay.governance.ledger.proofs.heads import SignedHead, sign
from assay.governance.ledger.proofs.signing import SigningKey, key_id
from assay.governance.ledger.rules import NOTHING_BEFORE, Record
from assay.governance.ledger.tree import Frontier
from assay.governance.office.actor import SYSTEM
from assay.governance.office.references import Reference

NOW = datetime(2026, 12, 15, 10, tzinfo=UTC)
# A key that is only ever the same is fit for tests alone.
_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = SigningKey(key_id(_PRIVATE.public_key()), _PRIVATE)
KEYS = {KEY.id: KEY.public}


@event("tests.thing-counted", words="counted {count} of {subject}")
@dataclass(frozen=True, slots=True)
class ThingCounted:
    count: int


@event("tests.thing-moved", words="moved {subject} to {place}")
@dataclass(frozen=True, slots=True)
class ThingMoved:
    place: Reference


def written(count: int, *, start: int = 0) -> list[Entry]:
    """Entries in the store, all in one transaction."""
    with transaction.atomic():
        return [
            append(
                ThingCounted(number), subject=Reference("thing", f"t{number % 5}"), by=SYSTEM,
                at=NOW + timedelta(minutes=number),
            )
            for number in range(start, start + count)
        ]  # fmt: skip


def a_chain(count: int) -> list[tuple[Record, bytes]]:
    """Records that follow each other, without a store."""
    made: list[tuple[Record, bytes]] = []
    previous = NOTHING_BEFORE
    for number in range(count):
        content = canonical_json({"count": number * 7}).decode()
        at = instant_of(NOW + timedelta(minutes=number))
        subject = f"thing:t{number % 5}"
        record = Record(number, at, "system:clerk", "system", "tests.thing-counted", subject, content, previous)
        previous = record.hash()
        made.append((record, previous))
    return made


def a_head(chain: Sequence[tuple[Record, bytes]], size: int, key: SigningKey = KEY) -> SignedHead:
    """The signed head of the first so many."""
    return sign(key, size=size, root=root_over(chain, size), at=instant_of(NOW) + size)


def root_over(chain: Sequence[tuple[Record, bytes]], size: int) -> bytes:
    frontier = Frontier()
    for _, hashed in chain[:size]:
        frontier.append(hashed)
    return frontier.root()


def an_export(chain: Sequence[tuple[Record, bytes]], sizes: Sequence[int]) -> list[bytes]:
    """The lines of an export of a chain with heads of these sizes."""
    last = chain[-1][1] if chain else NOTHING_BEFORE
    heads = [a_head(chain, size) for size in sizes]
    root = root_over(chain, len(chain))
    return list(export_lines(chain, heads, size=len(chain), last=last, root=root))


def checked(lines: Sequence[bytes], *, signatures: bool = True) -> Chain:
    """What the check of an export finds."""
    return check_export(io.BytesIO(b"".join(lines)), KEYS if signatures else None)[0]
