"""Every decision counted, by market class, measure and rule. It keeps no item and no id, and no count ever goes back.

What is seen is set aside as it comes and worked into tables some hundred decisions at a time, so that a request pays
a tenth of a microsecond for it, and no request waits for the work of a whole second.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from assay.engine.decision.decide import Decision, Outcome, Verdict
from assay.interfaces.deciding.counting.layout import Layout, classes_by_name
from assay.interfaces.deciding.lineup import Lineup, Loaded

# Large enough for work on arrays to pay, small enough for the request that is kept waiting by it.
CHUNK = 256
LARGEST_MEMO = 32_768
LARGEST_REACHES = 1_024
_ROWS_A_BYTE_HOLDS = 255
_MOST_BUNDLES = 32
_IDLE_SETTLES = 5

_verdict_of: Callable[[Outcome], Verdict] = attrgetter("verdict")
_markets_of: Callable[[Outcome], tuple[str, ...]] = attrgetter("markets")
Outcomes = tuple[Outcome, ...]


class Totals:
    """What all bundles of one layout came to.

    by_class    decisions by market class and column: a decision counts in each class that it speaks of
    decided     decisions by market class
    any_market  items by column: an item counts once, in however many markets it is so
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.by_class = np.zeros((len(layout.classes), layout.width), np.int64)
        self.decided = np.zeros(len(layout.classes), np.int64)
        self.any_market = np.zeros(layout.width, np.int64)
        self.items = 0

    def add(self, other: Totals) -> None:
        """Count what another of the same layout has counted."""
        self.by_class += other.by_class
        self.decided += other.decided
        self.any_market += other.any_market
        self.items += other.items


