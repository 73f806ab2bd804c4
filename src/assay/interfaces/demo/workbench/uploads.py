"""The demonstration's uploads, decided by each released edition at made-up instants, and kept. It scans nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.desk import Asked, Decided, Desk
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.deciding.live.making import make_loaded
from assay.interfaces.demo.workbench.releases import SIGNER
from assay.interfaces.packs.texts import Texts
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.opening import open_store
from assay.interfaces.stores.settings import StoreSettings

RECORDS = "records"


class NotKept(Exception):
    """A record could not be decided or kept; the one argument says why."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An edition while it decided.

    sequence       the channel's number of the release by which it did
    begins, ends   of the time in which uploads came, in microseconds since the epoch
    """

    files: Mapping[str, str]
    sequence: int
    begins: int
    ends: int


def keep_decisions(folder: Path, turns: Sequence[Turn], records: Sequence[bytes]) -> int:
    """Decide in each turn what some records were decided from, and keep it. Returns how many records there are.

    Each upload is looked at when it comes, and once more when a newer edition decides.
    """
    shutil.rmtree(folder / RECORDS, ignore_errors=True)
    keeper = open_store(StoreSettings(folder=folder / RECORDS, durability="written"))
    if isinstance(keeper, list):
        raise NotKept(keeper[0].words)
    inputs = [json.loads(record)["input"] for record in records]
    try:
        entries = [entry for turn in turns for entry in _decided(turn, inputs)]
        keeper.keep_now(entries)
    finally:
        keeper.close()
    return len(entries)


def _decided(turn: Turn, inputs: Sequence[object]) -> Iterator[Entry]:
    loaded = make_loaded(Texts(f"release {turn.sequence}", "", turn.files), signer=SIGNER, sequence=turn.sequence)
    if isinstance(loaded, Fault):
        raise NotKept(loaded.words)
    desk, lineup = Desk(), Lineup(loaded)
    for place, given in enumerate(inputs):
        at = turn.begins + (turn.ends - turn.begins) * (place + 1) // (len(inputs) + 1)
        found = desk.decide(given, lineup, Asked(at))
        if not isinstance(found, Decided):
            raise NotKept(found[0].words)
        yield found.entry
