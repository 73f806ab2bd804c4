"""How a batch flows: answers before its end, back-pressure, clients that leave, stores that fail, swaps meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from time import thread_time
from typing import TypeVar

import pytest

from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.service.problems import BodyRefused, Message, Problem
from assay.interfaces.service.settings import ServiceSettings
from tests.interfaces.service.fakes import LINES, Bench, Wire, bench, loaded, small_pack
from tests.interfaces.service.routes.deciding.test_batches import BATCH, as_lines, items

AHEAD = 1 << 19
_Found = TypeVar("_Found")


def in_loop(body: Callable[[], Awaitable[_Found]]) -> _Found:
    async def run() -> _Found:
        return await asyncio.wait_for(body(), 30)

    return asyncio.run(run())


def wire_of(service: Bench, **headers: str) -> Wire:
    return Wire(service.app, BATCH, headers={**LINES, **headers})


def problems(lines: list[bytes]) -> list[str | None]:
    return [json.loads(line).get("problem", {}).get("slug") for line in lines]


def test_answers_begin_before_the_request_has_ended() -> None:
    async def body() -> None:
        wire = wire_of(bench())
        wire.give(as_lines(items(3)))
        task = wire.start()
        assert len(await wire.lines(3)) == 3
        assert not task.done()
        wire.give(as_lines(items(2)))
        await wire.lines(5)
        wire.give(b"", more=False)
        await task
        assert wire.sent[-1].get("more_body", False) is False

    in_loop(body)


def test_nothing_is_answered_before_it_is_kept() -> None:
    async def body() -> None:
        service = bench()
        service.keeper.gate = asyncio.Event()
        wire = wire_of(service)
        wire.give(as_lines(items(5)), more=False)
        task = wire.start()
        await asyncio.sleep(0.05)
        assert not wire.sent
        service.keeper.gate.set()
        await task
        assert len(wire.body.splitlines()) == 5

    in_loop(body)


def test_the_next_chunk_is_decided_while_the_last_one_is_kept_up_to_a_bound() -> None:
    async def body() -> None:
        service = bench(ServiceSettings(batch_chunk=2))
        service.keeper.gate = asyncio.Event()
        wire = wire_of(service)
        wire.give(as_lines(items(100)), more=False)
        task = wire.start()
        await asyncio.sleep(0.05)
        assert 2 < len(service.watched.items) < 20, "some chunks are decided ahead, and no more than some"
        service.keeper.gate.set()
        await task
        assert len(service.keeper.entries) == 100

    in_loop(body)


def test_a_client_that_reads_slowly_holds_the_deciding_back() -> None:
    async def body() -> None:
        service = bench(ServiceSettings(batch_chunk=2))
        wire = wire_of(service)
        wire.sending.clear()
        wire.give(as_lines(items(200)), more=False)
        task = wire.start()
        await asyncio.sleep(0.05)
        held = len(service.watched.items)
        assert held < 30
        wire.sending.set()
        await task
        assert len(wire.body.splitlines()) == 200

    in_loop(body)


def test_a_client_that_sends_everything_before_it_reads_is_not_locked_out() -> None:
    async def body() -> None:
        service = bench(ServiceSettings(batch_chunk=2, batch_ahead=AHEAD))
        wire = wire_of(service)
        wire.sending.clear()
        piece = as_lines(items(50))
        number = AHEAD // len(piece)
        for _ in range(number):
            wire.give(piece)
        wire.give(b"", more=False)
        task = wire.start()
        await wire.all_taken()
        wire.sending.set()
        wire.leave()
        await asyncio.gather(task, return_exceptions=True)

    in_loop(body)


def test_what_is_read_ahead_is_bounded() -> None:
    async def body() -> None:
        wire = wire_of(bench(ServiceSettings(batch_chunk=2, batch_ahead=AHEAD)))
        wire.sending.clear()
        piece = as_lines(items(500))
        for _ in range(100):
            wire.give(piece)
        task = wire.start()
        await asyncio.sleep(0.2)
        assert wire.taken * len(piece) < 2 * AHEAD
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    in_loop(body)


def test_reading_goes_on_when_what_was_read_ahead_is_taken() -> None:
    async def body() -> None:
        wire = wire_of(bench(ServiceSettings(batch_chunk=2, batch_ahead=1_000)))
        for _ in range(20):
            wire.give(as_lines(items(30)))
        wire.give(b"", more=False)
        await wire.start()
        assert len(wire.body.splitlines()) == 600

    in_loop(body)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_client_that_leaves_ends_the_work(when: str) -> None:
    async def body() -> None:
        service = bench(ServiceSettings(batch_chunk=2))
        wire = wire_of(service)
        wire.sending.clear()
        wire.give(as_lines(items(5_000)), more=when == "before")
        task = wire.start()
        await asyncio.sleep(0.05)
        wire.leave()
        wire.sending.set()
        await task
        assert len(service.watched.items) < 1_000
        assert len(service.keeper.entries) == len(service.watched.items), "what was decided is kept all the same"
        assert service.meter.answers == [("decide_batch", 499)]

    in_loop(body)


def test_a_batch_gives_the_loop_back_after_a_few_milliseconds() -> None:
    async def body() -> tuple[int, float]:
        service = bench(ServiceSettings(batch_chunk=5_000))
        wire = wire_of(service)
        wire.give(as_lines(items(5_000)), more=False)
        task, rounds, began = wire.start(), 0, thread_time()
        while not task.done():
            await asyncio.sleep(0)
            rounds += 1
        return rounds, thread_time() - began

    rounds, took = in_loop(body)
    # A slice ends two milliseconds after it began; a round costs far less where nothing is decided in it.
    assert rounds > took / 0.004


def test_a_store_that_fails_before_anything_is_answered_refuses_the_batch() -> None:
    async def body() -> None:
        service = bench()
        service.keeper.broken = True
        wire = wire_of(service)
        wire.give(as_lines(items(3)), more=False)
        await wire.start()
        assert wire.sent[0]["status"] == 503
        assert dict(wire.sent[0]["headers"])[b"retry-after"]
        assert json.loads(wire.body)["slug"] == "records-not-kept"

    in_loop(body)


def test_a_store_that_fails_in_the_middle_answers_the_rest_by_problems_and_nothing_unkept() -> None:
    async def body() -> None:
        service = bench(ServiceSettings(batch_chunk=2))
        service.keeper.fails_after = 6
        wire = wire_of(service)
        wire.give(as_lines(items(50)), more=False)
        await wire.start()
        lines = wire.body.splitlines()
        assert len(lines) == 50
        found = problems(lines)
        assert found == [None] * 6 + ["records-not-kept"] * 44
        assert [json.loads(line)["line"] for line in lines[6:]] == list(range(7, 51))
        assert lines[:6] == service.keeper.records
        assert len(service.watched.items) < 30, "what cannot be kept is not decided any more"

    in_loop(body)


def test_one_batch_is_decided_by_one_lineup_whatever_is_swapped_meanwhile() -> None:
    async def body() -> None:
        service = bench()
        first = service.live.lineup.current.digest
        wire = wire_of(service)
        wire.give(as_lines(items(3)))
        task = wire.start()
        await wire.lines(3)
        service.live.lineup = Lineup(loaded(small_pack("2.0.0")), number=1)
        wire.give(as_lines(items(3)), more=False)
        await task
        assert {json.loads(line)["bundle"] for line in wire.body.splitlines()} == {first}
        later = await service.asked("POST", BATCH, content=as_lines(items(1)), headers=LINES)
        assert json.loads(later.content)["bundle"] == small_pack("2.0.0").digest != first

    in_loop(body)


@pytest.mark.parametrize("begun", [False, True])
def test_a_body_that_the_guard_stops_ends_the_batch_with_the_reason(begun: bool) -> None:
    refusal = Problem("body-too-large", 413, "the body is larger than it may be")

    async def body() -> None:
        wire = wire_of(bench())
        receive = wire._receive
        if begun:
            wire.give(as_lines(items(2)) + b'{"id":"half')

        async def guarded() -> Message:
            if wire.taken == begun:
                raise BodyRefused(refusal)
            return await receive()

        wire._receive = guarded  # type: ignore[method-assign]
        await wire.start()
        if begun:
            lines = wire.body.splitlines()
            assert problems(lines) == [None, None, "body-too-large"]
            assert json.loads(lines[2])["line"] == 3
            assert wire.sent[-1].get("more_body", False) is False
        else:
            assert wire.sent[0]["status"] == 413

    in_loop(body)


def test_several_batches_at_once_keep_apart() -> None:
    async def body() -> None:
        service = bench(ServiceSettings(batch_chunk=3))
        wires = []
        for name in "abc":
            wire = wire_of(service)
            wire.give(as_lines([{**item, "id": f"{name}-{item['id']}"} for item in items(40)]), more=False)
            wires.append((name, wire))
        await asyncio.gather(*(wire.start() for _, wire in wires))
        for name, wire in wires:
            found = [json.loads(line)["item"] for line in wire.body.splitlines()]
            assert found == [f"{name}-upload-{place}" for place in range(40)]

    in_loop(body)


def test_a_batch_whose_task_is_ended_leaves_no_reader_behind() -> None:
    async def body() -> None:
        before = asyncio.all_tasks()
        wire = wire_of(bench())
        wire.give(as_lines(items(1)))
        task = wire.start()
        await wire.lines(1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert asyncio.all_tasks() == before

    in_loop(body)
