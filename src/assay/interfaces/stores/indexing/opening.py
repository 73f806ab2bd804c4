"""The index that belongs to a record store, for who follows and for who reads. It keeps no record."""

from __future__ import annotations

from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.indexing.following import Follower, Source
from assay.interfaces.stores.indexing.layout import index_path
from assay.interfaces.stores.indexing.sources.folder import FolderSource
from assay.interfaces.stores.settings import StoreSettings


def index_of(settings: StoreSettings) -> Path | Fault:
    """Where the index of a store is, or why it has none."""
    if settings.kind not in ("segments", "postgres"):
        where = "nowhere" if settings.kind == "none" else "to a stream"
        words = f"records go {where} (`kind` is `{settings.kind}`), so there is no list of them here"
        return Fault("no-list", f"{words}; `segments` and `postgres` have one", "store.kind")
    return index_path(settings.folder or Path("records"))


def follower_of(settings: StoreSettings) -> Follower | Fault:
    """What keeps the index of a store up with it, or why it has none."""
    path = index_of(settings)
    if isinstance(path, Fault):
        return path
    source: Source
    if settings.kind == "postgres":
        from assay.interfaces.stores.indexing.sources.table import TableSource

        source = TableSource(settings.postgres)
    else:
        source = FolderSource(path.parent)
    return Follower(path, source)
