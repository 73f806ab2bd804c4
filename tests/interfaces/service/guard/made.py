"""A guard around an app that says who asks, with tokens of every kind. It holds no test."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from assay.interfaces.service.guard.book import Made, TokenBook, make_token, open_book
from assay.interfaces.service.guard.guard import App, Guard, HttpScope
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.problems import Message, Send

Receive = Callable[[], Awaitable[Message]]
HEAD = [(b"host", b"localhost")]


def made(path: Path, client: str = "uploads", scopes: Sequence[str] = ("decide",), days: float | None = None) -> Made:
    """A token; what cannot be made fails the test."""
    found = make_token(path, client, scopes, days)
    assert isinstance(found, Made), found
    return found


def opened(path: Path) -> TokenBook:
    found = open_book(path)
    assert isinstance(found, TokenBook), found
    return found


def bearer(token: Made | str) -> dict[str, str]:
    return {"authorization": f"Bearer {token if isinstance(token, str) else token.credential}"}


async def teller(scope: HttpScope, receive: Receive, send: Send) -> None:
    """Reads the whole body, and says what it was told of the request."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    told = {name: scope["state"][name] for name in ("client", "token", "request")}
    body = json.dumps({**told, "bytes": size}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


def guarded(path: Path, app: App = teller, **settings: Any) -> Guard:
    return Guard(app, opened(path), GuardSettings(**settings))


async def asked(
    guard: App,
    method: str = "POST",
    path: str = "/v1/decisions",
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    host: str = "localhost",
) -> httpx.Response:
    """One request, in process."""
    transport = httpx.ASGITransport(app=guard)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        return await client.request(method, path, headers=headers, content=content)


def slug_of(answer: httpx.Response) -> str:
    """The kind of a problem, after a look at its form."""
    assert answer.headers["content-type"] == "application/problem+json"
    content = answer.json()
    assert content["status"] == answer.status_code
    assert content["type"] == f"urn:assay:problem:{content['slug']}"
    assert content["request"] == answer.headers["x-request-id"]
    return str(content["slug"])


async def called(
    app: App, scope: Mapping[str, Any], messages: Sequence[Message | Callable[[], Awaitable[Message]]]
) -> list[Message]:
    """Calls an app with a scope and with messages to receive, one by one; returns what it sent."""
    waiting = list(messages)
    sent: list[Message] = []

    async def receive() -> Message:
        message = waiting.pop(0)
        return await message() if callable(message) else message

    async def send(message: Message) -> None:
        sent.append(message)

    whole: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/v1/decisions",
        "query_string": b"",
        "headers": list(HEAD),
        "state": {},
        **scope,
    }
    await app(whole, receive, send)
    return sent
