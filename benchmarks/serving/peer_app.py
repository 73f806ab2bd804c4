"""Another rule engine behind HTTP, as a team would put it there: Starlette on uvicorn. It keeps no record.

Run as `python -m benchmarks.serving.peer_app PACKAGE WAY PORT`, WAY being the place of the way in which it is driven.
"""

from __future__ import annotations

import sys

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.serving.starter_rules import rules_in_force, ways_of


class Upload(msgspec.Struct):
    """The item's signals as they came: the engines read JSON themselves."""

    id: str
    signals: msgspec.Raw


class Answer(msgspec.Struct):
    """What is said of each rule, in the pack's order: true, false, or null for nothing."""

    item: str
    rules: list[object]


def build(package: str, way: int) -> Starlette:
    """The engine with the starter pack's rules, for single items and for batches."""
    _, ask = ways_of(package, rules_in_force())[way]
    decode, encode = msgspec.json.Decoder(Upload).decode, msgspec.json.Encoder().encode

    def answer(line: bytes) -> bytes:
        upload = decode(line)
        return encode(Answer(upload.id, list(ask(bytes(upload.signals).decode()))))

    async def decide(request: Request) -> Response:
        return Response(answer(await request.body()), media_type="application/json")

    async def decide_batch(request: Request) -> Response:
        lines = (await request.body()).splitlines()
        return Response(b"".join(answer(line) + b"\n" for line in lines), media_type="application/x-ndjson")

    return Starlette(
        routes=[
            Route("/v1/decisions", decide, methods=["POST"]),
            Route("/v1/decisions:batch", decide_batch, methods=["POST"]),
        ]
    )


if __name__ == "__main__":
    uvicorn.run(
        build(sys.argv[1], int(sys.argv[2])),
        port=int(sys.argv[3]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