class _Rows(dict[Verdict, bytes]):
    """Verdicts as bits, worked out when they first come; a verdict is one object for all items it is said of."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._row = layout.packing()

    def __missing__(self, verdict: Verdict) -> bytes:
        if len(self) >= LARGEST_MEMO:
            self.clear()
        found = self[verdict] = self._row(verdict)
        return found


class _Reaches(dict[tuple[str, ...], int]):
    """Lists of market classes by number, with what was counted for each list and is not yet with its classes."""

    def __init__(self, bundle: Loaded, layout: Layout) -> None:
        super().__init__()
        self._places = classes_by_name(bundle)
        # An item may tell two markets of one class apart, so that a class is in a list twice.
        self._times = np.zeros((LARGEST_REACHES, len(layout.classes)), np.int64)
        self.sums = np.zeros((LARGEST_REACHES, layout.width), np.int64)
        self.rows = np.zeros(LARGEST_REACHES, np.int64)

    def __missing__(self, markets: tuple[str, ...]) -> int:
        found = self[markets] = len(self)
        for name in markets:
            self._times[found, self._places[name]] += 1
        return found

    def empty_into(self, totals: Totals) -> None:
        """Count everything with its classes."""
        used = len(self)
        for place in range(len(totals.decided)):
            times = self._times[:used, place]
            numbers = times.nonzero()[0]
            if len(numbers):
                weights = times[numbers]
                totals.by_class[place] += (self.sums[numbers] * weights[:, None]).sum(axis=0)
                totals.decided[place] += self.rows[numbers] @ weights
        self._times[:used], self.sums[:used], self.rows[:used] = 0, 0, 0
        self.clear()


Listener = Callable[["Book", Sequence[Outcome], NDArray[np.uint8]], None]


class Book:
    """The counts of one bundle while it is in use.

    totals  what came to it; up to date after `settle`
    """

    def __init__(self, bundle: Loaded) -> None:
        self.bundle, self.layout = bundle, Layout.of(bundle)
        self.totals = Totals(self.layout)
        self.waiting: deque[Outcomes] = deque()
        self.idle = 0
        self._rows = _Rows(self.layout)
        self._reaches = _Reaches(bundle, self.layout)

    def fold(self, batch: Sequence[Outcomes], listeners: Sequence[Listener]) -> None:
        """Work some decisions in; the tables have them after `settle`."""
        octets, width = self.layout.octets, self.layout.width
        outcomes = list(chain.from_iterable(batch))
        rows = b"".join(map(self._rows.__getitem__, map(_verdict_of, outcomes)))
        packed = np.frombuffer(rows, np.uint8).reshape(len(outcomes), octets)
        markets = list(map(_markets_of, outcomes))
        if len(self._reaches) + len(set(markets)) > LARGEST_REACHES:
            self.settle()
        reaches = np.fromiter(map(self._reaches.__getitem__, markets), np.intp, len(outcomes))
        bits = np.unpackbits(packed, axis=1, bitorder="little")
        self._add_by_reach(bits, reaches)
        lengths = np.fromiter(map(len, batch), np.intp, len(batch))
        anywhere = np.bitwise_or.reduceat(packed, np.cumsum(lengths) - lengths, axis=0)
        items = np.unpackbits(anywhere, axis=1, bitorder="little")[:, :width].sum(axis=0, dtype=np.int64)
        self.totals.any_market += items
        self.totals.items += len(batch)
        for listener in listeners:
            listener(self, outcomes, bits)

    def settle(self) -> None:
        """Bring the tables up to date with all that was worked in."""
        self._reaches.empty_into(self.totals)

    def _add_by_reach(self, bits: NDArray[np.uint8], reaches: NDArray[np.intp]) -> None:
        order = reaches.argsort(kind="stable")
        ordered = reaches[order]
        begins = np.diff(ordered, prepend=-1) != 0
        numbers, groups = ordered[begins], np.flatnonzero(begins)
        # Eight columns are added as one word: none of its bytes runs over while no more than 255 rows are added.
        cut = begins.copy()
        cut[::_ROWS_A_BYTE_HOLDS] = True
        parts = np.add.reduceat(bits[order].view(np.uint64), np.flatnonzero(cut), axis=0).view(np.uint8)
        sums = np.add.reduceat(parts.astype(np.int64), np.flatnonzero(begins[cut]), axis=0)
        self._reaches.sums[numbers] += sums[:, : self.layout.width]
        self._reaches.rows[numbers] += np.diff(groups, append=len(ordered))


class Tally:
    """Counts decisions as they are made; every thread may tell it of one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._books: dict[Loaded, Book] = {}
        self._waiting: dict[Loaded, deque[Outcomes]] = {}
        self._former: dict[Layout, Totals] = {}
        self._ending: list[Book] = []
        self._by_bundle: dict[str, int] = {}
        self._listeners: list[Listener] = []

    def seen(self, decision: Decision, bundle: Loaded, lineup: Lineup) -> None:
        """Take note of a decision."""
        waiting = self._waiting.get(bundle)
        if waiting is None:
            waiting = self._begin(bundle)
        waiting.append(decision.outcomes)
        # Whoever is at it already takes these as well, or leaves them to the next.
        if len(waiting) >= CHUNK and self._lock.acquire(blocking=False):
            try:
                if (book := self._books.get(bundle)) is not None:
                    self._fold(book)
            finally:
                self._lock.release()

    def listen(self, listener: Listener) -> None:
        """Tell somebody of every chunk that is worked in: its book, its outcomes, and their bits by row."""
        with self._lock:
            self._listeners.append(listener)

    def settle(self) -> None:
        """Work in all that was seen until now, and let go of bundles that are no longer used."""
        with self._lock:
            for book in self._ending:
                self._fold(book)
                book.settle()
                self._former.setdefault(book.layout, Totals(book.layout)).add(book.totals)
            self._ending.clear()
            for bundle, book in list(self._books.items()):
                book.idle = 0 if self._fold(book) else book.idle + 1
                book.settle()
                if book.idle > _IDLE_SETTLES and len(self._books) > 2:
                    # A request that still holds the bundle opens a new book. One that is just adding to this book has
                    # until the next time.
                    del self._waiting[bundle], self._books[bundle]
                    self._ending.append(book)

    def totals(self) -> tuple[Totals, ...]:
        """What all bundles of each layout came to since the start, as they stand now."""
        with self._lock:
            found: dict[Layout, Totals] = {}
            for totals in (*self._former.values(), *[book.totals for book in (*self._books.values(), *self._ending)]):
                found.setdefault(totals.layout, Totals(totals.layout)).add(totals)
            return tuple(found.values())

    def books(self) -> tuple[Book, ...]:
        """The bundles that are or were just in use."""
        return tuple(self._books.values())

    @property
    def reading(self) -> threading.Lock:
        """Held by whoever reads tables, so that none is read half worked in."""
        return self._lock

    def by_bundle(self) -> dict[str, int]:
        """Items decided by each of the last bundles, by digest."""
        return dict(self._by_bundle)

    def _begin(self, bundle: Loaded) -> deque[Outcomes]:
        with self._lock:
            found = self._books.get(bundle)
            if found is None:
                found = self._books[bundle] = Book(bundle)
                # Last, since from then on others add to it without the lock.
                self._waiting[bundle] = found.waiting
            return found.waiting

    def _fold(self, book: Book) -> int:
        """Work in what waits; returns how many items that were."""
        waiting = book.waiting
        # Taken one by one: what comes meanwhile is neither lost nor counted twice.
        batch = [found for found in [waiting.popleft() for _ in range(len(waiting))] if found]
        for start in range(0, len(batch), CHUNK):
            book.fold(batch[start : start + CHUNK], self._listeners)
        if batch:
            digest = book.bundle.digest
            # The newest stands last; a digest that has not been seen for long is let go.
            self._by_bundle[digest] = self._by_bundle.pop(digest, 0) + len(batch)
            while len(self._by_bundle) > _MOST_BUNDLES:
                del self._by_bundle[next(iter(self._by_bundle))]
        return len(batch)
