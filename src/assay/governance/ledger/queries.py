"""What is read from the ledger: entries in words, proofs, signed heads, how far subscribers are. It changes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY, parse_instant
from assay.governance.ledger.checking.stored import export_store
from assay.governance.ledger.commands import signing_key
from assay.governance.ledger.events import KINDS, said_fields, sentence
from assay.governance.ledger.meaning.naming import Book, Named
from assay.governance.ledger.models import Entry, Offset, TreeHead
from assay.governance.ledger.proofs.made import Document, prove_consistency, prove_inclusion, size_now
from assay.governance.ledger.subscribers import SUBSCRIBERS
from assay.governance.office.actor import Actor
from assay.governance.office.contributions import Hit
from assay.governance.office.listing import Listing, listed
from assay.governance.office.operations import may, query
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from django.db.models import QuerySet

READERS = frozenset({Role.AUDITOR, Role.LEGAL, Role.POLICY_LEAD, Role.ADMINISTRATOR, Role.EXECUTIVE})
# As many as a file of rows holds; whoever wants every entry takes the whole export.
MOST_ROWS = 100_000
_NUMBER = re.compile(r"(?:entry |#)?([0-9]{1,15})")
_WAYS = {"page": "on a page", "token": "with a token", "command-line": "on the command line", "system": "by itself"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to, as an address carries it; empty is not narrowed.

    day  `YYYY-MM-DD`, in UTC
    """

    kind: str = ""
    actor: str = ""
    subject: str = ""
    day: str = ""

    def faults(self) -> list[Fault]:
        """What is wrong with them."""
        found = []
        for name in ("actor", "subject"):
            if (given := getattr(self, name)) and not _is_reference(given):
                words = f"`{given[:60]}` names nothing; it is `person:` or another kind, and a key"
                found.append(Fault("bad-reference", words, name))
        if self.day and (len(self.day) != 10 or parse_instant(self.day) is None):
            found.append(Fault("bad-day", f"`{self.day[:20]}` is no day; write `2026-12-15`", "day"))
        return found

    def chosen(self) -> dict[str, str]:
        """Those that are set."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}

    def words(self) -> dict[str, str]:
        """Those that are set, as people read them: of a person, the name."""
        references = {
            name: Reference.read(given) for name in ("actor", "subject") if _is_reference(given := getattr(self, name))
        }
        book = Book(references.values())
        said = {name: book(reference) for name, reference in references.items()}
        if self.kind in KINDS:
            said["kind"] = KINDS[self.kind].title
        return {name: said.get(name, given) for name, given in self.chosen().items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry in words.

    title  the kind as people read it: `Person invited`
    words  what was done: `invited Bo as legal`
    """

    number: int
    at: datetime
    who: Named
    way: str
    kind: str
    title: str
    words: str
    subject: Named
    url: str

    @property
    def how(self) -> str:
        """The way in words: `on a page`."""
        return _WAYS.get(self.way, self.way)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One entry with all that is kept of it.

    said     every field in words
    written  the bytes that are hashed
    """

    shown: Shown
    said: list[tuple[str, str]]
    written: str
    hash: str
    previous: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class ShownHead:
    """A signed head."""

    size: int
    root: str
    at: datetime
    key: str
    signature: str


@dataclass(frozen=True, slots=True)
class ShownSubscriber:
    """How far a subscriber is.

    behind  how many entries it has not looked at
    here    whether this version of the program still has it
    """

    name: str
    next_number: int
    behind: int
    failures: int
    failed_with: str
    retry_at: datetime | None
    moved_at: datetime | None
    here: bool

    @property
    def state(self) -> str:
        """Good, warning or bad, for a badge."""
        if not self.here:
            return "neutral"
        return "bad" if self.failures >= 3 else "warning" if self.failures else "good"

    @property
    def words(self) -> str:
        """What the state is, in words."""
        if not self.here:
            return "not in this version"
        if self.failures:
            return f"failing ({self.failures} times)" if self.failures > 1 else "failed once"
        return "up to date" if not self.behind else "catching up"


@query("ledger.entries", words="read the ledger", roles=READERS)
def entries(
    *, by: Actor, at: datetime, filters: Filters, after: str | None = None, most: int = 50
) -> Listing[Shown] | list[Fault]:
    """A page of the ledger, the newest first."""
    faults = filters.faults()
    if faults:
        return faults
    page = listed(_narrowed(filters), order="-number", after=after, most=most)
    return Listing(_shown(page.rows), page.next, page.previous, page.note)


@query("ledger.rows", words="export the ledger as a table", roles=READERS)
def rows(*, by: Actor, at: datetime, filters: Filters) -> Iterator[Shown] | list[Fault]:
    """Every entry that the filters leave, the newest first, for a file."""
    return filters.faults() or _streamed(_narrowed(filters).order_by("-number")[: MOST_ROWS + 1])


@query("ledger.export", words="export the whole ledger with its proofs", roles=READERS)
def export(*, by: Actor, at: datetime) -> Iterator[bytes]:
    """The whole ledger as lines that `assay ledger verify` checks without a store."""
    return export_store()


@query("ledger.entry", words="read one entry of the ledger", roles=READERS)
def entry(*, by: Actor, at: datetime, number: int) -> ShownEntry | None:
    """One entry, or None where there is none of that number."""
    size = size_now()
    found = Entry.objects.filter(number=number).first() if 0 <= number < size else None
    if found is None:
        return None
    content = json.loads(found.content)
    references = [found.by, found.about, *_references(content)]
    book = Book(references)
    return ShownEntry(
        shown=_show(found, content, book, reverse("ledger:entry", args=(number,)), placed=True),
        said=said_fields(found.kind, content, book),
        written=found.record.written().decode(),
        hash=bytes(found.hash).hex(),
        previous=bytes(found.previous).hex(),
        before=number - 1 if number else None,
        after=number + 1 if number + 1 < size else None,
    )


@query("ledger.prove", words="take a proof from the ledger", roles=READERS)
def proof(*, by: Actor, at: datetime, number: int, size: int | None = None) -> Document | Fault:
    """The proof that an entry is in the ledger."""
    return prove_inclusion(number, size)


@query("ledger.prove-consistency", words="take a proof that nothing was changed", roles=READERS)
def consistency(*, by: Actor, at: datetime, old: int, new: int | None = None) -> Document | Fault:
    """The proof that the first `old` entries are unchanged among the first `new`."""
    return prove_consistency(old, new)


@query("ledger.heads", words="see the signed heads of the ledger", roles=READERS)
def heads(*, by: Actor, at: datetime, after: str | None = None, most: int = 50) -> Listing[ShownHead]:
    """A page of signed heads, the newest first."""
    page = listed(TreeHead.objects.all(), order="-size", after=after, most=most)
    shown = [
        ShownHead(each.size, bytes(each.root).hex(), each.moment, each.key_id, bytes(each.signature).hex())
        for each in page.rows
    ]
    return Listing(shown, page.next, page.previous, page.note)


@query("ledger.key", words="take the public key that signs the ledger", roles=READERS)
def public_key(*, by: Actor, at: datetime) -> Ed25519PublicKey | Fault:
    """The public half of the key of this workbench."""
    key = signing_key()
    return key if isinstance(key, Fault) else key.public


@query("ledger.subscribers", words="see who is told of entries", roles=READERS)
def subscribers(*, by: Actor, at: datetime) -> list[ShownSubscriber]:
    """How far every subscriber is, those that fail first."""
    size = size_now()
    offsets = {each.subscriber: each for each in Offset.objects.all()}
    found = []
    for name in sorted(set(offsets) | set(SUBSCRIBERS)):
        kept = offsets.get(name) or Offset(subscriber=name)
        found.append(
            ShownSubscriber(
                name=name,
                next_number=kept.next_number,
                behind=max(size - kept.next_number, 0),
                failures=kept.failures,
                failed_with=kept.failed_with,
                retry_at=kept.retried_at,
                moved_at=kept.last_moved,
                here=name in SUBSCRIBERS,
            )
        )
    return sorted(found, key=lambda each: (-each.failures, each.name))


@query("ledger.changes", words="see what changed", own=True)
def changes(*, by: Actor, at: datetime, since_number: int | None = None, most: int = 20) -> list[Shown]:
    """The newest entries: all of them for readers of the ledger, else what somebody did or what is about them."""
    found = Entry.objects.all()
    if not may(by, "ledger.entries"):
        found = found.filter(Q(actor=str(by.who)) | Q(subject=str(by.who)))
    if since_number is not None:
        found = found.filter(number__gt=since_number)
    return _shown(list(found.order_by("-number")[: min(max(most, 1), 200)]))


def find(by: Actor, text: str, most: int) -> list[Hit]:
    """The entry that somebody looks for by its number: `17`, `entry 17`."""
    asked = _NUMBER.fullmatch(text.strip().lower())
    if asked is None or most < 1 or not may(by, "ledger.entries"):
        return []
    found = Entry.objects.filter(number=int(asked.group(1))).first()
    if found is None:
        return []
    [shown] = _shown([found])
    context = f"{shown.who.words} {shown.words}"
    return [Hit("ledger", "entry", f"Entry {shown.number}", shown.url, context, score=1.0)]


def kinds() -> list[tuple[str, str, str]]:
    """The kinds of events that this version knows, for a filter: room, name, title; in the order of rooms."""
    return sorted((kind.room, kind.name, kind.title) for kind in KINDS.values())


def _narrowed(filters: Filters) -> QuerySet[Entry]:
    chosen: dict[str, str | int] = dict(filters.chosen())
    if "day" in chosen:
        chosen["day"] = (parse_instant(filters.day) or 0) // DAY
    return Entry.objects.filter(**chosen)


def _shown(found: list[Entry]) -> list[Shown]:
    """Entries in words, with one question a kind of thing for all of their names."""
    read = [(each, json.loads(each.content)) for each in found]
    references: list[Reference] = []
    for each, content in read:
        references += [each.by, each.about, *_references(content)]
    book, place = Book(references), reverse("ledger:entries")
    return [_show(each, content, book, f"{place}{each.number}/", placed=False) for each, content in read]


def _streamed(found: QuerySet[Entry]) -> Iterator[Shown]:
    waiting: list[Entry] = []
    for each in found.iterator(chunk_size=500):
        waiting.append(each)
        if len(waiting) == 500:
            yield from _shown(waiting)
            waiting = []
    yield from _shown(waiting)


def _show(found: Entry, content: dict[str, object], book: Book, url: str, *, placed: bool) -> Shown:
    known = KINDS.get(found.kind)
    return Shown(
        number=found.number,
        at=found.moment,
        who=book.named(found.by, placed=placed),
        way=found.way,
        kind=found.kind,
        title=known.title if known else found.kind.partition(".")[2].replace("-", " ").capitalize(),
        words=sentence(found.kind, content, found.subject, book),
        subject=book.named(found.about, placed=placed),
        url=url,
    )


def _references(content: dict[str, object]) -> Iterable[Reference]:
    """What an event's fields refer to, so that its names are asked for with the rest."""
    for value in content.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and _is_reference(each):
                yield Reference.read(each)


def _is_reference(text: str) -> bool:
    try:
        Reference.read(text)
    except ValueError:
        return False
    return True
