"""What stream tests have in common: a small pack ready to decide, items, and a keeper in memory. It tests nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import read_item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import SECOND
from assay.interfaces.deciding.lineup import Lineup, Loaded
from assay.interfaces.packs import load_pack
from assay.interfaces.stores.entry import Entry, StoreUnwritable
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary


@cache
def lineup() -> Lineup:
    rules = [a_rule("likeness/label", "!disclosed", then=["label:ai"]), a_rule("likeness/nude", "nude")]
    pack = a_pack(*rules, vocabulary=a_vocabulary(a_signal("disclosed"), a_signal("nude")))
    decider = Decider(pack)
    return Lineup(Loaded(pack, decider, RecordWriter(decider)))


def loaded(folder: Path) -> Loaded:
    """A pack of a folder, ready to decide."""
    pack = load_pack(folder)
    decider = Decider(pack)
    return Loaded(pack, decider, RecordWriter(decider))


def an_item(name: str, **signals: object) -> bytes:
    return json.dumps({"id": name, "signals": signals}).encode()


def decided_by_library(content: bytes, moment: int, bundle: Loaded | None = None) -> bytes:
    """The record as the library makes it."""
    bundle = bundle or lineup().current
    decider = bundle.decider
    item = read_item(json.loads(content), decider.vocabulary, decider.pack.markets)
    assert not isinstance(item, list)
    return bundle.writer.write(decider.decide(item, moment - moment % SECOND))


class MemoryKeeper:
    """Keeps entries in a list; refuses as long as it is told to."""

    def __init__(self, earlier: Iterable[tuple[str, bytes]] = ()) -> None:
        self.entries: list[Entry] = []
        self.earlier = list(earlier)
        self.refusing = 0

    async def keep(self, entries: Sequence[Entry]) -> None:
        if self.refusing:
            self.refusing -= 1
            raise StoreUnwritable("disk-full", "the disk is full")
        self.entries += entries

    def kept_keys(self, prefix: str, most: int) -> Iterator[tuple[str, bytes]]:
        return iter([(key, record) for key, record in self.earlier if key.startswith(prefix)][-most:])

    @property
    def keys(self) -> list[str]:
        return [entry.key for entry in self.entries]


async def until(reached: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait in a test's event loop until something is so."""
    async with asyncio.timeout(seconds):
        while not reached():  # noqa: ASYNC110 (what is waited for is seen from outside only)
            await asyncio.sleep(0.005)
