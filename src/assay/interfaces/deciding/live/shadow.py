"""What a shadow bundle would have decided, beside what was: differences are counted. It decides nothing for anybody."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeAlias

from assay.engine.decision.decide import Decision
from assay.interfaces.deciding.lineup import Lineup, Loaded
from assay.interfaces.deciding.live.beside import Beside, Said

MOST_DIFFERENCES = 5_000
OTHERS = "others"
# Kind, name, market class of the deciding bundle, truth before, truth after.
_Key: TypeAlias = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule or a measure of which the shadow bundle says otherwise, in a market class.

    kind           `rule` or `measure`
    before, after  `yes`, `no`, `unknown`, or `absent` from that bundle
    items          on how many items
    """

    kind: str
    name: str
    market: str
    before: str
    after: str
    items: int


@dataclass(frozen=True, slots=True)
class ShadowCounts:
    """What has been counted of the shadow bundle in use.

    bundle       its digest; None where there was none yet
    items        that it was asked about, and `differing` of which it says otherwise somewhere
    failures     items that it could not decide, by slug, and values that it has no signal for
    seconds      that deciding beside has taken in all
    differences  the most frequent first
    """

    bundle: str | None
    items: int
    differing: int
    failures: Mapping[str, int]
    seconds: float
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class _Counts:
    """Counts that only grow."""

    items: int = 0
    differing: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    differences: Counter[_Key] = field(default_factory=Counter)

    def add(self, said: Said, seconds: float) -> None:
        self.items += 1
        self.seconds += seconds
        self.failures.update(said.failures)
        self.differing += bool(said.differences)
        for key in said.differences:
            # A bundle that says otherwise of everything must not fill the memory with names.
            known = key in self.differences or len(self.differences) < MOST_DIFFERENCES
            self.differences[key if known else (key[0], OTHERS, OTHERS, key[3], key[4])] += 1


class Shadow:
    """Looks at the sampled share of decisions; a fault of the shadow bundle is counted and goes no further."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._bundle: str | None = None
        self._now, self._ever = _Counts(), _Counts()
        self._pairs: dict[tuple[str, str], Beside] = {}

    def seen(self, decision: Decision, bundle: Loaded, lineup: Lineup) -> None:
        """Take note of a decision."""
        if lineup.shadow is None:
            return
        shadow = lineup.shadow_for(decision.item.id)
        if shadow is None:
            return
        with self._lock:
            began = time.perf_counter()
            try:
                said = self._beside(bundle, shadow).say(decision)
            except Exception as error:  # noqa: BLE001 (the outer edge: what the shadow does is never felt by a request)
                said = Said((f"shadow-failed-{type(error).__name__}",), ())
            self._count(shadow.digest, said, time.perf_counter() - began)

    def counts(self) -> ShadowCounts:
        """What was counted of the shadow bundle in use."""
        with self._lock:
            now = self._now
            found = tuple(Difference(*key, items) for key, items in now.differences.most_common())
            return ShadowCounts(self._bundle, now.items, now.differing, dict(now.failures), now.seconds, found)

    def samples(self) -> Iterator[tuple[str, tuple[str, ...], float]]:
        """What was counted since the start, of every shadow bundle there was, as samples of the metrics."""
        with self._lock:
            ever = self._ever
            found: list[tuple[str, tuple[str, ...], float]] = [
                ("assay_shadow_items", (), ever.items),
                ("assay_shadow_failures", (), ever.failures.total()),
                *(("assay_shadow_differences", key, items) for key, items in ever.differences.items()),
            ]
        yield from found

    def _beside(self, bundle: Loaded, shadow: Loaded) -> Beside:
        key = (bundle.digest, shadow.digest)
        found = self._pairs.get(key)
        if found is None:
            if len(self._pairs) >= 4:
                self._pairs.clear()
            found = self._pairs[key] = Beside(bundle, shadow)
        return found

    def _count(self, digest: str, said: Said, seconds: float) -> None:
        if digest != self._bundle:
            self._bundle, self._now = digest, _Counts()
        self._now.add(said, seconds)
        self._ever.add(said, seconds)


@dataclass(slots=True)
class _Here:
    """What looks on in this process, for pages that are made in it."""

    shadow: Shadow | None = None


_here = _Here()


def show_here(shadow: Shadow) -> None:
    """Let pages that this process makes read what is counted; the last one that was opened is meant."""
    _here.shadow = shadow


def counted_here() -> ShadowCounts | None:
    """What was counted in this process; None where nothing decides in it."""
    return None if _here.shadow is None else _here.shadow.counts()
