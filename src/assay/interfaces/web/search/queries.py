"""One search over everything that somebody may see, in groups. Each room answers for its own, and so hides its own."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assay.governance.office.actor import Actor
from assay.governance.office.contributions import SEARCHES, Hit, Search
from assay.governance.office.operations import NotAllowed, may, query
from assay.interfaces.web.policies.crossing import crossed
from assay.interfaces.web.policies.in_force import InForce, pack_in_force
from assay.interfaces.web.search.documents import documents_of
from assay.interfaces.web.search.going import find_ways
from assay.interfaces.web.search.index import Found, Index
from assay.interfaces.web.search.words import words_of

LONGEST = 200
_MOST_A_ROOM = 40
_LONGEST_CONTEXT = 140
# The score from which on a hit is what somebody named, and not only something that has the words.
_NAMED = 0.9
_TITLES = {
    "page": "Go to",
    "action": "Do",
    "policy": "Policies",
    "rule": "Rules",
    "exception": "Exceptions",
    "question": "Questions",
    "known-question": "Known questions",
    "measure": "Measures",
    "duty": "Duties",
    "decision": "Decisions",
    "bundle": "Bundles",
    "person": "People",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, the best first; `more` where others were left out."""

    kind: str
    title: str
    hits: tuple[Hit, ...]
    more: int

    @property
    def best(self) -> float:
        """The score of its best hit."""
        return self.hits[0].score


class _Shelf:
    """The index of the pack in force, made once a pack."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[str, Index] | None = None

    def index(self, found: InForce) -> Index:
        held = self._held
        if held is not None and held[0] == found.digest:
            return held[1]
        with self._lock:
            if self._held is None or self._held[0] != found.digest:
                self._held = (found.digest, Index(documents_of(found.pack)))
            return self._held[1]


_shelf = _Shelf()


@query("search.find", words="search what one may see", own=True)
def find(*, text: str, by: Actor, at: datetime, most: int = 8) -> list[Group]:
    """What fits some words, in groups, the group with the best hit first.

    most  how many of one kind
    """
    wanted = text[:LONGEST]
    if not words_of(wanted):
        return []
    hits = find_ways(by, wanted, _MOST_A_ROOM)
    for search in SEARCHES.values():
        hits += _asked(search, by, wanted)
    return grouped(hits, most)


def grouped(hits: Iterable[Hit], most: int) -> list[Group]:
    """Hits by kind; within a kind and among kinds the best first, and equal ones in the order they came."""
    by_kind: dict[str, list[Hit]] = {}
    for hit in hits:
        by_kind.setdefault(hit.kind, []).append(hit)
    groups = []
    for kind, found in by_kind.items():
        best = sorted(found, key=lambda hit: -hit.score)
        title = _TITLES.get(kind, kind.capitalize())
        groups.append(Group(kind, title, tuple(best[:most]), max(0, len(best) - most)))
    return sorted(groups, key=_place)


def _place(group: Group) -> tuple[bool, float]:
    """Groups that hold what was named exactly come first; the others in an order that people can rely on."""
    named = group.best >= _NAMED
    order = list(_TITLES)
    return (not named, -group.best if named else order.index(group.kind) if group.kind in order else len(order))


def search_pack(by: Actor, text: str, most: int) -> list[Hit]:
    """Policies, rules, questions, measures and duties, for whoever may read the policies."""
    if not may(by, "policies.read"):
        return []
    found = pack_in_force()
    return [_hit(each, text) for each in _shelf.index(found).find(text, most)] if found is not None else []


def warm() -> None:
    """Read the pack in force and work out what pages need of it, so that none waits for it."""
    found = pack_in_force()
    if found is not None:
        _shelf.index(found)
        crossed(found)


def _asked(search: Search, by: Actor, text: str) -> list[Hit]:
    try:
        return list(search(by, text, _MOST_A_ROOM))
    except NotAllowed:
        # What a room does not show somebody, search does not find for them.
        return []


def _hit(found: Found, text: str) -> Hit:
    one = found.document
    return Hit("policies", one.kind, one.title, one.url, context_of(one.name, one.text, text), found.score)


def context_of(name: str, prose: str, text: str) -> str:
    """The name by which it is cited, and a piece of its prose around the first word that was looked for."""
    low = prose.casefold()
    places = [place for place in (low.find(word) for word in words_of(text)) if place > 0]
    start = min(places, default=0)
    start = 0 if start < _LONGEST_CONTEXT // 2 else prose.rfind(" ", 0, start - _LONGEST_CONTEXT // 3) + 1
    piece = prose[start : start + _LONGEST_CONTEXT]
    if start + _LONGEST_CONTEXT < len(prose):
        piece = piece.rpartition(" ")[0] + " …"
    return f"{name} · {'… ' if start else ''}{piece}" if piece.strip() else name
