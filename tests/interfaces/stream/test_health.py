"""A consumer says over HTTP whether it is alive, ready, and what it has done."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.stream.counts import Counts
from assay.interfaces.stream.health import Health

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


class _Metrics:
    content_type = "text/plain"

    def render(self) -> bytes:
        return b"assay_stream_messages_total 7\n"


@pytest.fixture
def faults() -> list[Fault]:
    return []


@pytest.fixture
def client(faults: list[Fault]) -> Iterator[httpx.Client]:
    counts = Counts()
    counts.decided = 7
    health = Health(counts, _Metrics(), lambda: faults)
    assert health.start("127.0.0.1", 0) is None
    with httpx.Client(base_url=f"http://127.0.0.1:{health.port}") as client:
        yield client
    health.close()


def test_it_is_alive_ready_and_counted(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"alive": True}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"], ready.json()["decided"]) == (200, True, 7)
    assert client.get("/metrics").text == "assay_stream_messages_total 7\n"


def test_what_keeps_it_from_going_on_makes_it_unready(client: httpx.Client, faults: list[Fault]) -> None:
    faults.append(Fault("disk-full", "the disk is full"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == [{"slug": "disk-full", "reason": "the disk is full"}]


def test_it_takes_nothing_and_knows_nothing_else(client: httpx.Client) -> None:
    assert client.post("/healthz", content=b"x").status_code == 405
    assert client.get("/v1/decisions").status_code == 404
    assert json.loads(client.get("/../etc/passwd").content) == {"slug": "not-found"}
    head = client.head("/readyz")
    assert (head.status_code, head.content) == (200, b"")


def test_an_address_that_cannot_be_listened_on_is_a_fault_in_words() -> None:
    first = Health(Counts(), None, list)
    assert first.start("127.0.0.1", 0) is None
    second = Health(Counts(), None, list)
    fault = second.start("127.0.0.1", first.port)
    first.close()
    assert fault is not None
    assert (fault.slug, "in use" in fault.words) == ("no-port", True)
