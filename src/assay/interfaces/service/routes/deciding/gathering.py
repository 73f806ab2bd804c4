"""Records of requests that come together, kept together: one hand-over to the store for all. It never splits a record.

A store writes in a thread of its own, and waking it costs more than deciding an item. So while it writes for some
requests, others gather, and go to it as one when it is done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from assay.interfaces.service.parts import Records
from assay.interfaces.stores.entry import Entry, StoreUnwritable

# More than this do not go as one, so that the first of them does not wait for too many others.
MOST_TOGETHER = 1024


@dataclass(slots=True, eq=False)
class _Group:
    """Records that go to the store together, and how that ended."""

    entries: list[Entry] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    kept: bool = False
    fault: StoreUnwritable = field(default_factory=lambda: StoreUnwritable("store-fault", "the record store failed"))


class Gathering:
    """Hands records of single requests to a store, as many together as wait."""

    def __init__(self, keeper: Records) -> None:
        self._keeper = keeper
        self._groups: deque[_Group] = deque()
        self._handing: asyncio.Task[None] | None = None

    async def keep(self, entry: Entry) -> None:
        """Return once it is durable.

        raises  StoreUnwritable where it is not
        """
        groups = self._groups
        if not groups or len(groups[-1].entries) >= MOST_TOGETHER:
            groups.append(_Group())
        group = groups[-1]
        group.entries.append(entry)
        if self._handing is None:
            self._handing = asyncio.create_task(self._hand_over())
        await group.done.wait()
        if not group.kept:
            # Each gets an exception of its own, since a traceback grows on the one that is raised.
            raise StoreUnwritable(group.fault.slug, group.fault.words)

    async def _hand_over(self) -> None:
        """Hand over group after group until nobody waits."""
        try:
            while self._groups:
                group = self._groups.popleft()
                try:
                    await self._keeper.keep(group.entries)
                    group.kept = True
                except StoreUnwritable as fault:
                    group.fault = fault
                finally:
                    # However it ended: nobody may wait for ever.
                    group.done.set()
        finally:
            self._handing = asyncio.create_task(self._hand_over()) if self._groups else None
