"""What a lane does with messages, in which order, and what it does when something cannot be kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.desk import Asked, Decided, Desk, Refused
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stream.consuming import Consumer, Parts
from assay.interfaces.stream.ports import Arrived
from assay.interfaces.stream.settings import StreamSettings
from assay.interfaces.stream.trials import Trials
from tests.interfaces.stream.fakes import MemoryBroker, MemoryInlet, MemoryOutlet, arrived
from tests.interfaces.stream.made import MemoryKeeper, an_item, decided_by_library, lineup, until
from tests.makers import SOME_DAY

SETTINGS = StreamSettings(batch=10, remembered=100)


class _Keeper(MemoryKeeper):
    def __init__(self, diary: list[str], earlier: Sequence[tuple[str, bytes]] = ()) -> None:
        super().__init__(earlier)
        self._diary = diary

    async def keep(self, entries: Sequence[Entry]) -> None:
        await super().keep(entries)
        self._diary.append("keep " + " ".join(entry.key.removeprefix("memory:") for entry in entries))


@dataclass
class _Bench:
    """A consumer of one lane in memory, and what was done in which order."""

    batches: Sequence[Sequence[Arrived]]
    earlier: Sequence[tuple[str, bytes]] = ()
    desk: Desk = field(default_factory=Desk)
    diary: list[str] = field(default_factory=list)
    events: EventLog = field(default_factory=lambda: EventLog(None))
    trials: Trials = field(default_factory=lambda: Trials(None))

    def __post_init__(self) -> None:
        self.keeper = _Keeper(self.diary, self.earlier)
        self.inlet = MemoryInlet(self.diary, self.batches, self._stop)
        self.outlet = MemoryOutlet(self.diary)
        broker = MemoryBroker(self.inlet, self.outlet)
        parts = Parts(self.desk, lineup, self.keeper, self.events, trials=self.trials)
        self.consumer = Consumer(broker, parts, SETTINGS)

    def _stop(self) -> None:
        self.consumer.stopping.set()

    def run(self) -> _Bench:
        assert asyncio.run(asyncio.wait_for(self.consumer.run(), 10)) == []
        return self

    @property
    def dead(self) -> dict[str, list[str]]:
        """Slugs by the message that was set aside."""
        return {
            outgoing.key.removeprefix("dead:memory:"): [
                one["slug"] for one in json.loads(outgoing.headers["Assay-Faults"])
            ]
            for outgoing in self.outlet.sent.values()
            if outgoing.dead
        }


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.interfaces.stream.lane._SHORTEST_PAUSE", 0.001)
    monkeypatch.setattr("assay.interfaces.stream.lane._LONGEST_PAUSE", 0.002)


def test_a_message_is_decided_kept_sent_and_settled_in_this_order() -> None:
    bench = _Bench([[arrived(1, an_item("a")), arrived(2, an_item("b"))]]).run()
    assert bench.diary[:3] == ["keep ITEMS:1 ITEMS:2", "send ITEMS:1 ITEMS:2", "settle ITEMS:1 ITEMS:2"]


def test_what_goes_out_is_the_record_that_the_library_writes() -> None:
    content = an_item("a", disclosed=False)
    bench = _Bench([[arrived(1, content)]]).run()
    sent = bench.outlet.sent["memory:ITEMS:1"]
    assert sent.content == decided_by_library(content, SOME_DAY) == bench.keeper.entries[0].record
    assert sent.headers == {
        "Assay-Item": "a",
        "Assay-Bundle": lineup().current.digest,
        "Assay-Source": "memory:ITEMS:1",
    }


def test_a_message_that_comes_again_is_answered_with_the_same_bytes_and_recorded_once() -> None:
    content = an_item("a")
    bench = _Bench([[arrived(1, content)], [arrived(1, content, delivered=2)]]).run()
    assert bench.keeper.keys == ["memory:ITEMS:1"]
    assert bench.outlet.attempts == ["memory:ITEMS:1"] * 2
    assert (bench.consumer.counts.decided, bench.consumer.counts.repeated) == (1, 1)


def test_a_message_twice_in_one_batch_is_recorded_once() -> None:
    content = an_item("a")
    bench = _Bench([[arrived(1, content), arrived(1, content, delivered=2)]]).run()
    assert bench.keeper.keys == ["memory:ITEMS:1"]


def test_what_was_kept_before_a_crash_is_answered_as_it_was_kept() -> None:
    kept = decided_by_library(an_item("a", nude=True), SOME_DAY)
    earlier = [("memory:ITEMS:1", kept), ("http client key 0 digest", b"{}")]
    # The bundle of now would decide otherwise: only the record that was kept can be the answer.
    bench = _Bench([[arrived(1, an_item("a", nude=False))]], earlier).run()
    assert bench.keeper.keys == []
    assert bench.outlet.sent["memory:ITEMS:1"].content == kept
    assert bench.outlet.sent["memory:ITEMS:1"].headers["Assay-Item"] == "a"


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"{broken", "broken-json"),
        (b"\xff\xfe", "invalid-utf-8"),
        (b"[]", "not-a-record"),
        (b'{"id": "a", "signals": {"no_such": true}}', "unknown-signal"),
        (b'{"id": "a", "id": "b"}', "duplicate-key"),
        (b'{"id": "a", "markets": ["XX"]}', "unknown-market"),
        (b'{"id": "a", "as_of": "soon"}', "bad-instant"),
        (b" " * 1_100_000, "line-too-long"),
        (None, "no-content"),
    ],
)
def test_what_cannot_be_decided_is_set_aside_and_stops_nothing(content: bytes | None, slug: str) -> None:
    bench = _Bench([[arrived(1, an_item("a")), arrived(2, content), arrived(3, an_item("c"))]]).run()
    assert bench.dead == {"ITEMS:2": [slug]}
    assert bench.outlet.sent["dead:memory:ITEMS:2"].content == content
    assert bench.keeper.keys == ["memory:ITEMS:1", "memory:ITEMS:3"]
    assert bench.inlet.settled == ["ITEMS:1", "ITEMS:2", "ITEMS:3"]
    assert bench.consumer.counts.dead == {slug: 1}


@pytest.mark.parametrize("moment", [None, -1, 253_402_300_800_000_000])
def test_a_time_that_no_record_can_name_is_a_fault_of_the_message(moment: int | None) -> None:
    assert _Bench([[arrived(1, an_item("a"), moment=moment)]]).run().dead == {"ITEMS:1": ["bad-instant"]}


class _FaultyDesk(Desk):
    def decide_line(self, line: bytes, lineup: Lineup, asked: Asked, *, key: str = "") -> Decided | Refused:
        if b"poison" in line:
            raise ZeroDivisionError("secret words of the item")
        return super().decide_line(line, lineup, asked, key=key)


class _Died(BaseException):
    """What ends a process, for tests in one."""


class _DeadlyDesk(Desk):
    def decide_line(self, line: bytes, lineup: Lineup, asked: Asked, *, key: str = "") -> Decided | Refused:
        if b"poison" in line:
            raise _Died
        return super().decide_line(line, lineup, asked, key=key)


def test_a_fault_of_ours_costs_one_message_and_tells_nothing_of_it() -> None:
    bench = _Bench([[arrived(1, an_item("poison")), arrived(2, an_item("b"))]], desk=_FaultyDesk()).run()
    assert bench.dead == {"ITEMS:1": ["our-fault"]}
    assert "secret" not in bench.outlet.sent["dead:memory:ITEMS:1"].headers["Assay-Faults"]
    assert bench.keeper.keys == ["memory:ITEMS:2"]


def test_nothing_is_sent_or_settled_before_its_record_is_kept() -> None:
    bench = _Bench([[arrived(1, an_item("a"))], [arrived(2, an_item("b"))]])
    bench.keeper.refusing = 3
    bench.run()
    assert bench.diary[:3] == ["keep ITEMS:1", "send ITEMS:1", "settle ITEMS:1"]
    assert bench.consumer.counts.waits == 3
    assert [event.kind for event in bench.events.recent()] == [
        "stream-began",
        "stream-waits",
        "stream-goes-on",
        "stream-ended",
    ]


def test_an_answer_that_is_not_confirmed_is_sent_again_and_recorded_once() -> None:
    bench = _Bench([[arrived(1, an_item("a"))]])
    bench.outlet.refusing = 2
    bench.run()
    assert bench.keeper.keys == ["memory:ITEMS:1"]
    assert bench.inlet.settled == ["ITEMS:1"]


def test_a_batch_that_waits_is_held_so_that_nobody_else_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.interfaces.stream.lane._SHORTEST_PAUSE", 0.1)
    bench = _Bench([[arrived(1, an_item("a"))]])
    bench.keeper.refusing = 1
    bench.run()
    assert bench.inlet.held == {"ITEMS:1"}


async def _stopped_while_waiting(bench: _Bench) -> None:
    running = asyncio.create_task(bench.consumer.run())
    await until(lambda: bench.consumer.counts.waits > 0)
    assert bench.consumer.counts.faults == {"memory ITEMS": Fault("disk-full", "the disk is full")}
    bench.consumer.stopping.set()
    await asyncio.wait_for(running, 5)


def test_told_to_stop_while_nothing_can_be_kept_a_batch_is_given_back() -> None:
    bench = _Bench([[arrived(1, an_item("a")), arrived(2, an_item("b"))]])
    bench.keeper.refusing = 1_000_000
    asyncio.run(_stopped_while_waiting(bench))
    assert bench.inlet.given_back == ["ITEMS:1", "ITEMS:2"]
    assert bench.inlet.settled == []


def test_an_answer_too_large_for_the_broker_is_set_aside_with_its_record_kept() -> None:
    bench = _Bench([[arrived(1, an_item("a")), arrived(2, an_item("b"))]])
    bench.outlet.largest = 100
    bench.run()
    assert bench.dead == {"ITEMS:1": ["too-large-to-publish"], "ITEMS:2": ["too-large-to-publish"]}
    assert bench.keeper.keys == ["memory:ITEMS:1", "memory:ITEMS:2"]
    assert bench.inlet.settled == ["ITEMS:1", "ITEMS:2"]


def test_a_message_too_large_even_to_be_set_aside_leaves_why_and_where_it_stands() -> None:
    bench = _Bench([[arrived(1, b"{broken" + b" " * 200)]])
    bench.outlet.largest = 100
    bench.run()
    assert bench.dead == {"ITEMS:1": ["broken-json"]}
    letter = bench.outlet.sent["dead:memory:ITEMS:1"]
    assert (letter.content, letter.headers["Assay-No-Content"]) == (b"", "left-out")


def test_a_message_handed_over_often_is_decided_on_its_own_and_not_set_aside() -> None:
    held = [arrived(number, an_item(str(number)), delivered=7) for number in (1, 2, 3)]
    bench = _Bench([held]).run()
    assert bench.dead == {}
    # One after the other, so that a crash on one of them does not take the others' answers with it.
    assert [line for line in bench.diary if line.startswith("settle")] == [
        "settle ITEMS:1",
        "settle ITEMS:2",
        "settle ITEMS:3",
    ]


def test_a_message_that_ended_its_consumer_too_often_is_set_aside_and_no_other(tmp_path: Path) -> None:
    held = [arrived(number, an_item(name), delivered=9) for number, name in enumerate(("a", "poison", "c"), 1)]
    keys: list[str] = []
    for deaths in range(SETTINGS.deliveries):
        bench = _Bench([held], desk=_DeadlyDesk(), trials=Trials(tmp_path / "trials.json"))
        with pytest.raises(_Died):
            bench.run()
        assert bench.dead == {}, deaths
        keys += bench.keeper.keys
    bench = _Bench([held], desk=_DeadlyDesk(), trials=Trials(tmp_path / "trials.json")).run()
    assert bench.dead == {"ITEMS:2": ["delivered-too-often"]}
    assert set(keys) == {"memory:ITEMS:1"}
    assert bench.keeper.keys == ["memory:ITEMS:1", "memory:ITEMS:3"]


def test_a_message_that_waited_for_the_disk_is_not_what_ended_its_consumer(tmp_path: Path) -> None:
    for _ in range(SETTINGS.deliveries + 1):
        bench = _Bench([[arrived(1, an_item("a"), delivered=9)]], trials=Trials(tmp_path / "trials.json"))
        bench.keeper.refusing = 1_000_000
        asyncio.run(_stopped_while_waiting(bench))
    assert _Bench([[arrived(1, an_item("a"), delivered=9)]], trials=Trials(tmp_path / "trials.json")).run().dead == {}


def test_where_no_trial_is_remembered_the_brokers_count_sets_aside_the_first_only_and_late() -> None:
    times = SETTINGS.deliveries * 10
    assert _Bench([[arrived(1, an_item("1"), delivered=times)]]).run().dead == {}
    worn = [arrived(number, an_item(str(number)), delivered=times + 1) for number in (1, 2, 3)]
    bench = _Bench([worn]).run()
    assert bench.dead == {"ITEMS:1": ["delivered-too-often"]}
    assert bench.keeper.keys == ["memory:ITEMS:2", "memory:ITEMS:3"]


def test_what_went_to_another_consumer_is_neither_sent_nor_settled() -> None:
    bench = _Bench([[arrived(1, an_item("a")), arrived(2, an_item("b"))]])
    bench.inlet.taken_away = {"ITEMS:1"}
    bench.run()
    assert set(bench.outlet.sent) == {"memory:ITEMS:2"}
    assert bench.inlet.settled == ["ITEMS:2"]
    assert bench.consumer.counts.lost == 1


def test_what_another_consumer_answered_before_it_ended_is_only_settled() -> None:
    bench = _Bench([[arrived(1, an_item("a"), answered=True), arrived(2, an_item("b"))]]).run()
    assert bench.keeper.keys == ["memory:ITEMS:2"]
    assert set(bench.outlet.sent) == {"memory:ITEMS:2"}
    assert sorted(bench.inlet.settled) == ["ITEMS:1", "ITEMS:2"]
    assert bench.consumer.counts.repeated == 1


def test_answers_of_one_item_are_kept_together_also_without_a_key() -> None:
    batch = [arrived(1, an_item("a")), arrived(2, an_item("b"), routing=b"own")]
    bench = _Bench([batch]).run()
    assert [outgoing.routing for outgoing in bench.outlet.sent.values()] == [b"a", b"own"]


def test_an_id_that_would_break_a_header_is_quoted_in_it() -> None:
    name = "a\r\nX-Forged: yes\N{SNOWMAN}"
    bench = _Bench([[arrived(1, json.dumps({"id": name, "signals": {}}).encode())]]).run()
    header = bench.outlet.sent["memory:ITEMS:1"].headers["Assay-Item"]
    assert header == "a%0D%0AX-Forged: yes%E2%98%83"


def test_faults_that_keep_a_broker_from_opening_are_all_returned() -> None:
    faults = [Fault("no-stream", "there is no stream"), Fault("no-consumer", "there is none")]
    bench = _Bench([])
    broker = MemoryBroker(bench.inlet, bench.outlet, faults)
    consumer = Consumer(broker, Parts(Desk(), lineup, bench.keeper, bench.events), SETTINGS)
    assert asyncio.run(consumer.run()) == faults
