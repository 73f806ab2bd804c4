"""A message into what goes out for it: a decision, or a dead letter that says why. It neither keeps nor sends."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import SECOND
from assay.interfaces.deciding.desk import Asked, Decided, Desk
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.records.lines import LONGEST_LINE
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stream.letters import answer_headers, dead_letter
from assay.interfaces.stream.ports import Arrived, Outgoing
from assay.interfaces.stream.remembered import Kept, Remembered

# A year that cannot be written has no place in a record.
_LAST_MOMENT = 253_402_300_799 * SECOND


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """What goes out for a message.

    entry   the record to keep before it goes out; None where there is none, or it is kept already
    kept    what to remember once the record is durable
    faults  why it is a dead letter
    """

    arrived: Arrived
    outgoing: Outgoing
    entry: Entry | None = None
    kept: Kept | None = None
    faults: tuple[Fault, ...] = ()


class Turner:
    """Turns messages by one desk, and answers those that come again as before."""

    def __init__(self, desk: Desk, remembered: Remembered, markets: tuple[str, ...] | None) -> None:
        self._desk, self._remembered, self._markets = desk, remembered, markets

    def turn(self, arrived: Arrived, lineup: Lineup) -> Turned:
        """Decide a message by a lineup, unless it was decided before."""
        before = self._remembered.find(arrived.key)
        if before is not None:
            return Turned(arrived, _answer(arrived, before))
        fault = unusable(arrived)
        if fault is not None or arrived.content is None or arrived.moment is None:
            return as_dead(arrived, () if fault is None else (fault,))
        asked = Asked(arrived.moment - arrived.moment % SECOND, self._markets)
        try:
            found = self._desk.decide_line(arrived.content, lineup, asked, key=arrived.key)
        except Exception as error:  # noqa: BLE001 (the outer edge of one message: kept as a dead letter that names it)
            words = f"deciding it failed by a fault of ours: {type(error).__name__}; please report it"
            return as_dead(arrived, (Fault("our-fault", words),))
        if not isinstance(found, Decided):
            return as_dead(arrived, found.faults)
        kept = Kept(found.entry.parts, found.entry.item, found.bundle.digest)
        return Turned(arrived, _answer(arrived, kept), found.entry, kept)


def unusable(arrived: Arrived) -> Fault | None:
    """Why a message cannot even be read."""
    if arrived.content is None:
        return Fault("no-content", "the message has no content; an item is withdrawn by a decision, not by a tombstone")
    if len(arrived.content) > LONGEST_LINE:
        return Fault("line-too-long", f"the message is longer than {LONGEST_LINE >> 20} MiB")
    if arrived.moment is None or not 0 <= arrived.moment <= _LAST_MOMENT:
        return Fault("bad-instant", "the broker's time of the message is none that a record can name")
    return None


def as_dead(arrived: Arrived, faults: tuple[Fault, ...]) -> Turned:
    """The message set aside."""
    return Turned(arrived, dead_letter(arrived, faults), faults=faults)


def _answer(arrived: Arrived, kept: Kept) -> Outgoing:
    headers = answer_headers(kept.item, kept.bundle, arrived.key)
    # An item's decisions follow one another where its messages did, also where nobody gave them a key.
    return Outgoing(b"".join(kept.parts), arrived.key, headers, arrived.routing or kept.item.encode())
