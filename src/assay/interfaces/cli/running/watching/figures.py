"""Two readings of a service's metrics to what happens between them. It asks nobody and draws nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client.openmetrics.parser import text_string_to_metric_families

Labels = tuple[tuple[str, str], ...]
Reading = Mapping[str, Mapping[Labels, float]]


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole: how often a second, and which share of the whole."""

    name: str
    per_second: float
    share: float


@dataclass(frozen=True, slots=True)
class Market:
    """What is decided in a market class; `open_share` None where nothing was."""

    name: str
    per_second: float
    open_share: float | None
    outcomes: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Requests of one kind: times in seconds, None where there were none; `failed` is the share answered above 499."""

    name: str
    per_second: float
    p50: float | None
    p99: float | None
    failed: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A service between two readings; what is not counted is since the later one."""

    seconds: float
    items_per_second: float
    open_share: float | None
    outcomes: tuple[Share, ...]
    markets: tuple[Market, ...]
    routes: tuple[Route, ...]
    rejected: tuple[Share, ...]
    bundles: tuple[Mapping[str, str], ...]
    brakes: tuple[str, ...]
    alarms: tuple[Mapping[str, str], ...]
    store: Mapping[str, float]
    streams: Mapping[str, float]
    shadow_per_second: float
    memory_bytes: float | None
    processor: float | None
    swaps: float = 0.0
    refusals: float = 0.0
    notes: tuple[str, ...] = field(default=())


def read_metrics(text: str) -> Reading:
    """Numbers by name and labels.

    raises  ValueError where this is no OpenMetrics text
    """
    found: dict[str, dict[Labels, float]] = defaultdict(dict)
    for family in text_string_to_metric_families(text):  # type: ignore[no-untyped-call]
        for sample in family.samples:
            found[sample.name][tuple(sorted(sample.labels.items()))] = float(sample.value)
    return found


def frame_of(before: Reading, after: Reading, seconds: float) -> Frame:
    """What happened between two readings."""
    grown = _Grown(before, after, max(seconds, 1e-9))
    decisions, still = (
        grown.by("assay_decisions_total", "outcome"),
        sum(grown.by("assay_decisions_open_total").values()),
    )
    memory = _only(after, "assay_process_resident_bytes")
    return Frame(
        seconds=seconds,
        items_per_second=sum(grown.by("assay_items_total").values()) / grown.seconds,
        open_share=_share(still, sum(decisions.values())),
        outcomes=grown.shares(decisions),
        markets=_markets(grown),
        routes=_routes(grown),
        rejected=grown.shares(grown.by("assay_rejected_total", "slug")),
        bundles=tuple(dict(labels) for labels in after.get("assay_bundle_info", {})),
        brakes=tuple(sorted(dict(labels)["rule"] for labels in after.get("assay_brakes_on", {}))),
        alarms=tuple(dict(labels) for labels in after.get("assay_alarms", {})),
        store=_store(grown),
        streams={dict(labels)["source"]: value for labels, value in after.get("assay_stream_waiting", {}).items()},
        shadow_per_second=sum(grown.by("assay_shadow_differences_total").values()) / grown.seconds,
        memory_bytes=memory,
        processor=sum(grown.by("assay_process_cpu_seconds_total").values()) / grown.seconds,
        swaps=_only(after, "assay_bundle_swaps_total") or 0.0,
        refusals=_only(after, "assay_bundle_refusals_total") or 0.0,
        notes=_notes(after),
    )


