"""`POST /v1/scan`: what comes back for a file, for a reference, and for what is neither."""

from __future__ import annotations

import asyncio
import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assay.detection.scanners.metadata.examples.build import chunk, png
from assay.interfaces.service.problems import Message
from assay.interfaces.service.scanned.settings import ScanSettings
from assay.interfaces.service.scanning import open_scanner
from tests.interfaces.service.guard.made import asked, called, slug_of
from tests.interfaces.service.scanned.made import LABELLED, MOST, Room, digest_of, room

pytestmark = pytest.mark.slow
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room(tmp_path_factory.mktemp("scans")) as found:
        yield found


def scan(scans: Room, content: bytes, query: str = "", **headers: str) -> httpx.Response:
    whole = {**scans.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    answer = asyncio.run(asked(scans.app, "POST", f"/v1/scan{query}", headers=whole, content=content))
    assert scans.left() == [], "nothing of the file is left"
    return answer


def order(scans: Room, **fields: Any) -> httpx.Response:
    return scan(scans, json.dumps(fields).encode(), content_type="application/json")


def test_a_file_is_answered_by_its_evidence(scans: Room) -> None:
    answer = scan(scans, LABELLED, "?name=holiday.PNG")
    assert answer.status_code == 200
    content = answer.json()
    assert content["digest"] == digest_of(LABELLED)
    assert content["bytes"] == len(LABELLED)
    assert (content["container"], content["modality"], content["deep"]) == ("png", "image", False)
    assert [each["claim"] for each in content["evidence"]].count("generated") == 1
    assert [each["name"] for each in content["scanners"]] == ["c2pa", "declared", "metadata"]
    assert all(each["version"] for each in content["scanners"])
    assert content["faults"] == []


def test_its_assertions_can_be_given_to_a_decision_as_they_are(scans: Room) -> None:
    found = scan(scans, LABELLED).json()["assertions"]
    assert [(each["signal"], each["value"]) for each in found] == [("ai_extent", "generated")]
    item = json.dumps({"id": "upload-1", "assertions": found}).encode()
    answer = asyncio.run(asked(scans.app, headers={**scans.headers, **JSON}, content=item))
    assert answer.status_code == 200, answer.text
    assert "generated" in answer.text


def test_a_scan_is_kept_nowhere(scans: Room) -> None:
    before = len(scans.bench.keeper.entries)
    scan(scans, LABELLED)
    assert len(scans.bench.keeper.entries) == before


def test_a_deep_scan_asks_those_that_look_into_the_picture(scans: Room) -> None:
    shallow, deep = (scan(scans, LABELLED, query).json() for query in ("", "?deep=yes"))
    assert deep["deep"] is True
    assert {each["name"] for each in shallow["scanners"]} < {each["name"] for each in deep["scanners"]}
    assert scan(scans, LABELLED, "?deep=no").json()["scanners"] == shallow["scanners"]


def test_a_file_by_reference_has_the_same_answer(scans: Room) -> None:
    (scans.media / "2026").mkdir(exist_ok=True)
    (scans.media / "2026" / "käse 1.png").write_bytes(LABELLED)
    by_reference = order(scans, digest=digest_of(LABELLED), reference="2026/käse 1.png")
    assert by_reference.status_code == 200, by_reference.text
    assert by_reference.json() == scan(scans, LABELLED).json()
    assert (scans.media / "2026" / "käse 1.png").read_bytes() == LABELLED


def test_what_the_uploader_declares_comes_with_the_reference(scans: Room) -> None:
    (scans.media / "a.png").write_bytes(LABELLED)
    declared = {"ai_extent": "none", "where": "toggle"}
    content = order(scans, digest=digest_of(LABELLED), reference="a.png", declared=declared).json()
    assert [each["claim"] for each in content["evidence"] if each["source"] == "declared"] == ["no_ai"]
    wrong = order(scans, digest=digest_of(LABELLED), reference="a.png", declared={"ai_extent": "lots"}).json()
    assert [each["slug"] for each in wrong["faults"]] == ["malformed-declaration"]


def test_another_files_declaration_is_never_read(scans: Room) -> None:
    (scans.media / "b.png").write_bytes(LABELLED)
    (scans.media / "b.png.declared.json").write_text('{"ai_extent": "none"}')
    content = order(scans, digest=digest_of(LABELLED), reference="b.png").json()
    assert not [each for each in content["evidence"] if each["source"] == "declared"]


def test_a_file_with_another_digest_is_not_scanned(scans: Room) -> None:
    (scans.media / "a.png").write_bytes(LABELLED)
    answer = order(scans, digest=digest_of(b"other"), reference="a.png")
    assert answer.status_code == 422
    assert [each["slug"] for each in answer.json()["faults"]] == ["digest-mismatch"]


def test_a_file_at_a_reference_that_is_too_large_is_not_scanned(scans: Room) -> None:
    content = bytes(MOST + 1)
    (scans.media / "large.bin").write_bytes(content)
    answer = order(scans, digest=digest_of(content), reference="large.bin")
    assert [each["slug"] for each in answer.json()["faults"]] == ["file-too-large"]


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (b"", 400, "broken-json"),
        (b"{", 400, "broken-json"),
        (b"[" * 100_000, 400, "broken-json"),
        (b'{"digest": "a", "digest": "b"}', 400, "broken-json"),
        (b"[]", 422, "invalid-request"),
        (b"{}", 422, "invalid-request"),
        (b'{"digest": 1, "reference": 2, "declared": 3}', 422, "invalid-request"),
        (b'{"url": "http://elsewhere.example/x.png"}', 422, "invalid-request"),
        (b'{"digest": "sha256:' + b"a" * 64 + b'", "reference": "a.png", "\\ud800": 1}', 400, "broken-json"),
        (b"x" * 200_000, 413, "body-too-large"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused(scans: Room, body: bytes, status: int, slug: str) -> None:
    answer = scan(scans, body, content_type="application/json")
    assert answer.status_code == status, answer.text
    assert slug_of(answer) in (slug, "invalid-request")


def test_all_that_is_wrong_with_an_order_is_said_at_once(scans: Room) -> None:
    answer = order(scans, digest="md5:1", reference="/etc/passwd", declared=[], url="http://x")
    slugs = [each["slug"] for each in answer.json()["faults"]]
    assert slugs == ["unknown-field", "bad-digest", "bad-reference", "wrong-type"]


@pytest.mark.parametrize(
    ("query", "slug"),
    [("?deep=true", "bad-parameter"), ("?deep=", "bad-parameter"), ("?url=http://x", "bad-parameter")],
)
def test_what_a_query_cannot_say_is_refused(scans: Room, query: str, slug: str) -> None:
    assert slug_of(scan(scans, LABELLED, query)) == slug


@pytest.mark.parametrize(
    "name", ["../../x.png", "/etc/passwd", "a%00b.png", "x." + "y" * 300, ".png", "%F0%9F%98%80.p%C3%B6g", "a/b\\c", ""]
)
def test_a_name_decides_nothing(scans: Room, name: str) -> None:
    assert scan(scans, LABELLED, f"?name={name}").json() == scan(scans, LABELLED).json()


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_is_no_file(scans: Room, kind: str) -> None:
    assert slug_of(scan(scans, LABELLED, content_type=kind)) == "unsupported-type"


def test_a_compressed_body_is_not_inflated(scans: Room) -> None:
    answer = scan(scans, zlib.compress(bytes(MOST)), content_encoding="gzip")
    assert answer.status_code == 415
    assert slug_of(answer) == "unsupported-encoding"


def test_an_empty_body_is_no_file(scans: Room) -> None:
    answer = scan(scans, b"")
    assert answer.status_code == 422
    assert slug_of(answer) == "invalid-request"


def bombs() -> dict[str, bytes]:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    pixels = zlib.compress(bytes(50_000_000), 9)
    text = b"parameters\x00\x00" + zlib.compress(bytes(200_000_000), 9)
    return {
        "pixels": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""),
        "text": png(chunk(b"zTXt", text)),
        "truncated": LABELLED[:-20],
        "zip": b"PK\x03\x04" + bytes(26) + b"\xff" * 500,
        "nested": b"<?xml version='1.0'?><!DOCTYPE a [" + b"<!ENTITY a 'b'>" * 1_000 + b"]><svg>&a;</svg>",
        "noise": bytes(range(256)) * 64,
    }


@pytest.mark.parametrize("kind", sorted(bombs()))
@pytest.mark.parametrize("query", ["", "?deep=yes"])
def test_a_hostile_file_is_answered_and_costs_nobody_else_anything(scans: Room, kind: str, query: str) -> None:
    content = bombs()[kind]
    assert len(content) < MOST
    answer = scan(scans, content, query)
    assert answer.status_code == 200
    assert answer.json()["digest"] == digest_of(content)
    assert scan(scans, LABELLED).json()["faults"] == []


def test_a_file_beyond_the_limit_is_refused_declared_or_not(scans: Room) -> None:
    assert slug_of(scan(scans, bytes(MOST + 1))) == "body-too-large"
    pieces: list[Message] = [{"type": "http.request", "body": bytes(100_000), "more_body": True} for _ in range(11)]
    head = [(name.encode(), value.encode()) for name, value in {**scans.headers, "host": "localhost"}.items()]
    sent = asyncio.run(called(scans.app, {"path": "/v1/scan", "headers": head}, pieces))
    assert sent[0]["status"] == 413
    assert scans.left() == []


def test_a_client_that_leaves_leaves_nothing_behind(scans: Room) -> None:
    head = [(name.encode(), value.encode()) for name, value in {**scans.headers, "host": "localhost"}.items()]
    messages: list[Message] = [
        {"type": "http.request", "body": bytes(300_000), "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent = asyncio.run(called(scans.app, {"path": "/v1/scan", "headers": head}, messages))
    assert sent == []
    assert scans.left() == []


def test_what_comes_when_as_many_wait_as_may_is_told_to_come_again(tmp_path: Path) -> None:
    async def story(scans: Room) -> list[int]:
        async def one() -> int:
            answer = await asked(scans.app, "POST", "/v1/scan", headers=scans.headers, content=LABELLED)
            if answer.status_code == 503:
                assert slug_of(answer) == "busy"
                assert answer.headers["retry-after"]
            return answer.status_code

        return await asyncio.gather(*(one() for _ in range(6)))

    with room(tmp_path, workers=1, waiting=1) as scans:
        assert sorted(asyncio.run(story(scans))) == [200, 200, 503, 503, 503, 503]
        assert asyncio.run(story(scans)).count(200) == 2
        assert scans.left() == []


def test_a_service_without_processes_or_media_says_what_is_not_set(tmp_path: Path) -> None:
    with room(tmp_path, workers=0) as scans:
        answer = scan(scans, LABELLED)
        assert (answer.status_code, slug_of(answer)) == (409, "not-configured")
    (tmp_path / "second").mkdir()
    with room(tmp_path / "second", media=None) as scans:
        answer = order(scans, digest=digest_of(LABELLED), reference="a.png")
        assert (answer.status_code, slug_of(answer)) == (409, "not-configured")


def test_a_full_disk_is_told_as_a_time_to_come_again(scans: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    answer = asyncio.run(asked(scans.app, "POST", "/v1/scan", headers=scans.headers, content=LABELLED))
    assert (answer.status_code, slug_of(answer)) == (503, "busy")


def test_settings_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    wrong = ScanSettings(workers=-1, seconds=0, megabytes=1, trust=tmp_path / "nowhere", media=tmp_path)
    assert [fault.field for fault in wrong.faults()] == ["workers", "seconds", "megabytes", "trust"]
    (tmp_path / "list.pem").write_text("nothing")
    faults = open_scanner(ScanSettings(trust=tmp_path), 1)
    assert isinstance(faults, list)
    assert faults[0].field == "trust"
