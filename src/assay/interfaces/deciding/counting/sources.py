"""What metrics are read from, as far as they need to know it. It holds nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from assay.interfaces.deciding.lineup import Hold, Lineup
from assay.interfaces.deciding.live.status import BundleStatus
from assay.interfaces.stores.keeper import StoreState

Sample = tuple[str, tuple[str, ...], float]
Store = Callable[[], StoreState]


class Bundles(Protocol):
    """The bundles in use."""

    @property
    def lineup(self) -> Lineup:
        """Which of them decide now."""
        ...

    def status(self) -> BundleStatus:
        """What can be said of them."""
        ...


class Alarm(Protocol):
    """A measure that is outside its band, or over its quota."""

    @property
    def measure(self) -> str:
        """The measure's id."""
        ...

    @property
    def market(self) -> str:
        """The market class, or `any`."""
        ...

    @property
    def kind(self) -> str:
        """`above`, `below` or `quota`."""
        ...


class Brakes(Protocol):
    """The rails."""

    @property
    def tripped(self) -> int:
        """How many brakes were put on since the start."""
        ...

    @property
    def failing(self) -> bool:
        """Whether a brake is wanted and could not be put on."""
        ...

    def holds(self) -> Sequence[Hold]:
        """The brakes that are on."""
        ...

    def alarms(self) -> Sequence[Alarm]:
        """What is outside its band now."""
        ...


class Events(Protocol):
    """The events file."""

    @property
    def written(self) -> int:
        """Events since the start."""
        ...

    @property
    def unwritten(self) -> int:
        """Events that the file could not take."""
        ...


class Shadowing(Protocol):
    """What the shadow bundle said otherwise."""

    def samples(self) -> Iterable[Sample]:
        """Its counts, by the names and labels of the metrics `assay_shadow_…`."""
        ...
