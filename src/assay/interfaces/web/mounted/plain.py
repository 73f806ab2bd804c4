"""Answers where the site cannot: while it loads, when it is busy, when a body is refused. It loads nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

# Where a page in the look has the id of the request it answers.
ID_PLACE = "request-id-goes-here"
_SECURITY = (
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request is not answered by the site.

    words, next_step   what happened, and what to do, each a sentence
    retry_seconds      after how long it may be tried again; 0 where trying again does not help
    closes             whether what is left of the request is not read
    """

    status: int
    slug: str
    words: str
    next_step: str
    retry_seconds: int = 0
    closes: bool = False


STARTING = Trouble(503, "starting", "The workbench is starting.", "Load the page again in a few seconds.", 2)
BUSY = Trouble(503, "busy", "Too many pages are asked for at this moment.", "Load the page again in a few seconds.", 2)
BROKEN = Trouble(500, "internal", "The page could not be made.", "Load the page again, or tell your administrator.")
TOO_LARGE = Trouble(413, "body-too-large", "More was sent at once than is taken.", "Send less at once.", closes=True)
TOO_SLOW = Trouble(408, "request-timeout", "What was sent did not arrive in time.", "Send it again.", closes=True)
BAD_HEAD = Trouble(400, "bad-header", "The request has too many header fields.", "Send fewer.", closes=True)


async def send_trouble(send: Send, scope: Scope, trouble: Trouble, pages: Mapping[int, bytes] | None = None) -> None:
    """Answer with a page, or with a problem in JSON where a program asks.

    pages  pages in the look by status, once they could be made
    """
    number = str(scope.get("state", {}).get("request", ""))
    if str(scope.get("path", "")).startswith("/api/"):
        kind, body = b"application/problem+json", _problem(trouble, number)
    else:
        kind = b"text/html; charset=utf-8"
        made = None if pages is None else pages.get(trouble.status)
        body = _page(trouble, number) if made is None else made.replace(ID_PLACE.encode(), escape(number).encode())
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"x-request-id", number.encode()),
        *_SECURITY,
    ]
    if trouble.retry_seconds:
        headers.append((b"retry-after", str(trouble.retry_seconds).encode()))
    if trouble.closes:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": trouble.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _problem(trouble: Trouble, number: str) -> bytes:
    content = {
        "type": f"urn:assay:problem:{trouble.slug}",
        "title": HTTPStatus(trouble.status).phrase,
        "status": trouble.status,
        "detail": f"{trouble.words} {trouble.next_step}",
        "slug": trouble.slug,
        "faults": [],
        "request": number,
    }
    return json.dumps(content).encode()


def _page(trouble: Trouble, number: str) -> bytes:
    # A page that waits for the start looks again by itself; any other would repeat what its reader did.
    again = f'<meta http-equiv="refresh" content="{trouble.retry_seconds}">' if trouble is STARTING else ""
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"{again}<title>{escape(trouble.words)}</title></head><body><main><h1>{escape(trouble.words)}</h1>"
        f"<p>{escape(trouble.next_step)}</p><p>Decisions are not affected.</p>"
        f"<p>Request <code>{escape(number)}</code></p></main></body></html>"
    )
    return text.encode()
