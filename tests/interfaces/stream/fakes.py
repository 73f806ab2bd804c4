"""A broker in memory, with both its ports: for tests of what a lane does and in which order. It tests nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import SECOND
from assay.interfaces.stream.ports import Arrived, Inlet, Outgoing, Outlet, OutletUnready
from tests.makers import SOME_DAY


def arrived(
    number: int,
    content: bytes | None,
    *,
    delivered: int = 1,
    moment: int | None = SOME_DAY + SECOND // 2,
    answered: bool = False,
    routing: bytes | None = None,
) -> Arrived:
    return Arrived(
        f"ITEMS:{number}",
        f"memory:ITEMS:{number}",
        content,
        moment,
        delivered,
        "items",
        routing,
        number,
        answered,
    )


class MemoryInlet:
    """Hands over batches that were put in; at the end it tells the consumer to stop."""

    name = "memory ITEMS"
    heartbeat_seconds = 0.01

    def __init__(self, diary: list[str], batches: Sequence[Sequence[Arrived]], stop: Callable[[], None]) -> None:
        self._diary, self._batches, self._stop = diary, deque(batches), stop
        self.settled: list[str] = []
        self.given_back: list[str] = []
        self.held: set[str] = set()
        self.taken_away: set[str] = set()

    async def take(self) -> list[Arrived]:
        if not self._batches:
            self._stop()
            return []
        return list(self._batches.popleft())

    async def hold(self, batch: Sequence[Arrived]) -> None:
        self.held |= {each.place for each in batch}

    def is_ours(self, arrived: Arrived) -> bool:
        return arrived.place not in self.taken_away

    async def settle(self, batch: Sequence[Arrived]) -> None:
        self._diary.append("settle " + " ".join(each.place for each in batch))
        self.settled += [each.place for each in batch]

    async def give_back(self, batch: Sequence[Arrived]) -> None:
        self.given_back += [each.place for each in batch]

    async def waiting(self) -> Mapping[str, int]:
        return {"ITEMS": sum(map(len, self._batches))}

    def fault(self) -> Fault | None:
        return None

    async def close(self) -> None:
        self._diary.append("closed")


class MemoryOutlet:
    """Takes answers, drops what comes twice as a broker does; refuses as long as it is told to."""

    def __init__(self, diary: list[str]) -> None:
        self._diary = diary
        self.sent: dict[str, Outgoing] = {}
        self.attempts: list[str] = []
        self.refusing = 0
        self.largest = 2_000_000

    async def send(self, batch: Sequence[Outgoing]) -> list[tuple[Outgoing, Fault]]:
        if self.refusing:
            self.refusing -= 1
            raise OutletUnready("not-published", "the broker is away")
        refused = []
        for outgoing in batch:
            self.attempts.append(outgoing.key)
            if len(outgoing.content or b"") > self.largest:
                refused.append((outgoing, Fault("too-large-to-publish", "it is too large")))
            else:
                self.sent.setdefault(outgoing.key, outgoing)
        self._diary.append("send " + " ".join(outgoing.key.removeprefix("memory:") for outgoing in batch))
        return refused

    async def close(self) -> None:
        return


class MemoryBroker:
    """One lane, or the faults that keep it from opening."""

    prefix = "memory:"
    in_flight = 100

    def __init__(self, inlet: Inlet, outlet: Outlet, faults: Sequence[Fault] = ()) -> None:
        self._inlet, self._outlet, self._faults = inlet, outlet, list(faults)

    async def open(self) -> list[tuple[Inlet, Outlet]] | list[Fault]:
        if self._faults:
            return self._faults
        pairs: list[tuple[Inlet, Outlet]] = [(self._inlet, self._outlet)]
        return pairs

    async def close(self) -> None:
        return
