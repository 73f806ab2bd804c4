"""Assay beside other engines: one policy, the same items, the same answers. It excuses nobody, itself included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from assay.engine.decision.item import Item
from assay.engine.kernel.truth import UNKNOWN, Truth
from assay.engine.program.lower import Program
from benchmarks.material.generated import Generated, make_items
from benchmarks.material.measure import Rate, latencies, per_cpu_second
from benchmarks.material.ours import Ours
from benchmarks.material.table import count, share, table
from benchmarks.peers.peer import Answers, Peer

PEERS = ("common_expression_language", "cel_expr_python", "cedarpy", "datalogic_py", "zen_engine")


@dataclass(frozen=True, slots=True)
class Sample:
    """How much is measured.

    compared  items that every engine decides, and whose answers are compared
    fresh     items of each round of Assay; no round sees an item of another
    timed     items whose single latencies are taken
    rounds    of everything; a rate is their median
    """

    compared: int
    fresh: int
    timed: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """An engine's answers beside Assay's, counted over rules and items.

    alike    items with the same truth for every rule
    unknown  answers that are unknown, and `decided` of them that it gives as yes or no
    known    answers that are yes or no, `withheld` of them that it gives as unknown, `wrong` as the opposite
    """

    items: int
    alike: int
    unknown: int
    decided: int
    known: int
    withheld: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table."""

    name: str
    how: str
    rate: Rate
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every line: Assay's three, and the others' that are installed; `missing` names those that are not."""

    ours: tuple[Result, ...]
    peers: tuple[Result, ...]
    missing: tuple[str, ...]

    def times(self, peer: Result) -> float:
        """How many times as fast Assay gives the truth of every rule, which is what a peer is asked for."""
        return self.ours[0].rate.per_second / peer.rate.per_second

    def of(self, package: str) -> Result | None:
        """The line of a package."""
        return next((peer for peer in self.peers if peer.name.startswith(package)), None)


def compare(generated: Generated, ours: Ours, sample: Sample) -> Comparison:
    """Measure everybody in turn, with a round of Assay between two others, so that all meet the same machine."""
    batches = iter(range(1, 1_000_000))
    steps: tuple[Callable[[Item], object], ...] = (ours.rules, ours.decide, ours.explain)
    rounds: tuple[list[float], ...] = ([], [], [])

    def take_round() -> None:
        for step, taken in zip(steps, rounds, strict=True):
            taken.append(per_cpu_second(step, make_items(generated, sample.fresh, next(batches))))

    truths = [ours.truths(item) for item in make_items(generated, sample.compared)]
    take_round()
    for taken in rounds:
        # The first round fills the caches that a running service has filled.
        taken.clear()
    take_round()
    peers, missing = [], []
    for name in PEERS:
        loaded = _load(name, ours.decider.program)
        if isinstance(loaded, str):
            missing.append(loaded)
        for peer in () if isinstance(loaded, str) else loaded:
            peers.append(_measure(peer, generated, truths, sample))
            take_round()
    fresh = [make_items(generated, sample.timed, next(batches)) for _ in steps]
    rates = [
        Rate(tuple(taken), *latencies(step, batch)) for taken, step, batch in zip(rounds, steps, fresh, strict=True)
    ]
    names = ("the truth of every rule", "no reasons: measures, applied, settled", "with reasons in words")
    mine = tuple(Result("Assay", how, rate, None) for how, rate in zip(names, rates, strict=True))
    return Comparison(mine, tuple(peers), tuple(missing))


def _load(module: str, program: Program) -> tuple[Peer, ...] | str:
    """A peer, or the name of the package that it lacks."""
    adapter = import_module(f"benchmarks.peers.{module}")
    try:
        built: tuple[Peer, ...] = adapter.build(program)
    except ModuleNotFoundError:
        return str(adapter.PACKAGE)
    return built


def _measure(peer: Peer, generated: Generated, truths: Sequence[Answers], sample: Sample) -> Result:
    def natives(count: int, batch: int) -> list[Any]:
        return [peer.native(item) for item in make_items(generated, count, batch)]

    # An engine may be faster with an input that it has seen, as the Rust one is; no platform has such inputs.
    rounds = tuple(per_cpu_second(peer.ask, natives(sample.compared, batch + 1)) for batch in range(sample.rounds))
    rate = Rate(rounds, *latencies(peer.ask, natives(sample.timed, sample.rounds + 1)))
    answers = (peer.read(peer.ask(given)) for given in natives(len(truths), 0))
    return Result(peer.name, peer.how, rate, _agreement(truths, answers))


def _agreement(truths: Sequence[Answers], answers: Iterator[Answers]) -> Agreement:
    alike = unknown = decided = known = withheld = wrong = 0
    for right, given in zip(truths, answers, strict=True):
        alike += list(right) == list(given)
        for one, other in zip(right, given, strict=True):
            if one is UNKNOWN:
                unknown += 1
                decided += other is not UNKNOWN
            else:
                known += 1
                withheld += other is UNKNOWN
                wrong += other is not UNKNOWN and other is not one
    return Agreement(len(truths), alike, unknown, decided, known, withheld, wrong)


def show(comparison: Comparison) -> str:
    """The table, and what each column says."""
    head = ("engine", "asked for", "decisions/CPU-s", "p50 µs", "p99 µs", "Assay is", "items alike", "unknown decided")
    rows = [_row(result, "") for result in comparison.ours]
    rows += [_row(peer, f"{comparison.times(peer):.1f} ×") for peer in comparison.peers]
    return table((*head, "known withheld", "wrong"), rows, words=2)


def _row(result: Result, times: str) -> tuple[str, ...]:
    rate, found = result.rate, result.agreement
    figures = (count(rate.per_second), f"{rate.p50_us:.1f}", f"{rate.p99_us:.1f}", times)
    if found is None:
        return (result.name, result.how, *figures, "", "", "", "")
    counted = (
        share(found.alike, found.items),
        share(found.decided, found.unknown),
        share(found.withheld, found.known),
        f"{found.wrong:,}",
    )
    return (result.name, result.how, *figures, *counted)


def unknown_share(truths: Sequence[Sequence[Truth]]) -> float:
    """The share of items for which some rule is unknown."""
    return sum(UNKNOWN in found for found in truths) / len(truths)
