"""From the bytes of a JSON line to the pieces of its record, for one market, five and all. Every line is new."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as counting
from itertools import islice
from statistics import median

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import write_item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import SECOND
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.desk import Asked, Decided, Desk
from assay.interfaces.deciding.garbage import settle
from assay.interfaces.deciding.lineup import Lineup, Loaded
from benchmarks.deciding.market_classes import KINDS, MakeItems
from benchmarks.material.measure import per_cpu_second
from benchmarks.material.starter import starter_pack
from benchmarks.material.table import count, table
from benchmarks.serving.uploads import starter_uploads

Lines = Callable[[Pack, int, int], Iterator[bytes]]
FIVE = ("BR", "EU", "IN", "KR", "US")
PLACES: tuple[tuple[str, tuple[str, ...] | None], ...] = (
    ("one market", ("BR",)),
    ("five", FIVE),
    ("all", None),
)


@dataclass(frozen=True, slots=True)
class LineRate:
    """What lines of one kind came to: lines decided in a CPU-second, and mean sizes in bytes."""

    kind: str
    where: str
    per_second: float
    line_bytes: float
    record_bytes: float


class LineDesk:
    """The starter pack as a service has it: a moving clock, and the collector kept quiet."""

    def __init__(self, as_of: int) -> None:
        self.pack, self.as_of = starter_pack(), as_of
        self._batches = counting(1)

    def rates(self, number: int, rounds: int) -> list[LineRate]:
        """Every kind of line, for every set of markets."""
        kinds: list[tuple[str, Lines]] = [("uploads of a kilobyte", starter_uploads)]
        kinds += [(kind, _written(make)) for kind, make in KINDS]
        return [
            self._rate(kind, lines, where, markets, number, rounds)
            for kind, lines in kinds
            for where, markets in PLACES
        ]

    def _rate(
        self, kind: str, lines: Lines, where: str, markets: tuple[str, ...] | None, number: int, rounds: int
    ) -> LineRate:
        decider = Decider(self.pack)
        lineup, desk = Lineup(Loaded(self.pack, decider, RecordWriter(decider))), Desk()
        clock = counting(self.as_of, SECOND // 1_000)

        def decide(line: bytes) -> Decided:
            # The service's clock is cut to the second, and here a second has a thousand items.
            now = next(clock)
            answer = desk.decide_line(line, lineup, Asked(now - now % SECOND, markets))
            if not isinstance(answer, Decided):
                raise TypeError(f"a line was refused: {answer.faults}")
            return answer

        taken, given = [], 0
        # The first round fills the caches that a running service has filled.
        for turn in range(rounds + 1):
            fresh = list(lines(self.pack, number, next(self._batches)))
            settle()
            taken.append(per_cpu_second(decide, fresh))
            if turn:
                given += sum(map(len, fresh))
        some = list(islice(lines(self.pack, 200, next(self._batches)), 200))
        written = sum(len(decide(line).entry.record) for line in some)
        return LineRate(kind, where, median(taken[1:]), given / (number * rounds), written / len(some))


def _written(make: MakeItems) -> Lines:
    """Items as the lines that clients send."""

    def lines(pack: Pack, number: int, seed: int) -> Iterator[bytes]:
        for item in make(pack, number, seed):
            yield json.dumps(write_item(item, pack.vocabulary)).encode()

    return lines


def show_rates(rates: list[LineRate]) -> str:
    """Rates by kind and markets."""
    head = ("lines", "decided for", "lines/CPU-s", "µs a line", "line bytes", "record bytes")
    rows = [
        (
            rate.kind,
            rate.where,
            count(rate.per_second),
            f"{1e6 / rate.per_second:.1f}",
            count(rate.line_bytes),
            count(rate.record_bytes),
        )
        for rate in rates
    ]
    return table(head, rows, words=2)
