"""A pack with a signal of every type, for the readers' tests. It holds no test."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.decision.item import Item
from assay.engine.language.pack.vocabulary import SignalType
from assay.interfaces.records.reading import Entry, Record, Reject, read_entries
from tests.makers import a_pack, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(
    a_signal("disclosed"),
    a_signal("age", SignalType.CHOICE, ("adult", "minor")),
    a_signal("extent", SignalType.SCALE, ("none", "altered", "generated")),
    a_signal("technique", SignalType.SET, ("face_swap", "voice_clone")),
    a_signal("followers", SignalType.NUMBER, minimum=0, integer=True),
    a_signal("detector", SignalType.SCORE),
    a_signal("caption", SignalType.TEXT),
    a_signal("uploaded", SignalType.TIME),
    a_signal("runs_for", SignalType.DURATION),
    a_signal("ordered", SignalType.CHOICE, ("none", "removal"), scope="market"),
)
PACK = a_pack(vocabulary=VOCABULARY)


def items_of(records: Iterable[Record]) -> list[Item]:
    """The items, of records that must all be good."""
    readings = list(read_entries(records, PACK))
    assert not [reading for reading in readings if isinstance(reading, Reject)]
    return [reading.item for reading in readings if isinstance(reading, Entry)]


def known(item: Item) -> dict[str, object]:
    """What an item says, by signal."""
    values = zip(VOCABULARY.signals, item.values, strict=True)
    return {signal.name: value for signal, value in values if value is not None} | dict(item.by_market)


def outcome(records: Iterable[Record]) -> list[tuple[str, int, str]]:
    """For each record: its id or its first fault's slug, its number, and `item` or `reject`."""
    found = []
    for reading in read_entries(records, PACK):
        if isinstance(reading, Entry):
            found.append((reading.item.id, reading.place.number, "item"))
        else:
            found.append((reading.slug, reading.place.number, "reject"))
    return found
