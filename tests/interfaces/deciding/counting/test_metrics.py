"""Everything that is counted is shown as OpenMetrics, under the names and words that the page has."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.counting.families import ALL, BY_NAME
from assay.interfaces.deciding.counting.latency import EDGES, MOST_ROUTES
from assay.interfaces.deciding.counting.metrics import MOST_NAMES, Metrics
from assay.interfaces.deciding.counting.sources import Sample
from assay.interfaces.deciding.counting.tally import Tally
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.live.status import BundleFacts, BundleStatus, Pin
from assay.interfaces.stores.keeper import StoreState
from tests.interfaces.deciding.small_service import OPEN, REMOVED, Bundles, Service

ROOT = Path(__file__).resolve().parents[4]
PAGE = ROOT / "docs" / "operate" / "metrics.md"
DASHBOARD, ALERTS = ROOT / "deploy" / "grafana" / "assay.json", ROOT / "deploy" / "prometheus" / "alerts.yaml"
ENDINGS = {"counter": ("_total",), "info": ("_info",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
NAMES = {f"{family.name}{ending}" for family in ALL for ending in ENDINGS[family.kind]}


class Live(Bundles):
    """Bundles with everything that can be said of them."""

    def status(self) -> BundleStatus:
        facts = BundleFacts.of(self.lineup.current)
        pin = Pin("sha256:a", "sha256:b", 7, "ada", 0)
        fault = Fault("older-release", "the release 6 is older than 7")
        return BundleStatus("a channel", facts, facts, facts, 7, 3, 2, fault, 1_795_000_000_000_000, pin, False)


class Shadow:
    """A shadow bundle that says otherwise once."""

    def samples(self) -> list[tuple[str, tuple[str, ...], float]]:
        different = ("rule", "likeness/intimate", "rest", "yes", "no")
        return [
            ("assay_shadow_items", (), 9),
            ("assay_shadow_failures", (), 1),
            ("assay_shadow_differences", different, 1),
        ]


def store() -> StoreState:
    return StoreState(
        kind="segments",
        waiting_entries=3,
        waiting_bytes=900,
        kept=40,
        failed=2,
        full=False,
        healthy=True,
        last_fault=None,
    )


def workbench() -> list[Sample]:
    """What the pages beside a service count."""
    clerk = [(f"assay_clerk_{name}", ("deliver",), 1.0) for name in ("done", "failures", "round_seconds")]
    own = [(f"assay_workbench_{name}", (), 1.0) for name in ("ready", "seconds", "under_way")]
    return [*clerk, *own, ("assay_workbench_requests", ("200",), 1.0)]


@pytest.fixture(scope="module")
def everything() -> Metrics:
    """Metrics of a service in which everything happened that can be counted."""
    service = Service()
    service.run(20, 100, 60)
    service.decide(OPEN)
    events = EventLog(None)
    events.write("brake-on", "a brake")
    live = Live()
    metrics = Metrics(service.tally, live=live, store=store, rails=service.rails, shadow=Shadow(), events=events)
    metrics.also(workbench)
    metrics.answered("decide", 200, 0.0004)
    metrics.rejected("unknown-signal")
    metrics.consumed("decided", 5)
    metrics.lag("nats:ITEMS", 12, 0.5)
    return metrics


def read(metrics: Metrics) -> dict[str, Any]:
    text = metrics.render().decode()
    assert text.endswith("# EOF\n")
    return {family.name: family for family in text_string_to_metric_families(text)}  # type: ignore[no-untyped-call]


def test_every_metric_that_is_named_is_shown_with_its_labels(everything: Metrics) -> None:
    found = read(everything)
    assert set(found) == set(BY_NAME)
    for name, family in BY_NAME.items():
        assert found[name].documentation == family.words
        assert found[name].type == family.kind
        labels = {label for sample in found[name].samples for label in sample.labels} - {"le"}
        assert labels == set(family.labels), name


def test_the_page_has_every_metric_with_its_words_and_labels() -> None:
    rows = re.findall(
        r"^\| `(assay_\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    written = {name: (kind, labels, words) for name, kind, labels, words in rows}
    expected = {
        family.name: (family.kind, " ".join(f"`{label}`" for label in family.labels), family.words) for family in ALL
    }
    assert written == expected


def queries() -> list[str]:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    found = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    rules = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    return found + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def test_dashboard_and_alerts_ask_for_metrics_and_labels_that_there_are() -> None:
    labels = {label for family in ALL for label in family.labels} | {"le"}
    assert len(queries()) > 15
    for query in queries():
        assert set(re.findall(r"\bassay_\w+", query)) - NAMES == set(), query
        grouped = {name for group in re.findall(r"by \(([^)]*)\)", query) for name in re.split(r",\s*", group)}
        matched = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", query))
        assert (grouped | matched) - labels - {"job", "instance"} == set(), query


def test_panels_say_what_they_answer() -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    titles = [panel["title"] for panel in panels if panel["type"] != "row"]
    assert len(titles) > 8
    assert [title for title in titles if not title.endswith("?")] == []
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_every_alert_says_what_happened_and_what_to_do() -> None:
    rules = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    for rule in [rule for group in rules["groups"] for rule in group["rules"]]:
        assert set(rule["annotations"]) == {"summary", "description"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["description"].endswith(".")


def test_times_are_counted_by_steps_and_by_route() -> None:
    metrics = Metrics(Tally())
    for seconds in (0.00005, 0.0004, 0.0004, 99.0):
        metrics.answered("decide", 200, seconds)
    metrics.answered("decide", 503, 0.02)
    samples = read(metrics)["assay_request_seconds"].samples
    counts = {sample.labels["le"]: sample.value for sample in samples if sample.name.endswith("_bucket")}
    assert counts["0.0001"] == 1
    assert counts["0.0005"] == 3
    assert counts["+Inf"] == 5
    assert list(counts.values()) == sorted(counts.values())
    assert len(counts) == len(EDGES) + 1
    (total,) = [sample.value for sample in samples if sample.name.endswith("_sum")]
    assert total == pytest.approx(99.02085)
    answers = {sample.labels["status"]: sample.value for sample in read(metrics)["assay_requests"].samples}
    assert answers == {"200": 4.0, "503": 1.0}


def test_nobody_fills_the_memory_with_names() -> None:
    metrics = Metrics(Tally())
    for number in range(MOST_NAMES * 2):
        metrics.rejected(f"slug-{number}")
        metrics.consumed(f"result-{number}")
        metrics.lag(f"source-{number}", 1.0)
        metrics.answered(f"route-{number}", 200, 0.001)
    found = read(metrics)
    assert len(found["assay_rejected"].samples) == MOST_NAMES + 1
    assert sum(sample.value for sample in found["assay_rejected"].samples) == MOST_NAMES * 2
    routes = {sample.labels["route"] for sample in found["assay_request_seconds"].samples}
    assert len(routes) == MOST_ROUTES + 1
    assert sum(sample.value for sample in found["assay_requests"].samples) == MOST_NAMES * 2


def test_metrics_hold_no_item_and_no_text_that_breaks_a_line(everything: Metrics) -> None:
    metrics = Metrics(everything._tally)
    metrics.rejected('bad"slug\n# EOF')
    assert len(read(metrics)["assay_rejected"].samples) == 1
    text = everything.render().decode()
    assert "item" not in {
        word for line in text.splitlines() if not line.startswith("#") for word in re.findall(r'"(\w+)"', line)
    }


def test_a_braked_bundle_adds_to_the_same_lines() -> None:
    service = Service()
    metrics = Metrics(service.tally)
    service.run(15, 100, 60)
    assert service.held()
    before = {tuple(sample.labels.values()): sample.value for sample in read(metrics)["assay_rules_true"].samples}
    service.decide(REMOVED)
    after = {tuple(sample.labels.values()): sample.value for sample in read(metrics)["assay_rules_true"].samples}
    assert after["rest", "likeness/intimate"] == before["rest", "likeness/intimate"] + 1
    assert len(read(metrics)["assay_bundle_items"].samples) == 2
