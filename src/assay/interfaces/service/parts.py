"""What the routes share: the bundles, the desk, the store, what counts and what brakes. It decides nothing itself."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import SECOND
from assay.interfaces.deciding.desk import Desk
from assay.interfaces.deciding.lineup import Hold, Lineup
from assay.interfaces.service.idempotency import Remembered
from assay.interfaces.service.settings import ServiceSettings
from assay.interfaces.stores.entry import Entry


class Bundles(Protocol):
    """The bundles in use, as `deciding.live` has them."""

    @property
    def lineup(self) -> Lineup:
        """The bundles of this moment; a request takes them once."""
        ...

    def status(self) -> Any:
        """Where they come from and what went wrong last."""
        ...

    def rollback(self, by: str) -> Fault | None:
        """Go back to the former bundle."""
        ...

    def unpin(self, by: str) -> Fault | None:
        """Follow the channel again."""
        ...


class Records(Protocol):
    """Where records are kept, as `stores` has it."""

    def keep(self, entries: Sequence[Entry]) -> Awaitable[None]:
        """Return once they are durable; raises StoreUnwritable where they are not."""
        ...

    def state(self) -> Any:
        """How the store does."""
        ...

    def kept_keys(self, prefix: str = "", most: int = ...) -> Iterator[tuple[str, bytes]]:
        """The newest keys with a prefix, with their records, the oldest first."""
        ...


class Brakes(Protocol):
    """The safety rails, as `deciding.rails` has them."""

    def holds(self) -> Sequence[Hold]:
        """The brakes that are on."""
        ...

    def release(self, rule: str, by: str) -> Fault | None:
        """Take a brake off."""
        ...

    def alarms(self) -> Sequence[Any]:
        """What was noticed, the newest last."""
        ...


class Meter(Protocol):
    """What counts requests, as `deciding.counting` has it."""

    @property
    def content_type(self) -> str:
        """Of what `render` gives."""
        ...

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Note that a request was answered."""
        ...

    def rejected(self, slug: str) -> None:
        """Note that an item was refused."""
        ...

    def render(self) -> bytes:
        """Everything counted, as OpenMetrics text."""
        ...


class Shadowing(Protocol):
    """What the shadow bundle says otherwise, as `deciding.live` counts it."""

    def counts(self) -> Any:
        """How many items it looked at, and what it would have done otherwise."""
        ...


class Events(Protocol):
    """The log of what happened to bundles and brakes, as `deciding.events` has it."""

    def write(self, kind: str, words: str, **fields: object) -> None:
        """Append an event."""
        ...


def wall_clock() -> int:
    """Microseconds since the epoch."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a running service; those that are None are not configured."""

    live: Bundles
    desk: Desk
    keeper: Records
    settings: ServiceSettings = field(default_factory=ServiceSettings)
    meter: Meter | None = None
    rails: Brakes | None = None
    events: Events | None = None
    shadow: Shadowing | None = None
    clock: Callable[[], int] = wall_clock
    remembered: Remembered = field(default_factory=Remembered)

    @property
    def default_markets(self) -> tuple[str, ...] | None:
        """The markets of a request that names none; None is every market."""
        return self.settings.default_markets or None

    def now(self) -> int:
        """The clock, cut to the second, which is the instant of a request that names none."""
        moment = self.clock()
        return moment - moment % SECOND
