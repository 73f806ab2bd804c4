"""Records of requests that come together go to the store together, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from assay.interfaces.service.routes.deciding.gathering import MOST_TOGETHER, Gathering
from assay.interfaces.stores.entry import Entry, StoreUnwritable
from tests.interfaces.service.fakes import FakeKeeper


def entry(number: int) -> Entry:
    return Entry([b"record %d" % number], f"item-{number}")


async def keep(gathering: Gathering, number: int) -> str:
    try:
        await gathering.keep(entry(number))
    except StoreUnwritable as fault:
        return fault.slug
    return "kept"


def test_what_comes_while_the_store_writes_goes_to_it_as_one() -> None:
    async def run() -> tuple[FakeKeeper, list[str]]:
        keeper = FakeKeeper()
        keeper.gate = asyncio.Event()
        gathering = Gathering(keeper)
        first = asyncio.create_task(keep(gathering, 0))
        await asyncio.sleep(0.01)
        others = [asyncio.create_task(keep(gathering, number)) for number in range(1, 50)]
        await asyncio.sleep(0.01)
        assert not first.done(), "nobody is told before it is durable"
        keeper.gate.set()
        return keeper, await asyncio.gather(first, *others)

    keeper, ended = asyncio.run(run())
    assert keeper.batches == [1, 49]
    assert [kept.item for kept in keeper.entries] == [f"item-{number}" for number in range(50)]
    assert set(ended) == {"kept"}


def test_not_too_many_go_together() -> None:
    async def run() -> FakeKeeper:
        keeper = FakeKeeper()
        gathering = Gathering(keeper)
        await asyncio.gather(*(keep(gathering, number) for number in range(MOST_TOGETHER + 5)))
        return keeper

    assert asyncio.run(run()).batches == [MOST_TOGETHER, 5]


def test_a_failure_is_told_to_those_it_concerns_and_the_next_ones_are_tried() -> None:
    async def run() -> list[str]:
        keeper = FakeKeeper()
        keeper.broken, keeper.gate = True, asyncio.Event()
        gathering = Gathering(keeper)
        first = asyncio.create_task(keep(gathering, 0))
        await asyncio.sleep(0.01)
        keeper.gate.set()
        ended = [await first]
        keeper.broken = False
        return [*ended, await keep(gathering, 1)]

    assert asyncio.run(run()) == ["disk-full", "kept"]


@pytest.mark.parametrize("error", [ValueError("a secret"), OSError(5, "input/output error")])
def test_a_store_that_breaks_in_a_way_of_its_own_leaves_nobody_waiting(error: Exception) -> None:
    class Breaking(FakeKeeper):
        async def keep(self, entries: Sequence[Entry]) -> None:
            raise error

    async def run() -> list[Any]:
        gathering = Gathering(Breaking())
        return await asyncio.wait_for(asyncio.gather(*(keep(gathering, number) for number in range(3))), 5)

    assert asyncio.run(run()) == ["store-fault"] * 3


def test_one_that_is_ended_does_not_take_the_others_with_it() -> None:
    async def run() -> tuple[FakeKeeper, str]:
        keeper = FakeKeeper()
        keeper.gate = asyncio.Event()
        gathering = Gathering(keeper)
        first, second = (asyncio.create_task(keep(gathering, number)) for number in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        keeper.gate.set()
        return keeper, await asyncio.wait_for(second, 5)

    keeper, ended = asyncio.run(run())
    assert ended == "kept"
    assert len(keeper.entries) == 2
