"""Full text search over known questions, by what each store is good at. It never shows a question: it gives numbers.

SQLite has FTS5, PostgreSQL has `tsvector` with a GIN index. Both are given the same words, taken apart here, so that
both find the same. Migrations make the table; whatever changes a question puts its words there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from assay.governance.policies.questions.models import KnownQuestion

TABLE = "policies_questions_words"
MOST = 500
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS, _LONGEST = 12, 40
_MAKE = {
    "sqlite": [
        (
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5(names, question, ruling, rest,"
            " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
        )
    ],
    "postgresql": [
        f"CREATE TABLE {TABLE} (rowid bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX {TABLE}_found ON {TABLE} USING gin (words)",
    ],
}
# Ranking reads every question that has one of the words. Where more have them all than can be shown, the words say
# too little to rank by, and the newest come first.
_NEWEST_IN_SQLITE = f"SELECT rowid, 1e-9 * rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608 (a name of ours)
_RANKED_BY_SQLITE = f"SELECT rowid, -bm25({TABLE}, 8.0, 4.0, 3.0, 1.0) FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608 (a name of ours)
_RANKED_BY_POSTGRESQL = (
    f"WITH newest AS (SELECT rowid, words FROM {TABLE} WHERE words @@ to_tsquery('simple', %s)"  # noqa: S608 (a name of ours)
    " ORDER BY rowid DESC LIMIT %s)"
    " SELECT rowid, ts_rank('{0.1, 0.3, 0.6, 1.0}', words, to_tsquery('simple', %s))"
    " + ts_rank('{0.1, 0.3, 0.6, 1.0}', words, to_tsquery('simple', %s)) FROM newest"
)


def make_table(connection: BaseDatabaseWrapper) -> None:
    """For the migration."""
    for statement in _MAKE[connection.vendor]:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def drop_table(connection: BaseDatabaseWrapper) -> None:
    """For the migration backwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def put(rows: Iterable[KnownQuestion]) -> None:
    """Let questions be found by what they say now."""
    kept = [(row.pk, *_columns(row)) for row in rows]
    if not kept:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, setweight(to_tsvector('simple', %s), 'A') ||"  # noqa: S608 (a name of ours)
                " setweight(to_tsvector('simple', %s), 'B') || setweight(to_tsvector('simple', %s), 'C') ||"
                " setweight(to_tsvector('simple', %s), 'D'))"
                " ON CONFLICT (rowid) DO UPDATE SET words = excluded.words",
                kept,
            )
        else:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(each[0],) for each in kept])  # noqa: S608 (a name of ours)
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, names, question, ruling, rest) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608 (a name of ours)
                kept,
            )


def find(text: str) -> dict[int, float]:
    """The ids of questions that have every word, or where none has, some; with how well each fits, larger is better.

    The last letters of a word may be missing. Of words that more than five hundred have, the newest five hundred.
    """
    words = words_of(text)
    if not words:
        return {}
    found = _asked(words, all_of_them=True)
    return found or (_asked(words, all_of_them=False) if len(words) > 1 else {})


def words_of(text: str) -> list[str]:
    """The words of what somebody typed, plain; at most a dozen."""
    return [word[:_LONGEST] for word in plain(text[:400]).split()][:_MOST_WORDS]


def plain(text: str) -> str:
    """The words of a text in lower case, without marks above letters and without anything between them."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(_WORD.findall("".join(letter for letter in folded if not unicodedata.combining(letter))))


def _asked(words: list[str], *, all_of_them: bool) -> dict[int, float]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            asked = (" & " if all_of_them else " | ").join(f"{word}:*" for word in words)
            # A whole word counts more than its beginning.
            beginnings, whole = " | ".join(f"{word}:*" for word in words), " | ".join(words)
            cursor.execute(_RANKED_BY_POSTGRESQL, [asked, MOST, beginnings, whole])
        else:
            # Quoted, so that nothing that somebody types is an operator; words have no quotes in them. The whole word
            # is asked for beside its beginning, so that it counts more.
            asked = (" AND " if all_of_them else " OR ").join(f'("{word}" OR "{word}"*)' for word in words)
            cursor.execute(_NEWEST_IN_SQLITE, [asked, MOST + 1])
            newest = cursor.fetchall()
            if len(newest) > MOST:
                return {int(row): float(fit) for row, fit in newest[:MOST]}
            cursor.execute(_RANKED_BY_SQLITE, [asked])
        return {int(row): float(fit) for row, fit in cursor.fetchall()}


def _columns(row: KnownQuestion) -> tuple[str, str, str, str]:
    names = f"{row.number} {row.policy} {row.rule} {' '.join(row.markets)}"
    rest = f"{row.context} {row.rationale} {row.example} {row.item}"
    return plain(names), plain(row.question), plain(row.ruling), plain(rest)
