"""The least that an endpoint can do: parse the body, answer bytes of a given size. It decides and keeps nothing.

Run as `python -m benchmarks.serving.floor PORT BYTES [TOKENS]`: with a file of tokens it stands behind the same guard
and speaks by the same protocol as the service does.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import uvicorn


def build(size: int) -> Any:
    """An ASGI app without router and middleware."""
    answer = b"x" * size
    head = [(b"content-type", b"application/json"), (b"content-length", str(size).encode())]
    decode = msgspec.json.Decoder().decode

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        message = await receive()
        body = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        if body:
            decode(body)
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": answer})

    return app


def main(port: int, size: int, tokens: Path | None) -> None:
    """Serve until the end."""
    app: Any = build(size)
    protocol: Any = "httptools"
    if tokens is not None:
        from assay.interfaces.service.guard.book import TokenBook, open_book
        from assay.interfaces.service.guard.guard import Guard
        from assay.interfaces.service.guard.protocol import guarded_protocol
        from assay.interfaces.service.guard.settings import GuardSettings

        book, settings = open_book(tokens), GuardSettings(tokens=tokens)
        assert isinstance(book, TokenBook)
        app, protocol = Guard(app, book, settings), guarded_protocol(settings)
    uvicorn.run(
        app,
        port=port,
        loop="uvloop",
        http=protocol,
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
