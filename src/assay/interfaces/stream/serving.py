"""Puts a consumer together from its settings, and runs it until it is told to stop. It decides nothing itself."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Literal

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.counting.metrics import Metrics
from assay.interfaces.deciding.counting.tally import Tally
from assay.interfaces.deciding.desk import Desk
from assay.interfaces.deciding.events import EventLog
from assay.interfaces.deciding.garbage import settle
from assay.interfaces.deciding.live.bundles import LiveBundles
from assay.interfaces.deciding.live.opening import open_live
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.deciding.live.shadow import Shadow
from assay.interfaces.deciding.rails.opening import open_rails
from assay.interfaces.deciding.rails.settings import RailSettings
from assay.interfaces.settings.reading import Settings
from assay.interfaces.stores.keeper import Keeper
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings
from assay.interfaces.stream.consuming import Consumer, Parts
from assay.interfaces.stream.counts import Counts
from assay.interfaces.stream.health import Health
from assay.interfaces.stream.ports import Broker
from assay.interfaces.stream.settings import StreamSettings
from assay.interfaces.stream.trials import Trials

BrokerKind = Literal["nats", "kafka"]


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """A consumer that has begun, for whoever tells people."""

    source: str
    health: int
    counts: Counts


def consume(kind: BrokerKind, settings: Settings, began: Callable[[Running], None]) -> Counts | list[Fault]:
    """Consume until a signal says stop; what was done, or what kept us from beginning."""
    stream = settings.of(StreamSettings)
    bundles = settings.of(BundleSettings)
    events = EventLog(None if bundles.state is None else bundles.state / "events.jsonl")
    with ExitStack() as stack:
        opened = _open(settings, events, stack)
        if isinstance(opened, list):
            return opened
        live, keeper, desk, metrics = opened
        trials = Trials(None if bundles.state is None else bundles.state / "trials.json")
        parts = Parts(desk, lambda: live.lineup, keeper, events, metrics, trials)
        consumer = Consumer(_broker(kind, stream, events), parts, stream)
        health = Health(consumer.counts, metrics, lambda: _reasons(consumer.counts, keeper))
        fault = health.start(stream.host, stream.port) if stream.port else None
        if fault is not None:
            return [fault]
        stack.callback(health.close)
        settle()
        faults = asyncio.run(
            _run(consumer, lambda: began(Running(_source(kind, stream), health.port, consumer.counts)))
        )
        return faults or consumer.counts


def _open(
    settings: Settings, events: EventLog, stack: ExitStack
) -> tuple[LiveBundles, Keeper, Desk, Metrics] | list[Fault]:
    bundles = settings.of(BundleSettings)
    keeper = open_store(settings.of(StoreSettings))
    if isinstance(keeper, list):
        return keeper
    stack.callback(keeper.close)
    live = open_live(bundles, events)
    if isinstance(live, list):
        return live
    tally, shadow = Tally(), Shadow()
    rails = open_rails(settings.of(RailSettings), live, events, tally, bundles.state)
    if isinstance(rails, list):
        live.close()
        return rails
    for part in (live, rails):
        part.start()
        stack.callback(part.close)
    metrics = Metrics(tally, live=live, store=keeper.state, rails=rails, shadow=shadow, events=events)
    return live, keeper, Desk((tally, shadow)), metrics


def _broker(kind: BrokerKind, stream: StreamSettings, events: EventLog) -> Broker:
    # Each broker's library is an extra of its own, which the other's users need not install.
    if kind == "nats":
        from assay.interfaces.stream.jetstream.broker import JetStream

        return JetStream(stream.nats, stream.batch, events)
    from assay.interfaces.stream.kafka.broker import Kafka

    return Kafka(stream.kafka, stream.batch, events)


def _source(kind: BrokerKind, stream: StreamSettings) -> str:
    if kind == "nats":
        return f"subject `{stream.nats.subject}` of stream `{stream.nats.stream}` at {', '.join(stream.nats.servers)}"
    return f"topic `{stream.kafka.topic}` at {', '.join(stream.kafka.servers)}"


def _reasons(counts: Counts, keeper: Keeper) -> list[Fault]:
    """Why nothing goes on just now."""
    state = keeper.state()
    store = [] if state.healthy or state.last_fault is None else [state.last_fault]
    return [*counts.faults.values(), *store]


async def _run(consumer: Consumer, began: Callable[[], None]) -> list[Fault]:
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, consumer.stopping.set)
    running = asyncio.create_task(consumer.run())
    waiting = asyncio.create_task(consumer.began.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        began()
    waiting.cancel()
    return await running
