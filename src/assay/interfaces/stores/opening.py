"""Opens the record store that the settings name. It never opens another one in its place."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.entry import Entry, StoreWriter
from assay.interfaces.stores.keeper import Bounds, Chores, Keeper
from assay.interfaces.stores.segmented import SegmentStore
from assay.interfaces.stores.segments.folder import open_folder
from assay.interfaces.stores.segments.recovering import Recovered
from assay.interfaces.stores.settings import StoreSettings


def open_store(settings: StoreSettings) -> Keeper | list[Fault]:
    """The keeper of the store that the settings name, or all that is wrong."""
    faults = settings.faults()
    if faults:
        return faults
    bounds = Bounds(settings.batch_entries, settings.queue_entries, settings.queue_bytes)
    if settings.kind == "none":
        return Keeper(_Nothing(), kind="none", bounds=bounds)
    if settings.kind == "segments":
        return _segments(settings.folder or Path("records"), settings, bounds)
    try:
        store = _far(settings)
    except ImportError:
        extra = settings.kind
        words = f"a store of kind `{extra}` needs its library: install `assay[{extra}]`"
        return [Fault("missing-extra", words, "store.kind")]
    fault = store.open()
    if fault is not None:
        store.close()
        return [fault]
    return Keeper(store, kind=settings.kind, bounds=bounds, chores=store)


class Far(StoreWriter, Chores, Protocol):
    """A store that is somewhere else, and has to be reached first."""

    def open(self) -> Fault | None:
        """Reach it; why that cannot be done, else None."""
        ...


def _far(settings: StoreSettings) -> Far:
    """The store of another machine; its library is only there where it was asked for."""
    if settings.kind == "postgres":
        from assay.interfaces.stores.postgres import PostgresStore

        return PostgresStore(settings.postgres, time.time_ns() // 1000 - settings.key_seconds * 1_000_000)
    if settings.kind == "nats":
        from assay.interfaces.stores.brokers.jetstream import JetStreamStore

        return JetStreamStore(settings.broker)
    from assay.interfaces.stores.brokers.kafka import KafkaStore

    return KafkaStore(settings.broker)


def _segments(path: Path, settings: StoreSettings, bounds: Bounds) -> Keeper | list[Fault]:
    folder = open_folder(path)
    if isinstance(folder, Fault):
        return [folder]
    store = SegmentStore(folder, settings)
    notes = [fault for found in folder.recovered for fault in _notes(found)]
    return Keeper(store, kind="segments", bounds=bounds, chores=store, recovered=notes)


def _notes(found: Recovered) -> list[Fault]:
    """What was left open by a process that ended, in words for operators."""
    name = found.path.name
    notes = [
        Fault(damage.slug, f"`{name}` at byte {damage.offset:,}: {damage.words} ({damage.size:,} bytes)")
        for damage in found.damages
    ]
    aside = f", and what was torn is in `{found.aside.name}`" if found.aside is not None else ""
    return [Fault("closed", f"`{name}` was left open and is closed now, with {found.records:,} records{aside}"), *notes]


class _Nothing:
    """Keeps nothing, for trying things out."""

    def write(self, entries: Sequence[Entry]) -> None:
        return

    def close(self) -> None:
        return
