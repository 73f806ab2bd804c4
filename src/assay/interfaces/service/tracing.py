"""Traces of requests by OpenTelemetry, where an operator wants them. They carry counts, never an id, text or client."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.counting.settings import TelemetrySettings
from assay.interfaces.deciding.desk import Answer, Asked, Decided, Desk, Refused
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.service.exchange import App, Receive, Scope
from assay.interfaces.service.parts import Records
from assay.interfaces.service.problems import Message, Send
from assay.interfaces.stores.entry import Entry

# What an extra brings is imported where it is used; these are its classes of the same names.
TracerProvider: TypeAlias = Any
SpanExporter: TypeAlias = Any
Span: TypeAlias = Any
_SINGLE = "/v1/decisions"
_CARRIED = (b"traceparent", b"tracestate")
_OTHER = "other"
_FAILED = 500


@dataclass(slots=True)
class _Work:
    """What a request has had decided so far; `single` where each decision is worth a span of its own."""

    single: bool
    items: int = 0


_WORK: ContextVar[_Work | None] = ContextVar("assay_work", default=None)


def open_traces(settings: TelemetrySettings, *, exporter: SpanExporter | None = None) -> Traces | list[Fault] | None:
    """Traces where they are wanted, None where not.

    exporter  where spans go; without one to the address that OpenTelemetry's own variables name
    """
    if not settings.traces:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
    except ImportError:
        words = "traces need OpenTelemetry, which is not installed; install the extra with `pip install 'assay[otel]'`"
        return [Fault("no-opentelemetry", words, "traces")]
    share = TraceIdRatioBased(settings.trace_share)
    # A caller may say that its trace is not sampled. That it is sampled must not make us trace more than our share.
    provider = TracerProvider(
        sampler=ParentBased(share, remote_parent_sampled=share),
        resource=Resource.create({"service.name": settings.service_name}),
    )
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    return Traces(provider)


class Traces:
    """Spans of one process; they are sent by a thread of their own, and lost rather than waited for."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self.tracer = provider.get_tracer("assay")

    def desk(self, desk: Desk) -> Desk:
        """A desk whose single decisions are spans."""
        return _TracedDesk(desk, self)

    def keeper(self, keeper: Any) -> Any:
        """A keeper whose waits are spans; everything else is the keeper's own."""
        return _TracedKeeper(keeper, self)

    def app(self, app: App, paths: frozenset[str]) -> App:
        """An app whose requests are spans, by the paths that it has."""
        return _TracedApp(app, self, paths).answer

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()

    @contextmanager
    def span(self, name: str, **counts: int) -> Iterator[Span]:
        """A step of the request that is under way. Of an error only the kind is told: its words may quote an item."""
        from opentelemetry.trace import Status, StatusCode

        with self.tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as span:
            for count, value in counts.items():
                span.set_attribute(f"assay.{count}", value)
            done = False
            try:
                yield span
                done = True
            finally:
                kind = sys.exc_info()[0]
                if not done and kind is not None:
                    span.set_status(Status(StatusCode.ERROR, kind.__name__))


class _TracedDesk(Desk):
    def __init__(self, desk: Desk, traces: Traces) -> None:
        super().__init__()
        self._desk, self._traces = desk, traces

    def decide_line(self, line: bytes, lineup: Lineup, asked: Asked, *, key: str = "") -> Decided | Refused:
        work = _WORK.get()
        if work is None or not _counts_alone(work):
            return self._desk.decide_line(line, lineup, asked, key=key)
        with self._traces.span("decide"):
            return self._desk.decide_line(line, lineup, asked, key=key)

    def decide(self, content: object, lineup: Lineup, asked: Asked, *, key: str = "") -> Answer:
        return self._desk.decide(content, lineup, asked, key=key)


def _counts_alone(work: _Work) -> bool:
    """Count an item; whether its decision is a span. A batch has thousands, of which the number says enough."""
    work.items += 1
    return work.single


class _TracedKeeper:
    def __init__(self, keeper: Records, traces: Traces) -> None:
        self._keeper, self._traces = keeper, traces

    def __getattr__(self, name: str) -> Any:
        return getattr(self._keeper, name)

    async def keep(self, entries: Sequence[Entry]) -> None:
        """Return once the entries are durable."""
        with self._traces.span("keep", records=len(entries)):
            await self._keeper.keep(entries)


class _TracedApp:
    def __init__(self, app: App, traces: Traces, paths: frozenset[str]) -> None:
        self._app, self._traces, self._paths = app, traces, paths

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request within its span."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from opentelemetry.trace import StatusCode

        path = scope["path"] if scope["path"] in self._paths else _OTHER
        work, status = _Work(path == _SINGLE), 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        token = _WORK.set(work)
        try:
            with self._request(scope, path) as span:
                await self._app(scope, receive, note)
                span.set_attribute("http.response.status_code", status)
                span.set_attribute("assay.items", work.items)
                if status >= _FAILED:
                    span.set_status(StatusCode.ERROR)
        finally:
            _WORK.reset(token)

    @contextmanager
    def _request(self, scope: Scope, path: str) -> Iterator[Span]:
        from opentelemetry import context, trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carried = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"] if name in _CARRIED
        }
        parent = TraceContextTextMapPropagator().extract(carried)
        token = context.attach(parent)
        try:
            with self._traces.tracer.start_as_current_span(
                f"{scope['method']} {path}",
                kind=trace.SpanKind.SERVER,
                attributes={"http.request.method": scope["method"], "http.route": path},
                record_exception=False,
                set_status_on_exception=False,
            ) as span:
                yield span
        finally:
            context.detach(token)
