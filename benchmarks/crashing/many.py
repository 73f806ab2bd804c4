"""A folder with very many records, and how soon a service that was killed in it is ready again."""

from __future__ import annotations

import shutil
from pathlib import Path

from assay.engine.decision.decide import Decider
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import parse_instant
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings
from benchmarks.crashing.service import ROOT, Service
from benchmarks.crashing.tokens import token_in
from benchmarks.material.starter import items_with_gaps, starter_pack
from benchmarks.serving.process import free_port

_DECIDED, _AT_ONCE = 5_000, 4_096


def restart_with_many(folder: Path, rows: int) -> float:
    """Seconds from the start to readiness, for the third of three starts that each end by a kill."""
    _fill(folder / "records", rows)
    pack = folder / "pack"
    shutil.copytree(ROOT / "packs" / "starter", pack)
    token_in(folder)
    # What is turned into Parquet beside is measured by nobody here, and would take the processor from the start.
    service = Service(
        folder, pack, free_port(), {"ASSAY_STORE__PARQUET": "false", "ASSAY_SERVICE__LOG_LEVEL": "warning"}
    )
    for _ in range(3):
        service.start()
        service.kill()
    return service.started[-1]


def _fill(records: Path, rows: int) -> None:
    """Records as a service keeps them: real ones, which come again under the same ids until there are enough."""
    pack = starter_pack()
    decider = Decider(pack)
    writer, as_of = RecordWriter(decider), parse_instant("2026-12-15") or 0
    brazil = tuple(found.name for found in decider.classes_of(("BR",)))
    entries = [
        Entry(writer.parts(decider.decide(item, as_of, brazil)), item.id)
        for item in items_with_gaps(pack, min(rows, _DECIDED), 7)
    ]
    keeper = open_store(StoreSettings(folder=records, durability="written", parquet=False))
    if isinstance(keeper, list):
        raise RuntimeError(keeper[0].words)  # noqa: TRY004 (a fault of the machine, not of a call)
    try:
        for first in range(0, rows, _AT_ONCE):
            count = min(_AT_ONCE, rows - first)
            keeper.keep_now([entries[(first + place) % len(entries)] for place in range(count)])
    finally:
        keeper.close()
