"""Dead letters: a message that cannot be decided, kept as it came, with why in its headers. It never changes a byte."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, unquote

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import format_instant
from assay.interfaces.stream.ports import Arrived, Outgoing

SOURCE, ITEM, BUNDLE = "Assay-Source", "Assay-Item", "Assay-Bundle"
SUBJECT, FAULTS, AT, DELIVERED, NO_CONTENT = (
    "Assay-Subject",
    "Assay-Faults",
    "Assay-At",
    "Assay-Delivered",
    "Assay-No-Content",
)
RETRIED = "Assay-Retried"
_NONE, _LEFT_OUT = "none", "left-out"
_MOST_FAULTS = 20
_LONGEST_WORDS = 300
# What is quoted is what could end a header's line; ids as they mostly are stay readable.
_READABLE = "/:@+,;=!*()'~ "


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as it is read back.

    place      where it stands among the dead letters
    source     where the message stood that it was made of
    subject    the subject or topic that the message came by
    at         when it was set aside
    delivered  how often the message had been handed over
    faults     why it could not be decided
    content    the message's bytes; None where it had none
    left_out   whether it had some, too many to be kept here: they are where the message stood
    routing    what keeps messages of one item together
    retried    whether it was sent again, where the broker keeps it all the same
    """

    place: str
    source: str
    subject: str
    at: str
    delivered: int
    faults: tuple[Fault, ...]
    content: bytes | None
    routing: bytes | None = None
    retried: bool = False
    left_out: bool = False


class Letters(Protocol):
    """The dead letters that a broker keeps."""

    async def letters(self, most: int) -> list[Letter] | Fault:
        """The dead letters, the oldest first."""
        ...

    async def letter(self, place: str) -> Letter | None:
        """The dead letter at a place."""
        ...

    async def retry(self, letters: Sequence[Letter]) -> int | Fault:
        """Publish messages again where they came by: how many."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...


def answer_headers(item: str, bundle: str, key: str) -> dict[str, str]:
    """What stands beside a decision: its item, its bundle, and the message that asked for it."""
    return {ITEM: header_text(item), BUNDLE: bundle, SOURCE: header_text(key)}


def dead_letter(arrived: Arrived, faults: Sequence[Fault]) -> Outgoing:
    """The message as a dead letter."""
    written = [
        {"slug": one.slug, "reason": one.words[:_LONGEST_WORDS], "field": one.field} for one in faults[:_MOST_FAULTS]
    ]
    headers = {
        SOURCE: header_text(arrived.key),
        SUBJECT: header_text(arrived.subject),
        AT: format_instant(time.time_ns() // 1_000),
        DELIVERED: str(arrived.delivered),
        # JSON in ASCII: a stranger's words can end no line.
        FAULTS: json.dumps(written),
    }
    if arrived.content is None:
        headers[NO_CONTENT] = _NONE
    return Outgoing(arrived.content, f"dead:{arrived.key}", headers, arrived.routing, dead=True)


def without_content(letter: Outgoing) -> Outgoing:
    """A dead letter that no broker would take with its content: why it is one, and where its message stood."""
    headers = {**letter.headers, NO_CONTENT: _LEFT_OUT}
    return Outgoing(b"", letter.key, headers, letter.routing, dead=True)


def read_letter(place: str, headers: Mapping[str, str], content: bytes | None, routing: bytes | None = None) -> Letter:
    """A dead letter from what a broker kept; what somebody else put there is shown as far as it goes."""
    delivered = headers.get(DELIVERED, "")
    return Letter(
        place=place,
        source=unquote(headers.get(SOURCE, "")),
        subject=unquote(headers.get(SUBJECT, "")),
        at=headers.get(AT, ""),
        delivered=int(delivered) if delivered.isascii() and delivered.isdigit() and len(delivered) < 10 else 0,
        faults=_faults(headers.get(FAULTS, "")),
        content=None if NO_CONTENT in headers else content or b"",
        routing=routing,
        left_out=headers.get(NO_CONTENT) == _LEFT_OUT,
    )


def header_text(text: str) -> str:
    """A text as it may stand in any broker's header: ASCII, on one line."""
    return quote(text, safe=_READABLE, errors="replace")


def _faults(text: str) -> tuple[Fault, ...]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return (Fault("not-ours", "this is no dead letter that `assay consume` wrote"),)
    lines = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return tuple(
        Fault(str(one.get("slug")), str(one.get("reason")), None if one.get("field") is None else str(one["field"]))
        for one in lines
    ) or (Fault("not-ours", "this is no dead letter that `assay consume` wrote"),)
