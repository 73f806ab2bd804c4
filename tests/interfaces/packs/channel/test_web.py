"""A channel behind an address: no redirect to strangers, no more bytes than asked for, no token in the clear."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.channel.places import ABSENT, Reading, Unchanged
from assay.interfaces.packs.channel.pushing import Standing, open_place, push, roll_back, standing
from assay.interfaces.packs.channel.web import WebPlace
from tests.interfaces.packs.signing import a_bundle, a_key, signed, signing, trusted

Answering = Callable[[httpx.Request], httpx.Response]


class Shelf:
    """A stand-in for a web server with folders, versions of files and one token."""

    def __init__(self, token: str = "") -> None:
        self.files: dict[str, bytes] = {}
        self.token, self.asked = token, list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return httpx.Response(401)
        name, held = request.url.path, self.files.get(request.url.path)
        tag = f'"{hash(held)}"'
        if request.method == "PUT":
            wanted = request.headers.get("if-match")
            if (wanted and (held is None or wanted != tag)) or (request.headers.get("if-none-match") and held):
                return httpx.Response(412)
            self.files[name] = request.content
            return httpx.Response(201)
        if held is None:
            return httpx.Response(404)
        if request.headers.get("if-none-match") == tag:
            return httpx.Response(304)
        return httpx.Response(200, content=held, headers={"etag": tag})


def web(answer: Answering, address: str = "https://bundles.example/eu", token: str = "") -> WebPlace:
    return WebPlace(address, token=token, seconds=2.0, transport=httpx.MockTransport(answer))


def slug(given: object) -> str:
    assert isinstance(given, Fault), given
    return given.slug


def test_a_file_is_fetched_once_and_then_asked_after(tmp_path: Path) -> None:
    shelf = Shelf()
    place = web(shelf)
    assert place.write("release.json", b"one", instead_of="") is None
    first = place.read("release.json", most=10)
    assert isinstance(first, Reading)
    assert first.content == b"one"
    assert isinstance(place.read("release.json", most=10, known=first.tag), Unchanged)
    assert shelf.asked[-1].headers["if-none-match"] == first.tag
    assert slug(place.read("nothing.json", most=10)) == ABSENT


def test_without_versions_the_content_tells_whether_it_changed() -> None:
    place = web(lambda request: httpx.Response(200, content=b"same"))
    first = place.read("release.json", most=10)
    assert isinstance(first, Reading)
    assert isinstance(place.read("release.json", most=10, known=first.tag), Unchanged)


def test_a_push_by_address_is_the_same_as_in_a_folder(tmp_path: Path) -> None:
    ada, shelf = a_key(tmp_path), Shelf("secret")
    place = web(shelf, token="secret")
    for number in ("1.0.0", "1.1.0"):
        content = signed(a_bundle(tmp_path, version=number), ada)
        assert not isinstance(push(place, content, "current", signing(tmp_path, ada)), Fault)
    back = roll_back(place, signing(tmp_path, ada))
    now = standing(place, trusted(tmp_path))
    assert isinstance(now, Standing)
    assert now.release == back
    assert now.release.sequence == 3


def test_a_release_that_moved_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    ada, shelf = a_key(tmp_path), Shelf()
    content = signed(a_bundle(tmp_path), ada)
    assert not isinstance(push(web(shelf), content, "current", signing(tmp_path, ada)), Fault)

    def moved(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and request.url.path.endswith("release.json"):
            shelf.files[request.url.path] = b"another"
        return shelf(request)

    assert slug(push(web(moved), content, "current", signing(tmp_path, ada))) == "channel-moved"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/release.json", "http://bundles.example/eu/release.json", "https://bundles.example:444/x"],
)
def test_a_redirect_to_another_host_is_not_followed(target: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": target})

    assert slug(web(answer, token="secret").read("release.json", most=10)) == "source-unreachable"
    assert len(asked) == 1


def test_a_redirect_on_the_same_host_is_followed_and_not_for_ever() -> None:
    def once(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/eu/release.json":
            return httpx.Response(301, headers={"location": "/other/release.json"})
        return httpx.Response(200, content=b"here")

    found = web(once).read("release.json", most=10)
    assert isinstance(found, Reading)
    assert found.content == b"here"
    assert (
        slug(web(lambda r: httpx.Response(302, headers={"location": "/x"})).read("a", most=1)) == "source-unreachable"
    )


def test_a_large_answer_is_left_off_while_it_comes() -> None:
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            sent.append(number)
            yield b"x" * 1000

    place = web(lambda request: httpx.Response(200, content=endless()))
    assert slug(place.read("release.json", most=100_000)) == "too-large"
    assert len(sent) < 400


def test_an_answer_that_drips_is_left_off() -> None:
    import time

    def dripping() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.02)
            yield b"x"

    place = WebPlace("https://a.example", seconds=0.1, transport=httpx.MockTransport(lambda r: _streamed(dripping())))
    assert slug(place.read("release.json", most=10**8)) == "source-unreachable"


def _streamed(content: Iterator[bytes]) -> httpx.Response:
    return httpx.Response(200, content=content)


@pytest.mark.parametrize("status", [200, 204, 206, 400, 401, 403, 500, 503])
def test_only_a_whole_plain_answer_is_taken(status: int) -> None:
    packed = {"content-encoding": "gzip"} if status == 200 else {}
    place = web(lambda request: httpx.Response(status, headers=packed, stream=httpx.ByteStream(b"{}")))
    assert slug(place.read("release.json", most=10)) == "source-unreachable"


def test_a_failing_connection_is_a_fault_in_words_without_the_password() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    place = web(broken, "https://ada:hunter2@bundles.example/eu")
    found = place.read("release.json", most=10)
    assert slug(found) == "source-unreachable"
    assert isinstance(found, Fault)
    assert "hunter2" not in found.words + place.title


def test_a_token_is_never_sent_in_the_clear() -> None:
    assert slug(open_place("http://bundles.example", token="secret")) == "token-in-the-clear"
    for address in ("https://bundles.example", "http://127.0.0.1:8000", "http://localhost"):
        place = open_place(address, token="secret")
        assert isinstance(place, WebPlace)
        place.close()
