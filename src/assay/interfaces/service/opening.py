"""Opens everything a service lives on, by its settings, and closes it again. It never begins with half of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TypeVar

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.counting.metrics import Metrics
from assay.interfaces.deciding.counting.settings import TelemetrySettings
from assay.interfaces.deciding.counting.tally import Tally
from assay.interfaces.deciding.desk import Desk
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.garbage import settle
from assay.interfaces.deciding.live.opening import open_live
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.live.shadow import Shadow, show_here
from assay.interfaces.deciding.rails.opening import open_rails
from assay.interfaces.deciding.rails.settings import RailSettings
from assay.interfaces.service.guard.book import TokenBook, open_book
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.idempotency import PREFIX, Remembered
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.routes.table import Route
from assay.interfaces.service.scanned.settings import ScanSettings
from assay.interfaces.service.scanning import open_scanner, scan_endpoint
from assay.interfaces.service.settings import ServiceSettings
from assay.interfaces.service.tracing import Traces, open_traces
from assay.interfaces.settings.reading import Settings
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings

EVENTS_FILE = "events.jsonl"
_Opened = TypeVar("_Opened")


@dataclass(frozen=True, slots=True)
class Opened:
    """A service's parts, ready; `close` sees to the end of all of them, the store last."""

    parts: Parts
    routes: tuple[Route, ...]
    book: TokenBook
    close: Callable[[], None]
    traces: Traces | None = None


def open_parts(settings: Settings) -> Opened | list[Fault]:
    """Everything the settings name, or all that is wrong."""
    with ExitStack() as stack:
        opened = _open(settings, stack)
        if isinstance(opened, list):
            return opened
        parts, routes, book = opened
        traces = open_traces(settings.of(TelemetrySettings))
        if isinstance(traces, list):
            return traces
        if traces is not None:
            stack.callback(traces.close)
            parts = replace(parts, desk=traces.desk(parts.desk), keeper=traces.keeper(parts.keeper))
        return Opened(parts, routes, book, stack.pop_all().close, traces)


def _open(settings: Settings, stack: ExitStack) -> tuple[Parts, tuple[Route, ...], TokenBook] | list[Fault]:
    faults: list[Fault] = []
    bundles, guard, service = settings.of(BundleSettings), settings.of(GuardSettings), settings.of(ServiceSettings)
    events = EventLog(None if bundles.state is None else bundles.state / EVENTS_FILE)
    book = _taken(open_book(guard.tokens), faults)
    # Opened first and so closed last, when nothing is decided any more.
    keeper = _taken(open_store(settings.of(StoreSettings)), faults)
    if keeper is not None:
        stack.callback(keeper.close)
        for found in keeper.recovered:
            events.write("records-recovered", found.words, slug=found.slug)
    live = _taken(open_live(bundles, events), faults)
    if live is not None:
        stack.callback(live.close)
    scanner = _taken(open_scanner(settings.of(ScanSettings), guard.scan_bytes), faults)
    if scanner is not None:
        stack.callback(scanner.close)
    if book is None or keeper is None or live is None or scanner is None:
        return faults
    tally, shadow = Tally(), Shadow()
    show_here(shadow)
    rails = open_rails(settings.of(RailSettings), live, events, tally, bundles.state)
    if isinstance(rails, list):
        return rails
    stack.callback(rails.close)
    meter = Metrics(tally, live=live, store=keeper.state, rails=rails, shadow=shadow, events=events)
    remembered = Remembered(service.idempotency)
    remembered.recall(keeper.kept_keys(PREFIX, service.idempotency.number))
    parts = Parts(
        live, Desk((tally, shadow)), keeper, service, meter, rails, events, shadow=shadow, remembered=remembered
    )
    settle()
    live.start()
    rails.start()
    return parts, (Route("POST", "/v1/scan", "scan", scan_endpoint(scanner)),), book


def _taken(found: _Opened | list[Fault], faults: list[Fault]) -> _Opened | None:
    """What was opened; what was wrong is added to the faults, so that all of them are shown together."""
    if isinstance(found, list):
        faults += found
        return None
    return found
