"""The starter pack for every market, with record and reasons, and what each market class adds. Every item is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count as counting
from statistics import linear_regression, median

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter
from assay.engine.language.pack.classes import REST
from assay.engine.language.pack.pack import Pack
from benchmarks.material.measure import Rate, latencies, per_cpu_second
from benchmarks.material.starter import items_as_uploaded, items_known, items_with_gaps, starter_pack
from benchmarks.material.table import count, share, table

MakeItems = Callable[[Pack, int, int], list[Item]]
KINDS: tuple[tuple[str, MakeItems], ...] = (
    ("1-15 % of signals missing", items_with_gaps),
    ("every signal known", items_known),
    ("as uploads come: no reviewer yet", items_as_uploaded),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What one kind of items came to, decided for every market class."""

    kind: str
    rate: Rate
    outcomes: float
    settled_items: float
    settled_classes: float
    record_bytes: float


@dataclass(frozen=True, slots=True)
class Slope:
    """Microseconds an item with 1, 2, … market classes, and what a line through them adds for each class."""

    microseconds: tuple[float, ...]
    each: float


class Starter:
    """The starter pack at one instant, deciding for some markets and writing the record."""

    def __init__(self, as_of: int) -> None:
        self.pack, self.as_of = starter_pack(), as_of
        self.decider = Decider(self.pack)
        self.writer = RecordWriter(self.decider)
        names = [found.name for found in self.decider.program.classes]
        # Most markets are in the class that no rule tells apart, so it comes first.
        self.classes = (REST, *(name for name in names if name != REST))
        self._batches = counting(1)

    def fresh(self, make: MakeItems, number: int) -> list[Item]:
        """Items that were not decided before."""
        return make(self.pack, number, next(self._batches))

    def record(self, item: Item) -> bytes:
        """An item's record for every market class."""
        return self.writer.write(self.decider.decide(item, self.as_of))

    def line(self, kind: str, make: MakeItems, number: int, rounds: int) -> Line:
        """Rates of one kind of items."""
        # The first round fills the caches that a running service has filled.
        taken = [per_cpu_second(self.record, self.fresh(make, number)) for _ in range(rounds + 1)][1:]
        rate = Rate(tuple(taken), *latencies(self.record, self.fresh(make, number)))
        decisions = [self.decider.decide(item, self.as_of) for item in self.fresh(make, 1_000)]
        classes = len(decisions) * len(self.classes)
        apart = [outcome for decision in decisions for outcome in decision.outcomes]
        settled = sum(len(set(self.classes) & set(outcome.markets)) for outcome in apart if outcome.settled)
        return Line(
            kind,
            rate,
            len(apart) / len(decisions),
            sum(all(outcome.settled for outcome in decision.outcomes) for decision in decisions) / len(decisions),
            settled / classes,
            sum(len(self.writer.write(decision)) for decision in decisions) / len(decisions),
        )

    def slope(self, make: MakeItems, number: int, rounds: int) -> Slope:
        """What each further class adds."""
        microseconds = []
        for classes in range(1, len(self.classes) + 1):
            named = self.classes[:classes]

            def record(item: Item, named: tuple[str, ...] = named) -> bytes:
                return self.writer.write(self.decider.decide(item, self.as_of, named))

            taken = [per_cpu_second(record, self.fresh(make, number)) for _ in range(rounds)]
            microseconds.append(1e6 / median(taken))
        each = linear_regression(range(1, len(microseconds) + 1), microseconds).slope
        return Slope(tuple(microseconds), each)


def show_lines(lines: Sequence[Line]) -> str:
    """Rates by kind of item."""
    head = ("items", "items/CPU-s", "p50 µs", "p99 µs", "outcomes", "settled in all", "settled classes", "record bytes")
    rows = [
        (
            line.kind,
            count(line.rate.per_second),
            f"{line.rate.p50_us:.1f}",
            f"{line.rate.p99_us:.1f}",
            f"{line.outcomes:.1f}",
            share(line.settled_items, 1),
            share(line.settled_classes, 1),
            count(line.record_bytes),
        )
        for line in lines
    ]
    return table(head, rows)


def show_slope(slope: Slope) -> str:
    """Microseconds by number of market classes."""
    head = ("market classes", *(str(place) for place in range(1, len(slope.microseconds) + 1)))
    return table(head, [("µs an item", *(f"{each:.1f}" for each in slope.microseconds))])
