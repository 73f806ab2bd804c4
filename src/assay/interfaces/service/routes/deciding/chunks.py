"""A chunk of a batch: lines decided together, their answers and their records. It never sends anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from assay.engine.kernel.digest import canonical_json
from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.desk import Asked, Decided
from assay.interfaces.deciding.lineup import Lineup
from assay.interfaces.service.idempotency import Flying, Kept, digest_of, name_of, write_key
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.routes.deciding.lines import Line
from assay.interfaces.service.routes.deciding.minimal import MinimalWriter, shortened
from assay.interfaces.stores.entry import Entry, StoreUnwritable

# What may wait in one chunk: beyond it the chunk is closed, however few lines it has.
MOST_BYTES = 512 * 1024
_MISMATCH = Fault("idempotency-mismatch", "this `Idempotency-Key` was used for another line at this place")
_NOT_KEPT = Fault("records-not-kept", "the decision's record could not be kept, so it does not count; send it again")


@dataclass(frozen=True, slots=True)
class Batch:
    """What all lines of one batch have in common.

    key    of the request, where it has one; it covers each line by its number
    query  as it came, which belongs to what a key is used for
    """

    parts: Parts
    lineup: Lineup
    asked: Asked
    minimal: MinimalWriter | None
    client: str
    key: bytes | None
    query: bytes


class Chunk:
    """Lines decided together.

    pieces   the answers in pieces, to be joined when the records are kept
    entries  the records
    decided  of each line decided: its number, its item, where its pieces begin and end
    begun    names of keyed requests that this chunk has on their way, with what they come to
    waits    of each line that another request has on its way: number and place in `pieces`
    size     bytes of the answers so far
    """

    __slots__ = ("begun", "decided", "entries", "pieces", "size", "waits")

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.entries: list[Entry] = []
        self.decided: list[tuple[int, str, int, int]] = []
        self.begun: list[tuple[str, str, Decided]] = []
        self.waits: list[tuple[int, int, Flying]] = []
        self.size = 0

    def take(self, line: Line, batch: Batch) -> None:
        """Decide a line, or note what is wrong with it."""
        number, content = line
        if isinstance(content, Fault):
            self.refuse(number, None, (content,), batch.parts)
        elif batch.key is None:
            self._decide(number, content, "", batch)
        else:
            self._take_keyed(number, content, batch, batch.key)

    def _decide(self, number: int, content: bytes, key: str, batch: Batch) -> Decided | None:
        found = batch.parts.desk.decide_line(content, batch.lineup, batch.asked, key=key)
        if not isinstance(found, Decided):
            self.refuse(number, found.id, found.faults, batch.parts)
            return None
        entry, pieces = found.entry, self.pieces
        start = len(pieces)
        if batch.minimal is not None:
            pieces.append(batch.minimal.write(found.decision))
            self.size += len(pieces[-1])
        else:
            pieces += entry.parts
            self.size += sum(map(len, entry.parts))
        self.decided.append((number, entry.item, start, len(pieces)))
        pieces.append(b"\n")
        self.entries.append(entry)
        return found

    def _take_keyed(self, number: int, content: bytes, batch: Batch, key: bytes) -> None:
        remembered = batch.parts.remembered
        name, digest = name_of(batch.client, key, number), digest_of(content, batch.query)
        known = remembered.find(name)
        if known is None:
            found = self._decide(number, content, write_key(name, digest), batch)
            if found is not None:
                remembered.begin(name, digest)
                self.begun.append((name, digest, found))
        elif known.digest != digest:
            self.refuse(number, None, (_MISMATCH,), batch.parts)
        elif isinstance(known, Kept):
            self._answer(replayed(known, batch))
        else:
            self.waits.append((number, len(self.pieces), known))
            self._answer(b"")

    def _answer(self, content: bytes) -> None:
        self.pieces += (content, b"\n")
        self.size += len(content)

    def refuse(self, number: int, item: str | None, faults: Sequence[Fault], parts: Parts) -> None:
        """Answer a line by what is wrong with it."""
        if parts.meter is not None:
            parts.meter.rejected(faults[0].slug)
        self._answer(problem_line(number, item, faults))

    async def keep(self, batch: Batch) -> bool:
        """Make the records durable; where that fails, the lines are answered by a problem and this says False."""
        kept = True
        try:
            if self.entries:
                await batch.parts.keeper.keep(self.entries)
            for name, digest, found in self.begun:
                batch.parts.remembered.kept(name, digest, found.entry.parts, found.bundle.digest)
        except StoreUnwritable:
            kept = False
            for number, item, start, end in reversed(self.decided):
                # The places of others stay, since lines that wait are known by theirs.
                self.pieces[start:end] = [problem_line(number, item, (_NOT_KEPT,)), *[b""] * (end - start - 1)]
        finally:
            for name, _, _ in self.begun:
                batch.parts.remembered.failed(name)
        for number, place, flying in self.waits:
            landed = await asyncio.shield(flying.done)
            self.pieces[place] = problem_line(number, None, (_NOT_KEPT,)) if landed is None else replayed(landed, batch)
        return kept

    def forsake(self, lines: Sequence[Line]) -> None:
        """Answer lines that are not decided, since records cannot be kept."""
        for number, _ in lines:
            self._answer(problem_line(number, None, (_NOT_KEPT,)))


def replayed(kept: Kept, batch: Batch) -> bytes:
    """The answer to a line that came before."""
    return kept.record if batch.minimal is None else shortened(kept.record)


def problem_line(number: int, item: str | None, faults: Sequence[Fault]) -> bytes:
    """What a line is answered that is not decided."""
    first, *others = [{"slug": one.slug, "reason": one.words, "field": one.field} for one in faults]
    problem: dict[str, object] = {**first, "also": others} if others else {**first}
    return canonical_json({"id": item, "line": number, "problem": problem})
