"""A manifest at an address: recorded always, fetched only from a host that the operator named."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from assay.detection.evidence import Claim, Evidence, Integrity
from assay.detection.media import Media
from assay.detection.scanner import Settings
from assay.detection.scanners.c2pa import remote
from assay.detection.scanners.c2pa.remote import NOT_ALLOWED, Hosts, public_address
from assay.detection.scanners.c2pa.scanner import C2paScanner, build
from assay.detection.scanners.c2pa.store import Store
from tests.detection.scanners.c2pa.signing import MANIFEST_AT, sign


def allowing(answer: bytes | Exception, *hosts: str) -> tuple[C2paScanner, list[str]]:
    asked: list[str] = []

    def ask(host: str, target: str) -> bytes:
        asked.append(host + target)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return replace(build(Settings()), store=Store(None, Hosts(frozenset(hosts), ask))), asked


def scan(scanner: C2paScanner, content: bytes) -> list[Evidence]:
    return scanner.scan(Media.from_bytes(content, name="a.png"))


def test_a_named_hosts_manifest_is_read_as_if_it_were_in_the_file() -> None:
    content, store = sign("png", remote=MANIFEST_AT)
    scanner, asked = allowing(store, "manifests.example")
    (found,) = scan(scanner, content)
    assert asked == ["manifests.example/1.c2pa"]
    assert (found.claim, found.integrity) == (Claim.GENERATED, Integrity.OK)
    assert (found.details["address"], found.details["fetched"]) == (MANIFEST_AT, "now")


def test_another_files_manifest_does_not_hold() -> None:
    content, _store = sign("png", remote=MANIFEST_AT)
    scanner, _asked = allowing(sign("jpeg", remote=MANIFEST_AT)[1], "manifests.example")
    assert [each.integrity for each in scan(scanner, content)] == [Integrity.BROKEN]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(OSError("down"), "could not be reached"), (remote._Refused("the host answered with 302"), "answered with 302")],
)
def test_what_could_not_be_fetched_stays_remote(answer: Exception, words: str) -> None:
    scanner, _asked = allowing(answer, "manifests.example")
    (found,) = scan(scanner, sign("png", remote=MANIFEST_AT)[0])
    assert found.integrity is Integrity.REMOTE
    assert words in found.details["not_fetched"]


def test_no_other_host_is_asked() -> None:
    scanner, asked = allowing(b"", "other.example")
    (found,) = scan(scanner, sign("png", remote=MANIFEST_AT)[0])
    assert (found.details["not_fetched"], asked) == (NOT_ALLOWED, [])
    assert found.details["fetched"] == "never"


@pytest.mark.parametrize(
    "address",
    [
        "http://manifests.example/1",
        "https://manifests.example:8443/1",
        "https://user@manifests.example/1",
        "https://manifests.example.evil.example/1",
        "https://evil.example/manifests.example",
        "https://manifests.example/a b",
        "https://manifests.example/a\r\nHost: evil",
        "https://[broken",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_plain_https_addresses_of_the_host_itself_are_asked(address: str) -> None:
    def ask(host: str, target: str) -> bytes:
        raise AssertionError(host + target)

    assert isinstance(Hosts(frozenset({"manifests.example"}), ask).fetch(address), str)


def test_the_case_of_a_host_does_not_matter() -> None:
    hosts = Hosts(frozenset({"manifests.example"}), lambda host, target: (host + target).encode())
    assert hosts.fetch("https://Manifests.EXAMPLE?a=1") == b"manifests.example/?a=1"


@pytest.mark.parametrize("found", [["127.0.0.1"], ["10.0.0.7"], ["93.184.216.34", "169.254.169.254"], ["::1"], []])
def test_a_host_that_leads_inside_is_not_asked(found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **words: answers)
    with pytest.raises(remote._Refused, match="no public address"):
        public_address("manifests.example")
    assert public_address("10.0.0.7") == "10.0.0.7"


def test_a_redirect_is_an_answer_without_a_manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    class Redirecting:
        def __init__(self, *args: object, **words: object) -> None: ...
        def request(self, *args: object, **words: object) -> None: ...
        def getresponse(self) -> Redirecting:
            return self

        status = 302

        def close(self) -> None: ...

    monkeypatch.setattr(remote, "_Pinned", Redirecting)
    assert Hosts(frozenset({"manifests.example"})).fetch(MANIFEST_AT) == "the host answered with 302"