class _Grown:
    """What counters grew by. One that fell began anew with its process, so that all of it is growth."""

    def __init__(self, before: Reading, after: Reading, seconds: float) -> None:
        self.after, self.seconds, self._before = after, seconds, before

    def all(self, name: str) -> dict[Labels, float]:
        """Growth by labels."""
        old, found = self._before.get(name, {}), {}
        for labels, value in self.after.get(name, {}).items():
            was = old.get(labels, 0.0)
            found[labels] = value - was if value >= was else value
        return found

    def by(self, name: str, *wanted: str) -> dict[str, float]:
        """Growth by the value of some labels, joined."""
        found: dict[str, float] = defaultdict(float)
        for labels, value in self.all(name).items():
            given = dict(labels)
            found[" ".join(given.get(label, "") for label in wanted)] += value
        return dict(found)

    def shares(self, counts: Mapping[str, float]) -> tuple[Share, ...]:
        """The parts of a whole, the largest first; what did not grow is left out."""
        whole = sum(counts.values())
        some = sorted(((count, name) for name, count in counts.items() if count > 0), key=lambda one: (-one[0], one[1]))
        return tuple(Share(name, count / self.seconds, count / whole) for count, name in some)


def _markets(grown: _Grown) -> tuple[Market, ...]:
    by_market: dict[str, dict[str, float]] = defaultdict(dict)
    for labels, value in grown.all("assay_decisions_total").items():
        given = dict(labels)
        by_market[given["market"]][given["outcome"]] = value
    still = grown.by("assay_decisions_open_total", "market")
    found = []
    for name, outcomes in sorted(by_market.items()):
        whole = sum(outcomes.values())
        if whole:
            open_share = _share(still.get(name, 0.0), whole)
            found.append(Market(name, whole / grown.seconds, open_share, grown.shares(outcomes)))
    return tuple(sorted(found, key=lambda market: (-market.per_second, market.name)))


def _routes(grown: _Grown) -> tuple[Route, ...]:
    buckets: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for labels, value in grown.all("assay_request_seconds_bucket").items():
        given = dict(labels)
        buckets[given["route"]].append((float(given["le"]), value))
    answers = grown.all("assay_requests_total")
    found = []
    for name, steps in sorted(buckets.items()):
        whole = max(count for _, count in steps)
        if whole:
            mine = [(dict(labels)["status"], n) for labels, n in answers.items() if dict(labels)["route"] == name]
            failed = sum(count for status, count in mine if status >= "500") / whole
            ordered = sorted(steps)
            found.append(Route(name, whole / grown.seconds, quantile(ordered, 0.5), quantile(ordered, 0.99), failed))
    return tuple(sorted(found, key=lambda route: (-route.per_second, route.name)))


def quantile(steps: Sequence[tuple[float, float]], share: float) -> float | None:
    """The time within which a share of requests was answered, as even as may be within a step.

    steps  upper edges with the requests up to each, rising; the last edge is without end
    """
    whole = steps[-1][1]
    if whole <= 0:
        return None
    wanted, below, edge = share * whole, 0.0, 0.0
    for upper, count in steps:
        if count >= wanted:
            if upper == float("inf"):
                return edge
            return edge + (upper - edge) * (wanted - below) / max(count - below, 1e-9)
        below, edge = count, upper
    return edge


def _store(grown: _Grown) -> Mapping[str, float]:
    after = grown.after
    if "assay_store_healthy" not in after:
        return {}
    return {
        "healthy": min(after["assay_store_healthy"].values()),
        "waiting": _only(after, "assay_store_waiting_records") or 0.0,
        "kept_per_second": sum(grown.by("assay_store_records_total").values()) / grown.seconds,
        "failed": sum(grown.by("assay_store_failures_total").values()),
    }


def _notes(after: Reading) -> tuple[str, ...]:
    """What somebody should look at."""
    said = {
        "assay_bundle_fault": "the newest release is refused, or its source cannot be read",
        "assay_bundle_pinned": "a rollback holds against the channel",
        "assay_brakes_failed": "a brake is wanted and cannot be put on",
        "assay_store_full": "so many records wait that requests are refused",
    }
    return tuple(words for name, words in said.items() if _only(after, name))


def _only(reading: Reading, name: str) -> float | None:
    return next(iter(reading.get(name, {}).values()), None)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
