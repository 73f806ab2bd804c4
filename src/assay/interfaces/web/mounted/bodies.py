"""The body of a request, read before a thread is given to it, so that a slow client holds none. It parses nothing."""

from __future__ import annotations

import asyncio

from assay.interfaces.web.mounted.plain import TOO_LARGE, TOO_SLOW, Message, Receive, Scope, Trouble


class ClientGone(Exception):
    """The client left before its request was whole."""


async def read_body(scope: Scope, receive: Receive, most: int, seconds: float) -> bytes | Trouble:
    """The whole body, or why it is not taken.

    most, seconds   how long it may be, and how long it may take
    raises          ClientGone
    """
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > most:
        return TOO_LARGE
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                pieces.append(message.get("body", b""))
                size += len(pieces[-1])
                if size > most:
                    return TOO_LARGE
                if not message.get("more_body", False):
                    return b"".join(pieces)
    except TimeoutError:
        return TOO_SLOW


def has_body(scope: Scope) -> bool:
    """Whether something follows the head."""
    return any(
        (name == b"content-length" and value != b"0") or name == b"transfer-encoding"
        for name, value in scope["headers"]
    )


def given(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body which was read, and then what the client does."""
    left = [body]

    async def next_message() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return next_message
