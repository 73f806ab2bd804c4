"""What was worked out of texts, by their digests, as long as there is room. It never remembers more than it says."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from assay.governance.policies.library.rules import Compared, Outline, compared, outline_of
from assay.governance.policies.life.models import contents_of

T = TypeVar("T")
_MOST_OUTLINES, _MOST_PAIRS = 1_024, 256


class Remembered(Generic[T]):
    """Things by name; the one that was asked for longest ago is forgotten first. Several threads may ask at once."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._held: OrderedDict[object, T] = OrderedDict()

    def get(self, name: object, make: Callable[[], T]) -> T:
        """What is remembered under the name, or is made now."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        made = make()
        with self._lock:
            self._held[name] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made

    def those(self, names: Iterable[object]) -> dict[object, T]:
        """Those of them that are remembered."""
        with self._lock:
            return {name: self._held[name] for name in names if name in self._held}


_outlines: Remembered[Outline] = Remembered(_MOST_OUTLINES)
_pairs: Remembered[Compared] = Remembered(_MOST_PAIRS)


def outline(digest: str, text: str) -> Outline:
    """A text in short."""
    return _outlines.get(digest, lambda: outline_of(text))


def outlines(digests: Iterable[str]) -> Mapping[str, Outline]:
    """Texts in short by their digests; only those that are not remembered are read, at once."""
    wanted = set(digests)
    known: dict[str, Outline] = {str(name): found for name, found in _outlines.those(wanted).items()}
    if unknown := wanted - known.keys():
        known |= {digest: outline(digest, text) for digest, text in contents_of(unknown).items()}
    return known


def comparison(before: tuple[str, str], after: tuple[str, str]) -> Compared:
    """Two texts rule by rule, each given with its digest before it."""
    return _pairs.get((before[0], after[0]), lambda: compared(outline(*before), outline(*after)))
