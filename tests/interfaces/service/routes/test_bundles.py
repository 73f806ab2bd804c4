"""What an operator sees and does: bundles, rollback, brakes. Nothing is done without a name and a reason."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.lineup import Hold, Lineup
from tests.interfaces.service.fakes import JSON, NOW, bench, loaded, small_pack
from tests.interfaces.service.routes.deciding.test_decisions import assert_problem

WHO = {"by": "ada", "reason": "the new rule reaches photographs"}
CALLS = ["/v1/bundle:rollback", "/v1/bundle:unpin"]


def test_the_bundles_in_use_are_shown_with_who_signed_them() -> None:
    current = replace(loaded(), signer="ada, bo", sequence=12)
    staged, shadow = loaded(small_pack("1.1.0")), loaded(small_pack("1.2.0"))
    lineup = Lineup(current, staged, 0.25, shadow, 0.5)
    found = bench(lineup=lineup).ask("GET", "/v1/bundle").json()
    assert found["current"]["digest"] == current.digest
    assert (found["current"]["signer"], found["current"]["sequence"]) == ("ada, bo", 12)
    assert [found[name]["version"] for name in ("current", "staged", "shadow")] == ["1.0.0", "1.1.0", "1.2.0"]
    assert [found[name]["share"] for name in ("current", "staged", "shadow")] == [0.75, 0.25, 0.5]
    assert found["pinned"] is None


def test_a_bundle_with_brakes_says_which_and_what_it_was_made_from() -> None:
    hold = Hold("likeness/intimate", ("removed",), "far too many removals", NOW)
    lineup = Lineup(replace(loaded(), base="sha256:before", holds=(hold,)))
    current = bench(lineup=lineup).ask("GET", "/v1/bundle").json()["current"]
    assert current["base"] == "sha256:before"
    assert current["brakes"] == [
        {
            "rule": "likeness/intimate",
            "measures": ["removed"],
            "why": "far too many removals",
            "since": "2026-11-18T11:06:40.123456Z",
        }
    ]


def test_what_went_wrong_last_and_a_pin_are_shown() -> None:
    service = bench()
    pin = SimpleNamespace(digest="sha256:old", over="sha256:new", by="ada", since=NOW)
    service.live.fault, service.live.pinned = Fault("unsigned-bundle", "nobody signed it"), pin
    found = service.ask("GET", "/v1/bundle").json()
    assert found["last_fault"] == {"slug": "unsigned-bundle", "reason": "nobody signed it"}
    assert found["pinned"] == {
        "digest": "sha256:old",
        "over": "sha256:new",
        "by": "ada",
        "since": "2026-11-18T11:06:40.123456Z",
    }


def test_what_a_shadow_bundle_says_otherwise_is_shown() -> None:
    difference = SimpleNamespace(kind="rule", name="a/b", market="EU", before="no", after="yes", items=3)
    counts = SimpleNamespace(
        bundle="sha256:shadow", items=9, differing=3, failures={"unknown-signal": 1}, differences=(difference,)
    )
    service = bench(shadow=SimpleNamespace(counts=lambda: counts))
    shown = service.ask("GET", "/v1/bundle").json()["shadow_counts"]
    assert (shown["items"], shown["differing"], shown["failures"]) == (9, 3, {"unknown-signal": 1})
    assert shown["differences"][0]["name"] == "a/b"


@pytest.mark.parametrize("path", CALLS)
def test_a_rollback_is_done_by_somebody_for_a_reason_and_both_are_written_down(path: str) -> None:
    service = bench()
    answer = service.ask("POST", path, json=WHO)
    assert answer.status_code == 200
    assert answer.json()["current"]["digest"] == small_pack().digest
    assert service.live.calls == [(path.rpartition(":")[2], "ada")]
    ((kind, words, fields),) = service.events.written
    assert kind.endswith("-asked")
    assert (words, fields["by"]) == (WHO["reason"], "ada")


@pytest.mark.parametrize("path", CALLS)
def test_what_cannot_be_done_says_why(path: str) -> None:
    service = bench()
    service.live.fault = Fault("no-former-bundle", "there is no former bundle")
    answer = service.ask("POST", path, json=WHO)
    assert_problem(answer, 409, "not-possible", "no-former-bundle")


@pytest.mark.parametrize("path", [*CALLS, "/v1/brakes:release"])
@pytest.mark.parametrize(
    "body",
    [b'{"by": "ada"}', b'{"by": "", "reason": "x", "rule": "a/b"}', b"[]", b'{"by": 1, "reason": "x", "rule": "y"}'],
)
def test_nothing_is_done_without_a_name_and_what_is_needed(path: str, body: bytes) -> None:
    service = bench()
    assert_problem(service.ask("POST", path, content=body, headers=JSON), 422, "invalid-request")
    assert not service.live.calls
    assert not service.rails.released


@pytest.mark.parametrize("path", [*CALLS, "/v1/brakes:release"])
def test_a_call_that_is_no_json_is_a_bad_request(path: str) -> None:
    assert_problem(bench().ask("POST", path, content=b"{", headers=JSON), 400, "broken-json", "broken-json")


def test_all_that_is_wrong_with_a_call_is_said_at_once() -> None:
    answer = bench().ask("POST", "/v1/brakes:release", json={"rule": 3, "who": "ada"})
    assert [each["field"] for each in answer.json()["faults"]] == ["who", "rule", "by"]


def test_brakes_are_shown_and_released_by_somebody() -> None:
    service = bench()
    (brake,) = service.ask("GET", "/v1/brakes").json()["brakes"]
    assert brake["rule"] == "likeness/intimate"
    answer = service.ask("POST", "/v1/brakes:release", json={"rule": brake["rule"], "by": "bo"})
    assert answer.json() == {"brakes": [], "alarms": []}
    assert service.rails.released == [("likeness/intimate", "bo")]
    again = service.ask("POST", "/v1/brakes:release", json={"rule": brake["rule"], "by": "bo"})
    assert_problem(again, 409, "not-possible", "no-such-brake")


def test_alarms_are_shown_with_the_rules_whose_brakes_they_put_on() -> None:
    service = bench()
    alarm = SimpleNamespace(measure="removed", market="EU", kind="above", words="too many", since=NOW, rules=("a/b",))
    service.rails.noticed = [alarm]
    assert service.ask("GET", "/v1/brakes").json()["alarms"] == [
        {
            "measure": "removed",
            "market": "EU",
            "kind": "above",
            "words": "too many",
            "since": "2026-11-18T11:06:40.123456Z",
            "rules": ["a/b"],
        }
    ]


def test_a_service_without_rails_has_no_brakes_to_release() -> None:
    service: Any = bench(rails=None)
    assert service.ask("GET", "/v1/brakes").json() == {"brakes": [], "alarms": []}
    answer = service.ask("POST", "/v1/brakes:release", json={"rule": "a/b", "by": "bo"})
    assert_problem(answer, 409, "not-configured")
