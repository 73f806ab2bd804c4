"""A pack read from its texts, and made ready to be asked; the last few are remembered. It checks nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

from assay.engine.decision.decide import Decider
from assay.engine.kernel.digest import digest_of_files
from assay.engine.language.checker import check_pack
from assay.engine.language.pack.pack import Pack

# Packs of full size take some megabytes each.
_MOST_KEPT = 6


class _Shelf:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._packs: OrderedDict[str, Pack | None] = OrderedDict()
        self._deciders: OrderedDict[str, Decider] = OrderedDict()

    def pack(self, files: Mapping[str, str], digest: str) -> Pack | None:
        with self._lock:
            if digest not in self._packs:
                checked = check_pack(files, examples=False)
                self._packs[digest] = None if checked.errors else checked.pack
                self._trim(self._packs)
            self._packs.move_to_end(digest)
            return self._packs[digest]

    def decider(self, pack: Pack) -> Decider:
        with self._lock:
            if pack.digest not in self._deciders:
                self._deciders[pack.digest] = Decider(pack)
                self._trim(self._deciders)
            self._deciders.move_to_end(pack.digest)
            return self._deciders[pack.digest]

    def _trim(self, kept: OrderedDict[str, Pack | None] | OrderedDict[str, Decider]) -> None:
        while len(kept) > _MOST_KEPT:
            kept.popitem(last=False)


_shelf = _Shelf()


def sound_pack(files: Mapping[str, str], digest: str = "") -> Pack | None:
    """The pack that some texts are; None where they have errors, and then no document can be made of them."""
    return _shelf.pack(files, digest or digest_of_files(files))


def decider_of(pack: Pack) -> Decider:
    """A pack made ready to be asked."""
    return _shelf.decider(pack)
