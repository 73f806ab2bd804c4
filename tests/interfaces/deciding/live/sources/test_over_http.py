"""A channel behind a real web server: pushed by PUT, followed by GET, and the last good bundle where it is away."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from assay.engine.kernel.digest import sha256_of
from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.channel.pushing import open_place, push, roll_back
from tests.interfaces.deciding.live.releases import Desk, quick_trials
from tests.interfaces.packs.signing import signing

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]
TOKEN = "a token"


class Shelf(ThreadingHTTPServer):
    """Files by GET and PUT, with versions, for whoever shows the token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.files: dict[str, bytes] = {}
        self.answered: list[tuple[str, str, int]] = []
        self.away = False


class Answering(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        held = self.server.files.get(self.path)
        tag = f'"{sha256_of(held or b"")}"'
        if self.server.away:
            self.answer(503)
        elif self.headers.get("authorization") != f"Bearer {TOKEN}":
            self.answer(401)
        elif held is None:
            self.answer(404)
        elif self.headers.get("if-none-match") == tag:
            self.answer(304)
        else:
            self.answer(200, held, tag)

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        held = self.server.files.get(self.path)
        tag = f'"{sha256_of(held or b"")}"'
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            self.answer(401)
        elif self.headers.get("if-match") not in (None, tag) or (self.headers.get("if-none-match") and held):
            self.answer(412)
        else:
            self.server.files[self.path] = content
            self.answer(201)

    def answer(self, status: int, content: bytes = b"", tag: str = "") -> None:
        self.server.answered.append((self.command, self.path, status))
        self.send_response(status)
        if tag:
            self.send_header("etag", tag)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (the name is the base class's own)
        pass


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with Shelf() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_service_follows_a_channel_by_its_address(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    quick_trials(desk, monkeypatch)
    address = f"http://127.0.0.1:{shelf.server_port}/eu"
    place = open_place(address, token=TOKEN)
    assert not isinstance(place, Fault)
    by_ada = signing(tmp_path, desk.key)
    assert not isinstance(push(place, desk.bundle(), "current", by_ada), Fault)
    live = desk.opened(source=address, token=TOKEN)
    assert (live.lineup.current.pack.version, live.lineup.current.signer) == ("1.0.0", "ada")

    asked = len(shelf.answered)
    assert live.poll() is None
    assert shelf.answered[asked:] == [("GET", "/eu/release.json", 304)]

    assert not isinstance(push(place, desk.bundle("1.1.0"), "current", by_ada), Fault)
    assert live.poll() is None
    assert live.lineup.current.pack.version == "1.1.0"
    assert not isinstance(roll_back(place, by_ada), Fault)
    assert live.poll() is None
    assert (live.lineup.current.pack.version, live.status().sequence) == ("1.0.0", 3)

    shelf.away = True
    fault = live.poll()
    assert fault is not None
    assert (fault.slug, live.lineup.current.pack.version) == ("source-unreachable", "1.0.0")
    live.close()
    again = desk.opened(source=address, token=TOKEN)
    assert again.status().from_state
    shelf.away = False
    assert again.poll() is None
    assert not again.status().from_state
    again.close()
    place.close()


def test_without_the_token_nothing_comes(shelf: Shelf, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    address = f"http://127.0.0.1:{shelf.server_port}/eu"
    assert desk.refused(source=address, token="another") == ["source-unreachable"]
    assert "another" not in repr(desk.events.recent(10))
