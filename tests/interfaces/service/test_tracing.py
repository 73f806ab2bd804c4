"""A trace tells where the time goes, by counts; who and what was decided stays out of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assay.interfaces.deciding.counting.settings import TelemetrySettings
from assay.interfaces.deciding.desk import Desk
from assay.interfaces.service.app import build_app
from assay.interfaces.service.routes.table import ROUTES
from assay.interfaces.service.tracing import Traces, open_traces
from tests.interfaces.service.fakes import JSON, LINES, MADE, FakeKeeper, bench

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PATHS = frozenset(route.path for route in ROUTES)


class Traced:
    """A service with traces that stay in this process."""

    def __init__(self, settings: TelemetrySettings) -> None:
        self.exporter = InMemorySpanExporter()
        traces = open_traces(settings, exporter=self.exporter)
        assert isinstance(traces, Traces)
        self.traces, self.keeper = traces, FakeKeeper()
        made = bench(keeper=traces.keeper(self.keeper), desk=traces.desk(Desk()))
        self.app = traces.app(build_app(made.parts), PATHS)

    def ask(self, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://assay.test") as client:
                return await client.post(path, content=content, headers=headers)

        return asyncio.run(once())

    def spans(self) -> dict[str, ReadableSpan]:
        self.traces._provider.force_flush()
        return {span.name: span for span in self.exporter.get_finished_spans()}


@pytest.fixture
def traced() -> Iterator[Traced]:
    made = Traced(TelemetrySettings(traces=True))
    yield made
    made.traces.close()


def test_one_item_is_a_request_a_decision_and_a_wait_for_its_record(traced: Traced) -> None:
    answer = traced.ask("/v1/decisions", json.dumps(MADE).encode(), {**JSON, "traceparent": PARENT})
    assert answer.status_code == 200
    spans = traced.spans()
    assert set(spans) == {"POST /v1/decisions", "decide", "keep"}
    request = spans["POST /v1/decisions"]
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["assay.items"] == 1
    assert request.context is not None
    assert request.parent is not None
    assert format(request.context.trace_id, "032x") == PARENT.split("-")[1]
    for name in ("decide", "keep"):
        assert spans[name].parent == request.context


def test_a_batch_is_told_by_counts(traced: Traced) -> None:
    lines = b"".join(json.dumps({**MADE, "id": f"secret-{place}"}).encode() + b"\n" for place in range(30))
    assert traced.ask("/v1/decisions:batch", lines, LINES).status_code == 200
    spans = traced.spans()
    assert set(spans) == {"POST /v1/decisions:batch", "keep"}
    attributes = spans["POST /v1/decisions:batch"].attributes
    assert attributes is not None
    assert attributes["assay.items"] == 30
    told = "".join(str(span.to_json()) for span in spans.values())
    assert "secret" not in told
    assert "generated" not in told


def test_an_error_tells_its_kind_and_none_of_its_words(traced: Traced) -> None:
    traced.keeper.broken = True
    assert traced.ask("/v1/decisions", json.dumps(MADE).encode(), JSON).status_code == 503
    spans = traced.spans()
    assert (spans["keep"].status.description, spans["keep"].events) == ("StoreUnwritable", ())
    assert not spans["POST /v1/decisions"].status.is_ok


def test_a_path_that_is_not_ours_names_no_span(traced: Traced) -> None:
    traced.ask("/v1/upload-of-somebody", b"", JSON)
    assert set(traced.spans()) == {"POST other"}


def test_a_caller_cannot_make_us_trace_more_than_our_share() -> None:
    made = Traced(TelemetrySettings(traces=True, trace_share=0.0))
    made.ask("/v1/decisions", json.dumps(MADE).encode(), {**JSON, "traceparent": PARENT})
    assert made.spans() == {}
    made.traces.close()


def test_switched_off_nothing_is_wrapped() -> None:
    assert open_traces(TelemetrySettings()) is None


def test_without_the_library_traces_are_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    found = open_traces(TelemetrySettings(traces=True))
    assert isinstance(found, list)
    assert [fault.slug for fault in found] == ["no-opentelemetry"]
    assert "assay[otel]" in found[0].words
