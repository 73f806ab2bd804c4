"""Requests that come twice: the same bytes, one record, within bounds, and across a restart."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.service.idempotency import (
    PREFIX,
    Flying,
    Kept,
    Remembered,
    digest_of,
    name_of,
    read_key,
    write_key,
)
from assay.interfaces.service.settings import IdempotencySettings, ServiceSettings
from tests.interfaces.service.fakes import JSON, LINES, MADE, NOW, Bench, Wire, bench
from tests.interfaces.service.routes.deciding.test_batches import BATCH, as_lines, items
from tests.interfaces.service.routes.deciding.test_decisions import DECIDE, MINIMAL, assert_problem

KEYED = {"idempotency-key": "order-66"}
BODY = json.dumps(MADE).encode()


def decide(service: Bench, body: bytes = BODY, /, **headers: str) -> Any:
    return service.ask("POST", DECIDE, content=body, headers={**JSON, **KEYED, **headers})


def ticking(*, step: int = 1_000_000) -> Any:
    """A clock that goes on by a second each time it is asked."""
    moments = iter(range(NOW, NOW + 10**12, step))
    return lambda: next(moments)


def test_a_request_that_comes_twice_gets_the_same_bytes_and_one_record() -> None:
    service = bench(clock=ticking())
    first, second = decide(service), decide(service)
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["assay-bundle"] == first.headers["assay-bundle"]
    assert len(service.keeper.entries) == 1


def test_without_a_key_every_request_is_decided() -> None:
    service = bench(clock=ticking())
    first, second = (service.ask("POST", DECIDE, content=BODY, headers=JSON) for _ in range(2))
    assert first.content != second.content
    assert len(service.keeper.entries) == 2


def test_a_replay_can_be_asked_for_in_short() -> None:
    service = bench()
    first, second = decide(service, BODY, **MINIMAL), decide(service, BODY, **MINIMAL)
    assert first.content == second.content
    assert second.headers["preference-applied"] == "return=minimal"
    assert decide(service).content == service.keeper.records[0]


def test_a_key_for_another_body_is_refused() -> None:
    service = bench()
    decide(service)
    assert_problem(decide(service, b'{"id": "another"}'), 422, "idempotency-mismatch")
    assert len(service.keeper.entries) == 1


def test_clients_do_not_share_keys() -> None:
    async def ask(client: str, service: Bench) -> bytes:
        wire = Wire(service.app, DECIDE, headers={**JSON, **KEYED})
        wire.scope["state"] = {"client": client, "request": "r"}
        wire.give(BODY, more=False)
        await wire.start()
        return wire.body

    async def both() -> tuple[bytes, bytes]:
        service = bench(clock=ticking())
        return await ask("ada", service), await ask("bo", service)

    one, other = asyncio.run(both())
    assert one != other


@pytest.mark.parametrize("key", ["", "a b", "ä", "x" * 256, "a\x7f"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    answer = bench().ask("POST", DECIDE, content=BODY, headers=[*JSON.items(), ("idempotency-key", key.encode())])
    assert_problem(answer, 400, "bad-header")


def test_two_keys_in_one_request_are_refused() -> None:
    headers = [*JSON.items(), ("idempotency-key", "a"), ("idempotency-key", "b")]
    assert_problem(bench().ask("POST", DECIDE, content=BODY, headers=headers), 400, "bad-header")


def test_the_second_waits_for_the_first_while_it_is_on_its_way() -> None:
    async def run() -> tuple[Bench, list[Any]]:
        service = bench(clock=ticking())
        service.keeper.gate = asyncio.Event()
        asks = [
            asyncio.create_task(service.asked("POST", DECIDE, content=BODY, headers={**JSON, **KEYED}))
            for _ in range(5)
        ]
        await asyncio.sleep(0.02)
        assert len(service.watched.items) == 1
        service.keeper.gate.set()
        return service, await asyncio.gather(*asks)

    service, answers = asyncio.run(run())
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 4
    assert len(service.keeper.entries) == 1


def test_one_that_waited_for_a_request_that_failed_is_decided_itself() -> None:
    async def run() -> tuple[Any, Any]:
        service = bench()
        service.keeper.gate = asyncio.Event()
        service.keeper.broken = True
        first = asyncio.create_task(service.asked("POST", DECIDE, content=BODY, headers={**JSON, **KEYED}))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(service.asked("POST", DECIDE, content=BODY, headers={**JSON, **KEYED}))
        await asyncio.sleep(0.01)
        service.keeper.gate.set()
        failed = await first
        service.keeper.broken = False
        return failed, await second

    failed, decided = asyncio.run(run())
    assert (failed.status_code, decided.status_code) == (503, 200)
    assert "idempotency-replayed" not in decided.headers


def test_a_request_whose_task_is_ended_sets_free_whoever_waits() -> None:
    async def run() -> Any:
        service = bench()
        service.keeper.gate = asyncio.Event()
        first = asyncio.create_task(service.asked("POST", DECIDE, content=BODY, headers={**JSON, **KEYED}))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(service.asked("POST", DECIDE, content=BODY, headers={**JSON, **KEYED}))
        await asyncio.sleep(0.01)
        first.cancel()
        service.keeper.gate.set()
        await asyncio.gather(first, return_exceptions=True)
        return await asyncio.wait_for(second, 5)

    assert asyncio.run(run()).status_code == 200


def test_a_refused_request_is_not_remembered() -> None:
    service = bench()
    assert_problem(decide(service, b'{"id": 3}'), 422, "invalid-item")
    assert decide(service).status_code == 200


def test_a_restart_remembers_what_was_kept() -> None:
    before = bench(clock=ticking())
    first = decide(before)
    after = bench(clock=ticking(step=7_000_000))
    assert after.parts.remembered.recall(before.keeper.kept_keys(PREFIX)) == 1
    second = decide(after)
    assert second.content == first.content
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["assay-bundle"] == first.headers["assay-bundle"]
    assert not after.keeper.entries


def test_keys_of_other_rooms_are_passed_over() -> None:
    remembered = Remembered()
    record = b'{"as_of":"2026-01-01T00:00:00Z","bundle":"sha256:' + b"0" * 64 + b'"}'
    assert (
        remembered.recall([("nats:ITEMS:7:12", record), ("", record), ("http a", record), ("http a b 0 d", b"{}")]) == 0
    )
    assert remembered.recall([("http a b 0 d", record)]) == 1


@given(st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1, max_size=20), st.binary())
def test_a_stores_key_is_read_back(key: str, body: bytes) -> None:
    name, digest = name_of("a client", key.encode(), 12), digest_of(body, b"markets=BR")
    assert read_key(write_key(name, digest)) == (name, digest)


def test_bodies_and_queries_are_not_mixed_up() -> None:
    assert digest_of(b"b", b"a") != digest_of(b"ab", b"") != digest_of(b"a", b"b")


# ------------------------------------------------------------------ bounds


def kept(remembered: Remembered, number: int) -> None:
    remembered.kept(f"http a {number} 0", "d", [b"x" * 100, b"shared" * 1000], "sha256:0")


def test_what_is_remembered_is_bounded_by_number_and_the_oldest_goes_first() -> None:
    remembered = Remembered(IdempotencySettings(number=3))
    for number in range(5):
        kept(remembered, number)
    assert len(remembered) == 3
    assert [remembered.find(f"http a {number} 0") is None for number in range(5)] == [True, True, False, False, False]


def test_what_is_remembered_is_bounded_by_bytes_of_which_shared_ones_do_not_count() -> None:
    remembered = Remembered(IdempotencySettings(megabytes=1))
    for number in range(3_000):
        kept(remembered, number)
    assert 1_000 < len(remembered) < 2_000
    assert remembered.bytes <= 1 << 20


def test_what_is_remembered_is_bounded_by_time() -> None:
    now = [0.0]
    remembered = Remembered(IdempotencySettings(minutes=1), clock=lambda: now[0])
    kept(remembered, 1)
    now[0] = 59.0
    assert isinstance(remembered.find("http a 1 0"), Kept)
    now[0] = 61.0
    assert remembered.find("http a 1 0") is None
    assert (len(remembered), remembered.bytes) == (0, 0)


@pytest.mark.parametrize("settings", [IdempotencySettings(minutes=0), IdempotencySettings(number=0)])
def test_nothing_is_remembered_where_nothing_is_to_be(settings: IdempotencySettings) -> None:
    remembered = Remembered(settings)
    kept(remembered, 1)
    assert remembered.find("http a 1 0") is None
    assert remembered.recall([("http a b 0 d", b'{"bundle":"sha256:' + b"0" * 64 + b'"}')]) == 0


def test_a_restart_takes_up_the_newest_within_the_bounds() -> None:
    record = b'{"as_of":"2026-01-01T00:00:00Z","bundle":"sha256:' + b"0" * 64 + b'"}'
    remembered = Remembered(IdempotencySettings(number=2))
    assert remembered.recall((f"http a k{number} 0 d", record) for number in range(9)) == 2
    assert remembered.find("http a k7 0") is not None
    kept(remembered, 1)
    assert remembered.find("http a k7 0") is None, "of those, the older one is forgotten first"
    assert remembered.find("http a k8 0") is not None


@given(st.lists(st.tuples(st.sampled_from(("begin", "kept", "failed", "find")), st.integers(0, 5)), max_size=40))
def test_bytes_are_counted_right_whatever_happens(calls: list[tuple[str, int]]) -> None:
    async def run() -> None:
        remembered = Remembered(IdempotencySettings(number=3))
        for call, number in calls:
            name = f"http a {number} 0"
            match call:
                case "begin":
                    remembered.begin(name, "d")
                    assert isinstance(remembered.find(name), Flying)
                case "kept":
                    kept(remembered, number)
                    assert isinstance(remembered.find(name), Kept)
                case "failed":
                    remembered.failed(name)
                    assert not isinstance(remembered.find(name), Flying)
                case _:
                    remembered.find(name)
            assert len(remembered) <= 3
            assert remembered.bytes == sum(one.weight for one in remembered._kept.values())

    asyncio.run(run())


# ----------------------------------------------------------------- batches


def batch(service: Bench, body: bytes, query: str = "", **headers: str) -> Any:
    return service.ask("POST", BATCH + query, content=body, headers={**LINES, **KEYED, **headers})


def test_a_batch_that_comes_twice_gets_the_same_lines_and_no_second_records() -> None:
    service = bench(ServiceSettings(batch_chunk=3), clock=ticking())
    first, second = batch(service, as_lines(items(10))), batch(service, as_lines(items(10)))
    assert first.content == second.content
    assert len(service.keeper.entries) == 10


def test_a_batch_that_was_cut_short_goes_on_where_it_ended() -> None:
    service = bench(clock=ticking())
    first = batch(service, as_lines(items(4)))
    second = batch(service, as_lines(items(10)))
    assert second.content.startswith(first.content)
    assert len(service.keeper.entries) == 10


def test_a_line_that_changed_under_its_key_is_refused_alone() -> None:
    service = bench()
    batch(service, as_lines(items(3)))
    changed = [*items(2), {**MADE, "id": "another"}]
    found = [json.loads(line) for line in batch(service, as_lines(changed)).content.splitlines()]
    assert [each.get("problem", {}).get("slug") for each in found] == [None, None, "idempotency-mismatch"]


def test_a_key_covers_how_the_batch_was_asked_for() -> None:
    service = bench()
    batch(service, as_lines(items(2)), "?markets=DE")
    found = [json.loads(line) for line in batch(service, as_lines(items(2)), "?markets=BR").content.splitlines()]
    assert [each["problem"]["slug"] for each in found] == ["idempotency-mismatch"] * 2


def test_a_replayed_batch_can_be_asked_for_in_short() -> None:
    service = bench()
    first = batch(service, as_lines(items(3)))
    short = batch(service, as_lines(items(3)), **MINIMAL)
    assert short.headers["preference-applied"] == "return=minimal"
    assert [json.loads(line)["item"] for line in short.content.splitlines()] == [
        f"upload-{place}" for place in range(3)
    ]
    assert len(short.content) < len(first.content)


def test_two_equal_batches_at_once_make_one_record_a_line() -> None:
    async def run() -> tuple[Bench, list[Any]]:
        service = bench(ServiceSettings(batch_chunk=2), clock=ticking())
        service.keeper.gate = asyncio.Event()
        headers = {**LINES, **KEYED}
        asks = [
            asyncio.create_task(service.asked("POST", BATCH, content=as_lines(items(30)), headers=headers))
            for _ in range(3)
        ]
        await asyncio.sleep(0.02)
        service.keeper.gate.set()
        return service, await asyncio.wait_for(asyncio.gather(*asks), 20)

    service, answers = asyncio.run(run())
    assert len({answer.content for answer in answers}) == 1
    assert len(service.keeper.entries) == 30


def test_lines_of_a_batch_whose_records_failed_can_be_sent_again() -> None:
    service = bench(ServiceSettings(batch_chunk=2))
    service.keeper.fails_after = 4
    first = batch(service, as_lines(items(8)))
    service.keeper.fails_after = None
    second = batch(service, as_lines(items(8)))
    assert first.content.count(b"records-not-kept") == 4
    assert second.content.count(b"problem") == 0
    assert second.content.startswith(b"".join(line + b"\n" for line in first.content.splitlines()[:4]))
    assert len(service.keeper.entries) == 8


def test_lines_that_wait_for_another_batch_keep_their_places_where_their_own_batch_fails() -> None:
    async def run() -> tuple[Bench, list[bytes]]:
        service = bench(clock=ticking())
        lines = as_lines(items(4)).splitlines(keepends=True)
        wire = Wire(service.app, BATCH, headers={**LINES, **KEYED})
        wire.give(b"{\n")
        task = wire.start()
        # An answer has begun, so that the rest cannot be refused as a whole.
        await wire.lines(1)
        service.keeper.gate = asyncio.Event()
        service.keeper.fails_after = 2
        ahead = b"\n\n\n" + b"".join(lines[2:])
        other = asyncio.create_task(service.asked("POST", BATCH, content=ahead, headers={**LINES, **KEYED}))
        await asyncio.sleep(0.02)
        # The first two are decided here and will not be kept; the last two are on their way in the other batch.
        wire.give(b"".join(lines), more=False)
        await asyncio.sleep(0.02)
        service.keeper.gate.set()
        assert len((await other).content.splitlines()) == 2
        await task
        return service, wire.body.splitlines()

    service, answers = asyncio.run(run())
    slugs = [json.loads(line).get("problem", {}).get("slug") for line in answers]
    assert slugs == ["broken-json", "records-not-kept", "records-not-kept", None, None]
    assert answers[3:] == service.keeper.records
