"""Everything counted, as OpenMetrics text for Prometheus. It never shows an item, an id, a token or a client's name."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from assay.interfaces.deciding.counting.decided import decided_samples
from assay.interfaces.deciding.counting.families import ALL, Family
from assay.interfaces.deciding.counting.latency import EDGES, OTHER, Latencies
from assay.interfaces.deciding.counting.process import process_samples
from assay.interfaces.deciding.counting.sources import Brakes, Bundles, Events, Sample, Shadowing, Store
from assay.interfaces.deciding.counting.tally import Tally

MOST_NAMES = 256
_SECOND = 1_000_000


class Metrics(Collector):
    """What a process counts. Every source is asked when metrics are read, and may be absent."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(
        self,
        tally: Tally,
        *,
        live: Bundles | None = None,
        store: Store | None = None,
        rails: Brakes | None = None,
        shadow: Shadowing | None = None,
        events: Events | None = None,
    ) -> None:
        self._tally, self._live, self._store = tally, live, store
        self._rails, self._shadow, self._events = rails, shadow, events
        self._latencies = Latencies()
        self._lock = threading.Lock()
        self._rejected: dict[str, int] = {}
        self._messages: dict[str, int] = {}
        self._waiting: dict[str, float] = {}
        self._lags: dict[str, float] = {}
        self._others: list[Callable[[], Iterable[Sample]]] = []
        self._began = time.time()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        #: Counts a request: its route, its status, how many seconds it took.
        self.answered: Callable[[str, int, float], None] = self._latencies.took

    def rejected(self, slug: str, count: int = 1) -> None:
        """Count items or requests that were refused."""
        self._count(self._rejected, slug, count)

    def consumed(self, result: str, count: int = 1) -> None:
        """Count messages of a stream by what became of them: `decided`, `repeated`, `dead-letter`."""
        self._count(self._messages, result, count)

    def lag(self, source: str, waiting: float, seconds: float | None = None) -> None:
        """Say how many messages wait in a source, and how old the last one was when it was decided."""
        if source in self._waiting or len(self._waiting) < MOST_NAMES:
            self._waiting[source] = waiting
            if seconds is not None:
                self._lags[source] = seconds

    def also(self, samples: Callable[[], Iterable[Sample]]) -> None:
        """Show what another program in this process counts, too."""
        self._others.append(samples)

    def render(self) -> bytes:
        """All metrics as they stand now."""
        self._tally.settle()
        text: bytes = generate_latest(self._registry)  # type: ignore[no-untyped-call]
        return text

    def samples(self) -> Iterator[Sample]:
        """All metrics but the times of requests, as names, labels and numbers."""
        yield from decided_samples(self._tally)
        yield from self._counted()
        yield from [] if self._live is None else _bundle_samples(self._live)
        yield from [] if self._rails is None else _brake_samples(self._rails)
        yield from [] if self._store is None else _store_samples(self._store)
        if self._shadow is not None:
            yield from self._shadow.samples()
        if self._events is not None:
            yield "assay_events", (), self._events.written
            yield "assay_events_unwritten", (), self._events.unwritten
        for others in self._others:
            yield from others()
        yield from process_samples(self._began)

    def collect(self) -> Iterable[Metric]:
        """What the registry asks for."""
        found: dict[str, list[tuple[tuple[str, ...], float]]] = defaultdict(list)
        for name, labels, value in self.samples():
            found[name].append((labels, value))
        for family in ALL:
            if family.kind == "histogram":
                yield self._histogram(family)
            elif family.name in found:
                yield _metric(family, found[family.name])

    def _count(self, counts: dict[str, int], name: str, count: int) -> None:
        with self._lock:
            # Names come from our own code, and still nobody may fill the memory with them.
            known = name if name in counts or len(counts) < MOST_NAMES else OTHER
            counts[known] = counts.get(known, 0) + count

    def _counted(self) -> Iterator[Sample]:
        with self._lock:
            rejected, messages = dict(self._rejected), dict(self._messages)
        yield from (("assay_rejected", (slug,), count) for slug, count in rejected.items())
        yield from (("assay_stream_messages", (result,), count) for result, count in messages.items())
        yield from (("assay_stream_waiting", (source,), waiting) for source, waiting in list(self._waiting.items()))
        yield from (("assay_stream_lag_seconds", (source,), seconds) for source, seconds in list(self._lags.items()))
        for (route, status), count in self._latencies.answers().items():
            yield "assay_requests", (route, str(status)), count

    def _histogram(self, family: Family) -> Metric:
        metric = HistogramMetricFamily(family.name, family.words, labels=family.labels)
        for route, (counts, seconds) in self._latencies.histograms().items():
            buckets, above = [], 0
            for edge, count in zip([*map(str, EDGES), "+Inf"], counts, strict=True):
                above += count
                buckets.append((edge, above))
            metric.add_metric([route], buckets, seconds)
        return metric


def _metric(family: Family, samples: list[tuple[tuple[str, ...], float]]) -> Metric:
    if family.kind == "info":
        info = InfoMetricFamily(family.name, family.words)
        for labels, _ in samples:
            info.add_metric([], dict(zip(family.labels, labels, strict=True)))
        return info
    kind = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
    metric = kind(family.name, family.words, labels=family.labels)
    for labels, value in samples:
        metric.add_metric(labels, value)
    return metric


def _bundle_samples(live: Bundles) -> Iterator[Sample]:
    status = live.status()
    for role, facts in (("current", status.current), ("staged", status.staged), ("shadow", status.shadow)):
        if facts is not None:
            number = "" if facts.sequence is None else str(facts.sequence)
            labels = (role, facts.digest, facts.pack, facts.version, number, facts.signer or "")
            yield "assay_bundle", labels, 1
            yield "assay_bundle_share", (role,), facts.share
    if status.sequence is not None:
        yield "assay_bundle_sequence", (), status.sequence
    if status.last_polled is not None:
        yield "assay_bundle_polled_seconds", (), status.last_polled / _SECOND
    yield "assay_bundle_pinned", (), status.pinned is not None
    yield "assay_bundle_fault", (), status.last_fault is not None
    yield "assay_bundle_swaps", (), status.swaps
    yield "assay_bundle_refusals", (), status.refused


def _brake_samples(rails: Brakes) -> Iterator[Sample]:
    yield from (("assay_brakes_on", (rule,), 1) for rule in {hold.rule for hold in rails.holds()})
    yield from (("assay_alarms", (one.measure, one.market, one.kind), 1) for one in rails.alarms())
    yield "assay_brakes_tripped", (), rails.tripped
    yield "assay_brakes_failed", (), rails.failing


def _store_samples(store: Store) -> Iterator[Sample]:
    state = store()
    yield "assay_store_waiting_records", (), state.waiting_entries
    yield "assay_store_waiting_bytes", (), state.waiting_bytes
    yield "assay_store_records", (), state.kept
    yield "assay_store_failures", (), state.failed
    yield "assay_store_healthy", (state.kind,), state.healthy
    yield "assay_store_full", (), state.full
    yield "assay_store_rotation_fault", (), state.rotation_fault is not None
