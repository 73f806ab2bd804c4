from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assay.detection.detectors.asking import service
from assay.detection.detectors.folder import UnusableDetectors, refusals
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed, Settings
from assay.detection.scanners.detectors.scanner import build
from tests.detection.detectors.models import picture, set_up

pytestmark = pytest.mark.enable_socket


@dataclass(slots=True)
class StandIn:
    """What the stand-in service answers, in turn, the last for ever; and what it was sent."""

    port: int = 0
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    bodies: list[bytes] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)

    def says(self, *answers: object) -> None:
        self.answers = [each if isinstance(each, tuple) else (200, json.dumps(each).encode()) for each in answers]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    state = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            state.seen.append({key.lower(): value for key, value in self.headers.items()})
            code, body = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            self.send_response(code)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for place in range(0, len(body), 4096):
                    self.wfile.write(body[place : place + 4096])
                    self.wfile.flush()
                    time.sleep(state.seconds)
            except OSError:
                # Whoever asked has gone.
                return

        def log_message(self, *given: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.port = server.server_address[1]
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def configure(folder: Path, stand_in: StandIn, more: str = "", top: str = "") -> Path:
    place = folder / "asked"
    place.mkdir()
    (place / "detector.toml").write_text(
        f'name = "asked"\nversion = "3"\nkind = "http"\nmodalities = ["image", "text"]\n{top}\n'
        f'[endpoint]\nurl = "http://127.0.0.1:{stand_in.port}/score?key=hush"\nscore = "result.0.score"\n{more}'
    )
    return folder


def score(folder: Path, upload: Media | None = None) -> float:
    (found,) = build(Settings(detectors=folder)).scan(upload or Media.from_bytes(picture(), name="private name.png"))
    return float(found.details["score"])


def fails(folder: Path, slug: str) -> str:
    with pytest.raises(ScanFailed, match=slug) as failed:
        score(folder)
    return failed.value.words


GOOD = {"result": [{"score": 0.25}]}


def test_a_file_is_sent_as_a_part_of_a_form_without_its_name(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.says(GOOD)
    assert score(configure(tmp_path, stand_in, 'field = "media"\nalso = {model = "v3"}\n')) == 0.25
    (body,) = stand_in.bodies
    assert b'name="media"' in body
    assert picture() in body
    assert b'name="model"' in body
    assert b"private" not in body


def test_a_file_is_sent_as_base64_in_json(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.says(GOOD)
    score(configure(tmp_path, stand_in, 'send = "json"\nfield = "media"\nalso = {threshold = 1}\n'))
    assert json.loads(stand_in.bodies[0]) == {"media": base64.b64encode(picture()).decode(), "threshold": 1}


def test_a_token_is_sent_and_repeated_nowhere(
    tmp_path: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.says((403, b"Bearer hush-hush is wrong"))
    folder = configure(tmp_path, stand_in, 'token_variable = "ASSAY_TEST_TOKEN"\n')
    monkeypatch.setenv("ASSAY_TEST_TOKEN", "hush-hush")
    words = fails(folder, "detector-failed")
    assert stand_in.seen[0]["authorization"] == "Bearer hush-hush"
    assert "403" in words
    assert "hush" not in words + repr(build(Settings(detectors=folder)))
    monkeypatch.delenv("ASSAY_TEST_TOKEN")
    assert "ASSAY_TEST_TOKEN" in refusals(folder)[0]


def test_a_token_that_cannot_be_a_header_is_refused(
    tmp_path: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_TEST_TOKEN", "one\r\nX-Other: two")
    folder = configure(tmp_path, stand_in, 'token_variable = "ASSAY_TEST_TOKEN"\n')
    assert "ASSAY_TEST_TOKEN" in fails(folder, "unusable-detector")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ((200, b"<html>"), "no JSON"),
        ((200, b"[" * 60_000), "no JSON"),
        ({"result": []}, "`0` is missing"),
        ({"result": [{"score": "0.9"}]}, "no number"),
        ({"result": [{"score": True}]}, "no number"),
        ({"result": [{"score": None}]}, "no number"),
        ((200, b'{"result": [{"score": NaN}]}'), "not between"),
        ((200, b'{"result": [{"score": 1e400}]}'), "not between"),
        ((200, b'{"result": [{"score": 1' + b"0" * 400 + b"}]}"), "not between"),
        ({"result": [{"score": 1.5}]}, "not between 0 and 1"),
        ({"result": [{"score": -0.1}]}, "not between 0 and 1"),
        ((200, b" " * 70_000), "more than 65,536 bytes"),
    ],
)
def test_a_strange_answer_is_a_fault_and_no_score(tmp_path: Path, stand_in: StandIn, answer: object, hint: str) -> None:
    stand_in.says(answer)
    assert hint in fails(configure(tmp_path, stand_in), "strange-answer")
    assert len(stand_in.bodies) == 1


def test_a_compressed_answer_is_not_unfolded(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.headers["Content-Encoding"] = "gzip, gzip, gzip"
    stand_in.says((200, b"anything"))
    assert "compressed" in fails(configure(tmp_path, stand_in), "strange-answer")
    assert stand_in.seen[0]["accept-encoding"] == "identity"


def test_a_redirect_is_not_followed(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.says((307, b""))
    stand_in.headers["Location"] = "http://169.254.169.254/latest"
    assert "307" in fails(configure(tmp_path, stand_in), "detector-failed")
    assert len(stand_in.bodies) == 1


def test_a_busy_service_is_asked_again_and_then_no_more(
    tmp_path: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FIRST_PAUSE_SECONDS", 0.001)
    folder = configure(tmp_path, stand_in, "retries = 2\n")
    stand_in.says((503, b""), (429, b""), GOOD)
    assert score(folder) == 0.25
    stand_in.says((503, b""))
    assert "3 times" in fails(folder, "detector-unavailable")
    assert len(stand_in.bodies) == 6


def test_a_service_that_is_not_there_is_a_fault_without_its_address(
    tmp_path: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FIRST_PAUSE_SECONDS", 0.001)
    live, stand_in.port = stand_in.port, 1
    words = fails(configure(tmp_path, stand_in), "detector-unavailable")
    stand_in.port = live
    assert "ConnectError" in words
    assert "hush" not in words


def test_a_service_that_does_not_answer_is_left_alone_for_a_while(
    tmp_path: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.says((503, b""))
    asked = build(Settings(detectors=configure(tmp_path, stand_in, "retries = 0\n")))

    def words(level: int) -> str:
        with pytest.raises(ScanFailed, match="detector-unavailable") as failed:
            asked.scan(Media.from_bytes(picture(level), name="x"))
        return failed.value.words

    assert ["was not asked" in words(level) for level in range(5)] == [False, False, False, True, True]
    assert len(stand_in.bodies) == 3
    stand_in.says(GOOD)
    later = time.monotonic() + service.LEFT_ALONE_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert len(asked.scan(Media.from_bytes(picture(), name="x"))) == 1


def test_an_answer_that_drips_is_given_up(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.says((200, b" " * 60_000))
    stand_in.seconds = 0.1
    begun = time.monotonic()
    fails(configure(tmp_path, stand_in, "seconds = 0.2\nretries = 0\n"), "detector-unavailable")
    assert time.monotonic() - begun < 1.5


def test_another_version_behind_the_same_address_is_a_fault(tmp_path: Path, stand_in: StandIn) -> None:
    folder = configure(tmp_path, stand_in, 'version = "model.version"\n')
    stand_in.says({**GOOD, "model": {"version": 3}})
    assert score(folder) == 0.25
    stand_in.says({**GOOD, "model": {"version": "4"}})
    assert "`4`" in fails(folder, "detector-changed")


def test_a_text_is_sent_and_what_is_too_large_is_not(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.says(GOOD)
    folder = configure(tmp_path, stand_in, "most_request_bytes = 50\n")
    assert score(folder, Media.from_bytes(b"a short text", name="x")) == 0.25
    assert build(Settings(detectors=folder)).scan(Media.from_bytes(b"a long text " * 9, name="x")) == []
    assert len(stand_in.bodies) == 1


def test_a_service_that_fails_costs_no_model_its_score(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.says((500, b""))
    folder = configure(tmp_path, stand_in, "retries = 0\n")
    set_up(folder)
    with pytest.raises(ScanFailed, match="detector-unavailable") as failed:
        score(folder)
    assert [each.source for each in failed.value.evidence] == ["detectors:bright"]


def test_an_authority_that_is_no_certificate_is_refused(tmp_path: Path, stand_in: StandIn) -> None:
    folder = configure(tmp_path, stand_in, 'authority = "ca.pem"\n')
    (folder / "asked" / "ca.pem").write_text("no certificate")
    assert "ca.pem" in fails(folder, "unusable-detector")
    assert issubclass(UnusableDetectors, ValueError)
