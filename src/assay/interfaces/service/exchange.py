"""One request and its answer on ASGI: headers, query, body, sending. It knows nothing of items or bundles."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.unicode import quotable
from assay.interfaces.service.idempotency import is_key
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.problems import Message, Problem, Send

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]

LARGEST_BODY = 1 << 20
JSON = b"application/json"
NDJSON = b"application/x-ndjson"
_READ = frozenset((b"content-type", b"content-encoding", b"prefer", b"idempotency-key", b"if-none-match"))
_MANY = frozenset((b"prefer", b"if-none-match"))
_MINIMAL = re.compile(rb'(?:^|,)\s*return\s*=\s*"?minimal"?\s*(?:[;,]|$)', re.IGNORECASE)
_CHARSET = re.compile(rb'charset\s*=\s*"?(utf-?8|us-ascii)"?', re.IGNORECASE)


class ClientGone(Exception):
    """The client closed the connection before it was answered; nobody is left to tell."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is sent in one piece."""

    status: int
    body: bytes
    headers: Headers = ()
    content_type: bytes = JSON


def read_headers(scope: Scope) -> dict[bytes, bytes] | Problem:
    """The headers that routes read, each once."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _READ:
            if name in found:
                if name not in _MANY:
                    return refused("bad-header", f"the header `{name.decode('ascii')}` comes twice; send it once")
                found[name] += b", " + value
            else:
                found[name] = value
    key = found.get(b"idempotency-key")
    if key is not None and not is_key(key):
        return refused("bad-header", "an `Idempotency-Key` is 1 to 255 visible ASCII characters, without spaces")
    return found


def check_body_headers(headers: Mapping[bytes, bytes], types: Collection[bytes]) -> Problem | None:
    """Whether the body is of a type that the route reads, and not compressed."""
    given = headers.get(b"content-type")
    if given not in types:
        kind, _, parameters = (given or b"").partition(b";")
        wrong = kind.strip().lower() not in types
        if wrong or (b"charset" in parameters.lower() and _CHARSET.search(parameters) is None):
            names = " or ".join(sorted(each.decode("ascii") for each in types))
            accepted = ((b"accept-post", b", ".join(sorted(types))),)
            return refused("unsupported-type", f"send the body as {names}, in UTF-8", (), accepted)
    encoding = headers.get(b"content-encoding")
    if encoding is not None and encoding.strip().lower() not in (b"", b"identity"):
        # What is inflated has a size that only inflating it can tell, and decisions are small as they are.
        words = "send the body as it is: compressed bodies are not read"
        return refused("unsupported-encoding", words, (), ((b"accept-encoding", b"identity"),))
    return None


def wants_minimal(headers: Mapping[bytes, bytes]) -> bool:
    """Whether `Prefer: return=minimal` was asked for."""
    prefer = headers.get(b"prefer")
    return prefer is not None and _MINIMAL.search(prefer) is not None


def read_query(scope: Scope, names: Collection[str]) -> dict[str, str] | Problem:
    """The query parameters, each of a known name and once."""
    raw: bytes = scope.get("query_string", b"")
    if not raw:
        return {}
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return refused("bad-parameter", "the query cannot be read: it is `name=value`, joined by `&`, in UTF-8")
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in names:
            near = did_you_mean(name[:60], names)
            known = near or (f"it has {', '.join(sorted(names))}" if names else "this route has none")
            return refused("bad-parameter", f"no query parameter is named `{quotable(name[:60])}`; {known}")
        if name in found:
            return refused("bad-parameter", f"the query parameter `{name}` comes twice; give it once")
        found[name] = value
    return found


async def read_body(receive: Receive, most: int = LARGEST_BODY) -> bytes | Problem:
    """The whole body.

    raises  ClientGone where the client leaves before its end
    """
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False) and len(body) <= most:
        return body
    pieces, size = [body], len(body)
    while size <= most and message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
    if size > most:
        return Problem("body-too-large", 413, f"the body is larger than {most:,} bytes")
    return b"".join(pieces)


async def send_answer(send: Send, answer: Answer, *, head: bool = False) -> None:
    """Send an answer; of a HEAD request the body stays away and its length is told."""
    length = str(len(answer.body)).encode("ascii")
    headers = [(b"content-type", answer.content_type), (b"content-length", length), *answer.headers]
    if answer.status in (204, 304):
        headers = [*answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})


def request_id(scope: Scope) -> str:
    """The id under which the guard knows the request; empty where there is no guard."""
    state = scope.get("state")
    return str(state.get("request", "")) if state else ""


def client_of(scope: Scope) -> str:
    """The client's name as its token says it; `anonymous` where there is no guard."""
    state = scope.get("state")
    return str(state.get("client", "anonymous")) if state else "anonymous"
