"""A full-text index in memory, made once for a set of documents. It ranks plainly and keeps nothing on disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assay.interfaces.web.search.words import Slips, words_of

# How much more a word counts in a name and in a title than in the text below them.
_WEIGHTS = (8.0, 5.0, 1.0, 0.5)
_MOST_RANKED = 200
_MOST_NEAR = 12


@dataclass(frozen=True, slots=True)
class Document:
    """Something that can be found.

    kind   as people call it: `rule`, `question`
    name   by which it is cited: `likeness/intimate`
    text   what it says; found by, and shown in part
    also   other words that it is found by, which are not shown
    """

    kind: str
    name: str
    title: str
    text: str
    url: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A document and how well it fits, up to 1; `whole` where it has every word that was asked for."""

    document: Document
    score: float
    whole: bool


class Index:
    """Documents that can be searched. Threads may share it."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents: Sequence[Document] = tuple(documents)
        self._lock = threading.Lock()
        # One connection for all threads: it is in memory, and another one would be another memory.
        self._store = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._store.execute(
            "CREATE VIRTUAL TABLE things USING fts5(name, title, text, also,"
            " tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')"
        )
        rows = ((each, one.name, one.title, one.text, one.also) for each, one in enumerate(self.documents))
        self._store.execute("BEGIN")
        self._store.executemany("INSERT INTO things (rowid, name, title, text, also) VALUES (?, ?, ?, ?, ?)", rows)
        self._store.execute("COMMIT")
        self._store.execute("CREATE VIRTUAL TABLE known USING fts5vocab(things, row)")
        self._slips = Slips(row[0] for row in self._store.execute("SELECT term FROM known"))

    def find(self, text: str, most: int) -> list[Found]:
        """What fits best, the best first. Where nothing has every word, what has some."""
        words = words_of(text)
        if not words:
            return []
        with self._lock:
            terms = [self._term(word) for word in words]
            rows = self._rows(" AND ".join(terms))
            whole = bool(rows)
            if not rows and len(terms) > 1:
                rows = self._rows(" OR ".join(terms))
        return _ranked([(self.documents[row], rank) for row, rank in rows], words, whole=whole)[:most]

    def _term(self, word: str) -> str:
        """A word as the index is asked for it: its beginning, or words that it may be a slip for."""
        known = self._store.execute(
            "SELECT 1 FROM known WHERE term >= ? AND term < ? LIMIT 1", (word, word + "\U0010ffff")
        ).fetchone()
        near = [] if known else self._slips.near(word)[:_MOST_NEAR]
        # Quoted, so that nothing that somebody types is an operator; words have no quotes in them.
        return "(" + " OR ".join(f'"{each}"' for each in near) + ")" if near else f'"{word}"*'

    def _rows(self, asked: str) -> list[tuple[int, float]]:
        ranking = f"bm25(things, {', '.join(map(str, _WEIGHTS))})"
        statement = f"SELECT rowid, {ranking} AS fit FROM things WHERE things MATCH ? ORDER BY fit, rowid LIMIT ?"  # noqa: S608 (only numbers of ours are put in)
        return self._store.execute(statement, (asked, _MOST_RANKED)).fetchall()


def _ranked(rows: list[tuple[Document, float]], words: list[str], *, whole: bool) -> list[Found]:
    """With scores up to 1: exact names first, then names and titles that begin so, then by how much the words say."""
    best = min((rank for _, rank in rows), default=0.0) or -1.0
    found = []
    for document, rank in rows:
        fit = 0.3 + 0.4 * max(0.0, rank / best)
        found.append(Found(document, _raised(document, words, fit) if whole else fit / 2, whole))
    return sorted(found, key=lambda each: -each.score)


def _raised(document: Document, words: list[str], fit: float) -> float:
    name, title = words_of(document.name), words_of(document.title)
    if words in (name, title, name[1:]):
        return 1.0 if words == name else 0.95
    if _begins(name, words) or _begins(title, words):
        return 0.75 + fit / 5
    return fit


def _begins(whole: list[str], words: list[str]) -> bool:
    """Whether some words, the last one perhaps half typed, are what another row of words begins with."""
    head = whole[: len(words)]
    return len(head) == len(words) and head[:-1] == words[:-1] and head[-1].startswith(words[-1])
