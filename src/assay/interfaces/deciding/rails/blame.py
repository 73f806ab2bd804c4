"""Which rules impose a measure, by a sample of the decisions that did. It puts no brake on anything."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.engine.decision.decide import Outcome, Verdict
from assay.engine.kernel.bits import places_of
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.counting.layout import Layout, places_of_names
from assay.interfaces.deciding.counting.tally import Book
from assay.interfaces.deciding.lineup import Loaded
from assay.interfaces.deciding.rails.holding import imposes

KEPT = 4_096
# Of a chunk of decisions, so that the sample costs next to nothing whatever a day brings.
_MOST_OF_A_CHUNK = 32


@dataclass(frozen=True, slots=True)
class Imposed:
    """A decision that imposed some measure of those that are looked at, when, and for how many it stands."""

    at: float
    book: Book
    verdict: Verdict
    markets: tuple[str, ...]
    stands_for: float


class Sample:
    """The last decisions that imposed a measure of those that are looked at.

    clock  seconds that never go back
    """

    def __init__(self, measures: tuple[str, ...], clock: Callable[[], float]) -> None:
        self._measures, self._clock = measures, clock
        self._lock = threading.Lock()
        self._kept: deque[Imposed] = deque(maxlen=KEPT)
        self._columns: dict[Layout, NDArray[np.intp]] = {}

    def took(self, book: Book, outcomes: Sequence[Outcome], bits: NDArray[np.uint8]) -> None:
        """Take note of a chunk of decisions."""
        columns = self._columns.get(book.layout)
        if columns is None:
            start = book.layout.imposed.start
            places = places_of_names(book.layout.measures, self._measures)
            columns = self._columns[book.layout] = np.array([start + place for place in places], np.intp)
        rows = np.flatnonzero(bits[:, columns].any(axis=1))
        if not len(rows):
            return
        chosen = rows[:: -(-len(rows) // _MOST_OF_A_CHUNK)]
        weight = len(rows) / len(chosen)
        now = self._clock()
        found = [Imposed(now, book, outcomes[row].verdict, outcomes[row].markets, weight) for row in chosen]
        with self._lock:
            self._kept.extend(found)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._kept.clear()

    def keep(self, bundles: Collection[Loaded]) -> None:
        """Let go of decisions by other bundles, which would keep those alive long after they were swapped."""
        with self._lock:
            if any(one.book.bundle not in bundles for one in self._kept):
                self._kept = deque((one for one in self._kept if one.book.bundle in bundles), KEPT)

    def of(self, measure: str, market: str, base: str, since: float) -> Counter[frozenset[str]]:
        """By the rules that imposed a measure together: how many decisions.

        market  name of a market class
        base    digest of the bundle, without its brakes
        since   by the clock
        """
        with self._lock:
            kept = tuple(self._kept)
        found: Counter[frozenset[str]] = Counter()
        for one in kept:
            if one.at >= since and base_of(one.book.bundle) == base and _speaks_of(one, market):
                rules = _imposing(one, measure)
                if rules:
                    # A Counter counts in fractions as well.
                    found[rules] += one.stands_for  # type: ignore[assignment]
        return found


def base_of(bundle: Loaded) -> str:
    """The digest of a bundle as it was released, whatever brakes are on."""
    return bundle.base or bundle.digest


def rules_that_impose(bundle: Loaded, measure: str, market: str | None) -> tuple[str, ...]:
    """Every rule of a bundle that may impose a measure, in a market class or, for None, anywhere."""
    codes = next((found.codes for found in bundle.decider.program.classes if found.name == market), None)
    found = []
    for rule in bundle.pack.rules:
        reach = bundle.pack.markets_of[rule.ref]
        if imposes(rule, measure) and (codes is None or reach is None or reach & codes):
            found.append(rule.ref)
    return tuple(found)


def to_hold(imposed: Counter[frozenset[str]], keep: float) -> tuple[str, ...]:
    """The rules to hold back, largest first, until no more than a share of what they impose is left.

    keep  the share that may stay, 0 to 1
    """
    left, held = Counter(imposed), []
    wanted = sum(imposed.values()) * max(keep, 0.0)
    while sum(left.values()) > wanted:
        by_rule: Counter[str] = Counter()
        for rules, count in left.items():
            for rule in rules:
                by_rule[rule] += count
        # Of rules that impose as much, always the same is taken.
        rule = min(by_rule, key=lambda name: (-by_rule[name], name))
        held.append(rule)
        # A decision stays as long as any rule that is not held imposes the measure.
        narrowed: Counter[frozenset[str]] = Counter()
        for rules, count in left.items():
            if rules - {rule}:
                narrowed[rules - {rule}] += count
        left = narrowed
    return tuple(held)


def _speaks_of(one: Imposed, market: str) -> bool:
    if market in one.markets:
        return True
    found = next((each for each in one.book.bundle.decider.program.classes if each.name == market), None)
    return found is not None and any(code in found.codes for code in one.markets)


def _imposing(one: Imposed, measure: str) -> frozenset[str]:
    """The rules by which a decision imposes a measure: those that are true, or open with it in `until_known`."""
    pack, verdict = one.book.bundle.pack, one.verdict
    true = frozenset(_with_measure(pack, verdict.true, "then", measure))
    still = verdict.possible & ~verdict.true & ~verdict.never
    return true | frozenset(_with_measure(pack, still, "until_known", measure))


def _with_measure(pack: Pack, rules: int, where: str, measure: str) -> Iterable[str]:
    for place in places_of(rules):
        rule = pack.rules[place]
        listed = rule.then if where == "then" else rule.until_known
        if any(named.name == measure for named in listed):
            yield rule.ref
