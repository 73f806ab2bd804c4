"""`POST /v1/decisions`: one item, one record. It never answers a decision whose record is not kept."""

from __future__ import annotations

import asyncio
from typing import TypeAlias

from assay.interfaces.deciding.desk import Asked, Decided
from assay.interfaces.service.exchange import (
    JSON,
    Headers,
    Receive,
    Scope,
    check_body_headers,
    client_of,
    read_body,
    read_headers,
    read_query,
    request_id,
    wants_minimal,
)
from assay.interfaces.service.idempotency import Kept, digest_of, name_of, write_key
from assay.interfaces.service.kinds import not_kept, refused
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Problem, Send, send_problem
from assay.interfaces.service.routes.deciding.gathering import Gathering
from assay.interfaces.service.routes.deciding.minimal import MinimalWriter, shortened
from assay.interfaces.stores.entry import StoreUnwritable

TYPES = frozenset((JSON,))
# Faults of the text itself: there is no item yet that could be wrong.
BROKEN = frozenset(("broken-json", "duplicate-key", "too-deep", "invalid-utf-8"))
PREFERENCE = (b"preference-applied", b"return=minimal")
REPLAYED = (b"idempotency-replayed", b"true")
_TYPE = (b"content-type", JSON)

_Found: TypeAlias = Decided | Kept | Problem


class Decisions:
    """Decides single items."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._gathering = Gathering(parts.keeper)
        self._minimal = MinimalWriter()
        self._markets = parts.default_markets
        # The same for every request of a second.
        self._asked = Asked(parts.now(), self._markets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer a request; returns the status."""
        headers = read_headers(scope)
        found: _Found
        if isinstance(headers, Problem):
            found = headers
        else:
            problem = check_body_headers(headers, TYPES) or _query_problem(scope)
            body = problem or await read_body(receive)
            found = body if isinstance(body, Problem) else await self._find(scope, headers, body)
        if isinstance(found, Problem):
            await send_problem(send, found, request_id(scope))
            return found.status
        minimal = isinstance(headers, dict) and wants_minimal(headers)
        content, named = self._content(found, minimal=minimal)
        answer_headers = [_TYPE, (b"content-length", b"%d" % len(content)), *named]
        await send({"type": "http.response.start", "status": 200, "headers": answer_headers})
        await send({"type": "http.response.body", "body": content})
        return 200

    def _content(self, found: Decided | Kept, *, minimal: bool) -> tuple[bytes, Headers]:
        if isinstance(found, Kept):
            named: Headers = ((b"assay-bundle", found.bundle.encode("ascii")), REPLAYED)
            content = shortened(found.record) if minimal else found.record
        else:
            named = ((b"assay-bundle", found.bundle.digest.encode("ascii")),)
            content = self._minimal.write(found.decision) if minimal else found.entry.record
        return content, (*named, PREFERENCE) if minimal else named

    async def _find(self, scope: Scope, headers: dict[bytes, bytes], body: bytes) -> _Found:
        """What is decided, now or when the same request came before."""
        key = headers.get(b"idempotency-key")
        if key is None:
            return await self._decide(body, "")
        remembered, name, digest = self._parts.remembered, name_of(client_of(scope), key), digest_of(body)
        while (known := remembered.find(name)) is not None:
            if known.digest != digest:
                return refused(
                    "idempotency-mismatch", "this `Idempotency-Key` was used for another body; make a new one"
                )
            if isinstance(known, Kept):
                return known
            # Shielded, since the others that wait for it are not to go down with this request.
            landed = await asyncio.shield(known.done)
            if landed is not None:
                return landed
        remembered.begin(name, digest)
        try:
            found = await self._decide(body, write_key(name, digest))
            if isinstance(found, Decided):
                remembered.kept(name, digest, found.entry.parts, found.bundle.digest)
        finally:
            remembered.failed(name)
        return found

    async def _decide(self, body: bytes, key: str) -> Decided | Problem:
        """A decision whose record is kept."""
        parts = self._parts
        now = parts.now()
        if self._asked.as_of != now:
            self._asked = Asked(now, self._markets)
        found = parts.desk.decide_line(body, parts.live.lineup, self._asked, key=key)
        if not isinstance(found, Decided):
            if parts.meter is not None:
                parts.meter.rejected(found.faults[0].slug)
            if all(fault.slug in BROKEN for fault in found.faults):
                return refused("broken-json", "the body cannot be read as JSON", found.faults)
            return refused("invalid-item", "the bundle in use cannot decide this item; `faults` says why", found.faults)
        try:
            await self._gathering.keep(found.entry)
        except StoreUnwritable:
            return not_kept()
        return found


def _query_problem(scope: Scope) -> Problem | None:
    if not scope.get("query_string"):
        return None
    found = read_query(scope, ())
    return found if isinstance(found, Problem) else None
