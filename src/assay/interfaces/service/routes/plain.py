"""Routes that are not hurried: the request is read for them, and what they give back is sent. They see no socket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import is_unicode, quotable
from assay.interfaces.records.json_lines import decode_record
from assay.interfaces.records.reading import Place
from assay.interfaces.service.exchange import (
    JSON,
    Answer,
    Headers,
    Receive,
    Scope,
    check_body_headers,
    client_of,
    read_body,
    read_headers,
    read_query,
    request_id,
    send_answer,
)
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Problem, Send, send_problem

BODY = Place("file")
_TYPES = frozenset((JSON,))
_LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that was read.

    client  the name of the caller; None where the path is open and nobody said who asks
    """

    query: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    body: bytes
    client: str | None


Handler: TypeAlias = Callable[[Parts, Asking], Awaitable[Answer | Problem]]


class Plain:
    """An endpoint around a handler."""

    def __init__(self, parts: Parts, handler: Handler, query: Collection[str], *, reads: bool) -> None:
        self._parts, self._handler, self._query, self._reads = parts, handler, query, reads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer a request; returns the status."""
        asking = await self._read(scope, receive)
        found = asking if isinstance(asking, Problem) else await self._handler(self._parts, asking)
        if isinstance(found, Problem):
            await send_problem(send, found, request_id(scope))
        else:
            await send_answer(send, found, head=scope["method"] == "HEAD")
        return found.status

    async def _read(self, scope: Scope, receive: Receive) -> Asking | Problem:
        headers = read_headers(scope)
        if isinstance(headers, Problem):
            return headers
        query = read_query(scope, self._query)
        if isinstance(query, Problem):
            return query
        body: bytes | Problem = b""
        if self._reads:
            body = check_body_headers(headers, _TYPES) or await read_body(receive)
        if isinstance(body, Problem):
            return body
        # The guard leaves the name empty on an open path where nobody said who asks.
        return Asking(query, headers, body, client_of(scope) or None)


def plain(handler: Handler, *, query: Collection[str] = (), reads: bool = False) -> Callable[[Parts], Plain]:
    """What makes the endpoint of a handler.

    query  names of the parameters it takes
    reads  whether it reads a body of JSON
    """
    return lambda parts: Plain(parts, handler, frozenset(query), reads=reads)


def in_json(content: Any, headers: Headers = (), *, status: int = 200) -> Answer:
    """An answer in JSON."""
    return Answer(status, msgspec.json.encode(content), headers)


@dataclass(frozen=True, slots=True)
class TextField:
    """A field of an operator's call."""

    name: str
    required: bool = True


def read_texts(body: bytes, fields: Collection[TextField]) -> dict[str, str] | Problem:
    """The fields of a small JSON object, or all that is wrong with it."""
    record = decode_record(body.strip(), BODY)
    if record.faults:
        return refused("broken-json", "the body cannot be read as JSON", record.faults)
    content = record.content
    if not isinstance(content, dict):
        return refused("invalid-request", "the body is a JSON object", (Fault("not-a-record", "it is an object"),))
    known = {field.name for field in fields}
    faults = [
        Fault(
            "unknown-field",
            f"there is no field `{quotable(name[:60])}`; there are {', '.join(sorted(known))}",
            name[:60],
        )
        for name in content
        if name not in known
    ]
    found: dict[str, str] = {}
    for field in fields:
        given = content.get(field.name)
        if given is None and not field.required:
            continue
        if isinstance(given, str) and 0 < len(given) <= _LONGEST_TEXT and is_unicode(given):
            found[field.name] = given
        else:
            words = f"`{field.name}` is text of 1 to {_LONGEST_TEXT} characters"
            faults.append(Fault("wrong-type", words, field.name))
    if faults:
        return refused("invalid-request", "the call cannot be done as it is written", faults)
    return found
