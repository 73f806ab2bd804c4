"""The demonstration's uploads, decided by each released edition at made-up instants, and kept. It scans nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.desk import Asked, Decided, Desk
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.deciding.live.making import make_loaded
from assay.interfaces.demo.workbench.releases import SIGNER, Edition
from assay.interfaces.packs.texts import Texts
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings

RECORDS = "records"
_HOUR = 3_600_000_000
# Each upload is looked at when it comes, and once more when a newer edition decides.
_BETWEEN = 3 * _HOUR


class NotKept(Exception):
    """A record could not be decided or kept; the one argument says why."""


def keep_decisions(folder: Path, editions: Sequence[Edition], records: Sequence[bytes]) -> int:
    """Decide by each edition what some records were decided from, and keep it. Returns how many records there are."""
    shutil.rmtree(folder / RECORDS, ignore_errors=True)
    keeper = open_store(StoreSettings(folder=folder / RECORDS, durability="written"))
    if isinstance(keeper, list):
        raise NotKept(keeper[0].words)
    inputs = [json.loads(record)["input"] for record in records]
    try:
        entries = [entry for number, edition in enumerate(editions, 1) for entry in _decided(edition, number, inputs)]
        keeper.keep_now(entries)
    finally:
        keeper.close()
    return len(entries)


def _decided(edition: Edition, sequence: int, inputs: Sequence[object]) -> Iterator[Entry]:
    loaded = make_loaded(Texts(edition.pack.name, "", edition.pack.files), signer=SIGNER, sequence=sequence)
    if isinstance(loaded, Fault):
        raise NotKept(loaded.words)
    desk, lineup = Desk(), Lineup(loaded)
    for place, given in enumerate(inputs):
        found = desk.decide(given, lineup, Asked(edition.released + _HOUR + place * _BETWEEN))
        if not isinstance(found, Decided):
            raise NotKept(found[0].words)
        yield found.entry
