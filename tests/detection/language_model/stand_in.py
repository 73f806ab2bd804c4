"""A model's stand-in: an endpoint on 127.0.0.1, or a transport, that answers by a function. It tests nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

import httpx


@dataclass(frozen=True, slots=True)
class Answered:
    """What an endpoint sends back."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answering: TypeAlias = Callable[[dict[str, Any]], Answered]


def said(answer: object, model: str = "stand-in-1") -> Answered:
    """A whole chat completion that gives an answer as it was asked for."""
    return worded(json.dumps({"answer": answer}), model)


def worded(text: object, model: str = "stand-in-1", reason: str = "stop", **message: object) -> Answered:
    """A whole chat completion with any text for a message."""
    choice = {"index": 0, "finish_reason": reason, "message": {"role": "assistant", "content": text, **message}}
    usage = {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}
    completion = {"object": "chat.completion", "model": model, "choices": [choice], "usage": usage}
    return Answered(json.dumps(completion).encode())


def shown_text(request: dict[str, Any]) -> str:
    """The item's text, as a model finds it in a request: the JSON between the two marked lines."""
    user = request["messages"][1]["content"]
    words = user if isinstance(user, str) else user[0]["text"]
    begin, inner, end, _ = words.split("\n", 3)
    assert begin.removeprefix("BEGIN CONTENT ") == end.removeprefix("END CONTENT ")
    text = json.loads(inner)["text"]
    assert isinstance(text, str)
    return text


@dataclass(slots=True)
class StandIn:
    """Records what it was sent."""

    answering: Answering
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self, body: bytes, headers: dict[str, str]) -> Answered:
        request = json.loads(body)
        self.requests.append(request)
        self.headers.append(headers)
        return self.answering(request)

    @property
    def transport(self) -> httpx.MockTransport:
        """The way to it without a socket."""

        def handle(request: httpx.Request) -> httpx.Response:
            answered = self.answer(request.content, dict(request.headers))
            return httpx.Response(answered.status, headers=answered.headers, stream=httpx.ByteStream(answered.body))

        return httpx.MockTransport(handle)


@contextmanager
def serving(answering: Answering) -> Iterator[StandIn]:
    """A stand-in behind a real port of this machine; closed at the end."""
    stand_in = StandIn(answering)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answered = stand_in.answer(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(answered.status)
            for name, value in {"content-length": str(len(answered.body)), **answered.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(answered.body)
            except (BrokenPipeError, ConnectionResetError):
                # Whoever asked has heard enough.
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
