"""What is written to the ledger: entries, and signed heads of its tree. Nothing else in the program writes there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import SECOND, instant_of
from assay.governance.ledger.events import Digest, content_of, event, kind_of
from assay.governance.ledger.models import Entry, Head, Node, Offset, TreeHead, place_of
from assay.governance.ledger.proofs.heads import sign
from assay.governance.ledger.proofs.made import root_now
from assay.governance.ledger.proofs.remembered import remember, remembered
from assay.governance.ledger.proofs.signing import SigningKey, read_or_make_key
from assay.governance.ledger.rules import NOTHING_BEFORE, Record
from assay.governance.ledger.subscribers import bell
from assay.governance.ledger.tree import Frontier
from assay.governance.office.actor import SYSTEM, Actor
from assay.governance.office.operations import LedgerRule, command, note_entry
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role

SIGN_EVERY = 3600 * SECOND


@event("ledger.head-signed", words="signed the ledger, now of {size} entries, with {key}")
@dataclass(frozen=True, slots=True)
class HeadSigned:
    """The tree over the first entries was signed.

    root  of that tree
    """

    size: int
    root: Digest
    key: Reference


def append(happened: object, *, subject: Reference, by: Actor, at: datetime) -> Entry:
    """Write down what happened, in the transaction of what it records.

    happened  of a class declared by `@event`
    raises    NotAnEvent for anything else; LedgerRule outside a transaction
    """
    if not connection.in_atomic_block:
        raise LedgerRule("an entry is written in the transaction of what it records, and there is none")
    head = _held_head()
    frontier = Frontier(head.size, _parted(bytes(head.frontier)))
    record = Record(
        number=head.size,
        at=instant_of(at),
        actor=str(by.who),
        way=by.way,
        kind=kind_of(happened).name,
        subject=str(subject),
        content=content_of(happened),
        previous=bytes(head.last),
    )
    made = record.hash()
    entry = Entry(**{name: getattr(record, name) for name in record.__slots__}, hash=made)
    entry.save(force_insert=True)
    nodes = [Node(place=place_of(level, place), hash=found) for level, place, found in frontier.append(made)[1:]]
    if nodes:
        Node.objects.bulk_create(nodes)
    Head.objects.filter(pk=1).update(size=frontier.size, last=made, frontier=b"".join(frontier.subtrees))
    note_entry()
    transaction.on_commit(bell.set)
    return entry


@event("ledger.subscriber-tried-again", words="let {subject} try again")
@dataclass(frozen=True, slots=True)
class SubscriberTriedAgain:
    """A failing subscriber was let try again at once.

    entry     at which it stands
    failures  how often that one had failed
    """

    entry: int
    failures: int


@command("ledger.try-again", words="let a failing subscriber try again", roles=frozenset({Role.ADMINISTRATOR}))
def try_again(*, by: Actor, at: datetime, name: str) -> Offset | list[Fault]:
    """Let a failing subscriber try again now, and not only when its wait is over."""
    held = Offset.objects.select_for_update().filter(pk=name).first()
    if held is None or not held.failures:
        return [Fault("not-failing", f"no subscriber `{name[:60]}` waits after a failure", "name")]
    held.retry_at = 0
    held.save(update_fields=["retry_at"])
    said = SubscriberTriedAgain(held.next_number, held.failures)
    append(said, subject=Reference("subscriber", held.subscriber), by=by, at=at)
    return held


@command(
    "ledger.sign-head",
    words="sign the ledger as it is",
    roles=frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    system=True,
)
def sign_head(*, by: Actor, at: datetime) -> TreeHead | list[Fault]:
    """Sign the tree over every entry so far, with the key of this workbench, where it is the ledger signed last."""
    key = signing_key()
    if isinstance(key, Fault):
        return [key]
    head = _held_head()
    if (other := _another_ledger()) is not None:
        return [other]
    if head.size == 0:
        return [Fault("empty-ledger", "there is no entry to sign yet; whatever somebody does makes one")]
    if TreeHead.objects.filter(size=head.size).exists():
        return [Fault("signed-already", f"the first `{head.size}` entries are signed already; nothing came since")]
    root = Frontier(head.size, _parted(bytes(head.frontier))).root()
    signed = sign(key, size=head.size, root=root, at=instant_of(at))
    kept = TreeHead.objects.create(
        size=signed.size, root=signed.root, at=signed.at, key_id=signed.key, signature=signed.signature
    )
    # These entries were committed before, so this is true whatever becomes of the entry that says so.
    if (fault := remember(Path(settings.ASSAY_LEDGER_KEY), signed)) is not None:
        return [fault]
    said = HeadSigned(signed.size, Digest(f"sha256:{root.hex()}"), Reference("key", key.id))
    append(said, subject=Reference("head", str(signed.size)), by=by, at=at)
    return kept


def sign_if_due(*, at: datetime) -> TreeHead | list[Fault] | None:
    """Sign where an hour has passed and more has come since than the last signing; None where it is not due."""
    size = Head.objects.values_list("size", flat=True).first() or 0
    last = TreeHead.objects.order_by("-size").first()
    # One that is dated in the future, by a clock that was ahead, does not hold off the next until then.
    if last is not None and (0 <= instant_of(at) - last.at < SIGN_EVERY or size <= last.size + 1):
        return None
    return sign_head(by=SYSTEM, at=at) if size else None


def _another_ledger() -> Fault | None:
    """What is wrong where this is not the ledger whose head was signed here last: older, or written anew."""
    last = remembered(Path(settings.ASSAY_LEDGER_KEY))
    if last is None or isinstance(last, Fault):
        return last
    if root_now(last.size) == last.root:
        return None
    words = f"the first `{last.size}` entries are not those that were signed here last; run `assay ledger verify`"
    return Fault("another-ledger", words)


def signing_key() -> SigningKey | Fault:
    """The key of this workbench; it is made at its first use."""
    path = getattr(settings, "ASSAY_LEDGER_KEY", None)
    if path is None:
        return Fault("no-ledger-key", "no file is named for the key that signs the ledger; set `workbench.ledger_key`")
    return read_or_make_key(Path(path))


def _held_head() -> Head:
    """The head, held until the transaction ends: whoever writes next waits. SQLite holds the whole store so."""
    held = Head.objects.select_for_update().filter(pk=1).first()
    if held is not None:
        return held
    # Only of an empty ledger can the head be made again: of any other, it would hide what was taken away.
    if Entry.objects.exists():
        raise LedgerRule("the ledger has entries and no head; `assay ledger verify` says more")
    return Head.objects.create(pk=1, size=0, last=NOTHING_BEFORE, frontier=b"")


def _parted(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + 32] for start in range(0, len(hashes), 32)]
