"""Whether the service lives, whether it may be sent requests, and what strangers are told of it."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

from assay.engine.kernel.errors import Fault
from tests.interfaces.service.fakes import NOW, Bench, Wire, bench


def ask_as(client: str, service: Bench, path: str) -> tuple[int, Any]:
    """One request as the guard hands it on; an empty name is a stranger."""

    async def run() -> tuple[int, Any]:
        wire = Wire(service.app, path, method="GET")
        wire.scope["state"] = {"client": client, "request": "r"}
        await wire.start()
        return wire.sent[0]["status"], json.loads(wire.body)

    return asyncio.run(run())


def test_a_process_that_answers_lives_whatever_its_store_does() -> None:
    service = bench()
    service.keeper.broken = True
    assert ask_as("", service, "/healthz") == (200, {"alive": True})


def test_a_service_whose_store_keeps_records_is_ready() -> None:
    assert ask_as("", bench(), "/readyz") == (200, {"ready": True})


def test_a_service_that_cannot_keep_records_is_not_ready_and_strangers_hear_only_a_slug() -> None:
    service = bench()
    service.keeper.broken = True
    assert ask_as("", service, "/readyz") == (503, {"ready": False, "reasons": [{"slug": "disk-full", "reason": ""}]})
    status, told = ask_as("ada", service, "/readyz")
    assert status == 503
    assert told["reasons"] == [{"slug": "disk-full", "reason": "no space is left on the device"}]
    assert told["store"]["healthy"] is False


def test_a_client_is_told_which_bundle_decides_and_how_the_store_does() -> None:
    service = bench()
    _, told = ask_as("ada", service, "/readyz")
    assert told["bundle"]["digest"] == service.live.lineup.current.digest
    assert told["store"] == {"kind": "memory", "healthy": True, "kept": 0, "waiting_entries": 0, "waiting_bytes": 0}


def test_a_bundle_that_was_refused_is_noted_and_the_last_good_one_goes_on() -> None:
    service = bench()
    service.live.fault = Fault("older-release", "release 3 is older than 4")
    service.live.pinned = SimpleNamespace(digest="a", over="b", by="ada", since=NOW)
    status, told = ask_as("ada", service, "/readyz")
    assert status == 200
    assert [each["slug"] for each in told["notes"]] == ["older-release", "pinned"]


def test_metrics_are_what_the_meter_says() -> None:
    service = bench()
    answer = service.ask("GET", "/metrics")
    assert answer.content == service.meter.render()
    assert answer.headers["content-type"] == service.meter.content_type


def test_a_service_without_a_meter_has_empty_metrics() -> None:
    assert bench(meter=None).ask("GET", "/metrics").text == "# EOF\n"
