"""Replies that came already, in one SQLite file, by what was asked; so that a run can go on. It holds no content."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

from assay.detection.language_model.answer import Reply
from assay.detection.language_model.question import Question, json_value
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import quotable

_LAYOUT = "CREATE TABLE IF NOT EXISTS replies (asked TEXT PRIMARY KEY, reply TEXT NOT NULL) WITHOUT ROWID"


class UnusableCache(Exception):
    """The file is no cache of replies; the text says why."""


class KeptReplies:
    """Replies by the digest of what was asked. Threads may share it.

    Only what the model said is kept, never that it could not be reached.
    """

    def __init__(self, path: Path) -> None:
        """Open, or make; raises UnusableCache."""
        try:
            self._store = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._store.execute("PRAGMA journal_mode=WAL")
            # What a power cut takes away is asked once more; waiting for the disk at each reply would cost more.
            self._store.execute("PRAGMA synchronous=NORMAL")
            self._store.execute(_LAYOUT)
        except sqlite3.Error as error:
            raise UnusableCache(f"`{path}` cannot be used as a cache: {str(error)[:100]}") from None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def find(self, asked: str, question: Question) -> Reply | None:
        """The reply that was kept, checked as if it had just come; None where there is none that can be used."""
        try:
            with self._lock:
                row = self._store.execute("SELECT reply FROM replies WHERE asked = ?", (asked,)).fetchone()
            given = json.loads(row[0]) if row is not None else None
        except (sqlite3.Error, TypeError, ValueError, RecursionError):
            # Whatever is wrong with what was kept, the endpoint can be asked again.
            return None
        if not isinstance(given, dict):
            return None
        answer, slug, words = given.get("answer"), given.get("slug"), given.get("words")
        served, tokens = given.get("served", ""), given.get("tokens", 0)
        if not isinstance(served, str) or not isinstance(tokens, int):
            return None
        if isinstance(answer, str) and _is_answer(answer, question):
            return Reply(answer, None, served, tokens)
        if isinstance(slug, str) and isinstance(words, str) and answer is None:
            return Reply(None, Fault(quotable(slug[:60]), quotable(words[:200])), served, tokens)
        return None

    def keep(self, asked: str, reply: Reply) -> None:
        """Remember a reply."""
        fault = reply.fault
        kept: dict[str, object] = {"answer": reply.answer, "served": reply.served, "tokens": reply.tokens}
        kept |= {"slug": fault.slug, "words": fault.words} if fault is not None else {}
        # A full disk costs what is not kept, and no answer that has come.
        with self._lock, suppress(sqlite3.Error):
            self._store.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (asked, json.dumps(kept)))


def _is_answer(answer: str, question: Question) -> bool:
    members = json_value(question, answer)
    return set(members) <= set(question.names) if isinstance(members, list) else answer in question.names
