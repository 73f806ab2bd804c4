"""One entry as it is hashed: its bytes, the forms that its parts must have, and its hash. It reads no store."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from assay.engine.kernel.digest import canonical_json
from assay.governance.ledger.tree import leaf_hash

# What stands before the first entry.
NOTHING_BEFORE = bytes(32)
WAYS = ("command-line", "page", "system", "token")
LARGEST_NUMBER = (1 << 63) - 1
REFERENCE = r"[a-z]+(?:-[a-z]+)*:[A-Za-z0-9][A-Za-z0-9._/-]{0,99}"
KIND = r"[a-z]+(?:-[a-z0-9]+)*\.[a-z]+(?:-[a-z0-9]+)*"
_REFERENCE = re.compile(REFERENCE)
_KIND = re.compile(KIND)


@dataclass(frozen=True, slots=True)
class Record:
    """What one entry says, in the form in which it is kept and hashed.

    number    its place, from 0 on without gaps
    at        when it happened, in microseconds since the epoch
    actor     who acted, as `person:3f…`
    way       how they came in
    kind      such as `people.person-invited`
    subject   what it is about, as `person:9c…`
    content   canonical JSON of the rest
    previous  the hash of the entry before
    """

    number: int
    at: int
    actor: str
    way: str
    kind: str
    subject: str
    content: str
    previous: bytes

    def written(self) -> bytes:
        """Its canonical JSON, which is what is hashed."""
        return entry_bytes(
            self.number, self.at, self.actor, self.way, self.kind, self.subject, self.content, self.previous
        )

    def hash(self) -> bytes:
        """Its hash: it stands in the next entry, and is a leaf of the tree."""
        return leaf_hash(self.written())


def entry_bytes(
    number: int, at: int, actor: str, way: str, kind: str, subject: str, content: str, previous: bytes
) -> bytes:
    """The canonical JSON of an entry, put together from parts of which `is_well_formed` holds.

    Whatever the parts are, they could be told apart again: none of the texts may hold a quotation mark, and the
    content ends where its JSON does.
    """
    return (
        f'{{"actor":"{actor}","at":{at},"content":{content},"kind":"{kind}","number":{number},'
        f'"previous":"{previous.hex()}","subject":"{subject}","way":"{way}"}}'
    ).encode()


def is_well_formed(at: Any, actor: Any, way: Any, kind: Any, subject: Any, content: Any, previous: Any) -> bool:
    """Whether the parts of an entry have the forms that we write; a store may hold anything.

    content  not looked at where it is None: for one that was written again by ourselves
    """
    try:
        return (
            way in WAYS
            and -LARGEST_NUMBER <= at <= LARGEST_NUMBER
            and type(at) is int
            and len(previous) == 32
            and _REFERENCE.fullmatch(actor) is not None
            and _REFERENCE.fullmatch(subject) is not None
            and _KIND.fullmatch(kind) is not None
            and (content is None or is_canonical(content))
        )
    except (TypeError, ValueError, RecursionError):
        return False


def is_canonical(content: str) -> bool:
    """Whether a text is the canonical JSON of an object."""
    if content == "{}":
        return True
    found = json.loads(content)
    return isinstance(found, dict) and canonical_json(found) == content.encode()


def hash_of(text: object) -> bytes | None:
    """The hash that 64 hexadecimal digits write, or None where a text is anything else."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9a-f]{64}", text):
        return None
    return bytes.fromhex(text)
