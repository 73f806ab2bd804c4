"""Known questions are found by their words as a plain reading of them would find them, and quickly among many."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.governance.policies.questions.asking import day
from tests.workbench.people import ActorOf

if TYPE_CHECKING:
    from assay.governance.people.models import Person

# Words that share their beginnings, with marks, cases and letters of other scripts.
WORDS = (
    "fake",
    "faked",
    "Fäke",
    "café",
    "CAFE",
    "puppet",
    "pup",
    "ИИ",
    "偽物",
    "x",
    "2026",
    "a-b",
    '"',
    "*",
    "OR",
    "NEAR(",
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
FIELDS = ("question", "context", "ruling", "rationale")


def filled(texts: list[tuple[str, str, str, str]], at: datetime) -> dict[int, str]:
    """Questions in bulk, by id with all that they say."""
    from django.db import connection

    from assay.governance.policies.questions import finding
    from assay.governance.policies.questions.models import KnownQuestion

    KnownQuestion.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {finding.TABLE}")
    rows = [
        KnownQuestion(
            number=number, policy="likeness", state="ruled", asked_at=at, ruled_at=at, changed_at=at,
            expires_on=day(at, 9), **dict(zip(FIELDS, text, strict=True)),
        )
        for number, text in enumerate(texts, 1)
    ]  # fmt: skip
    kept = KnownQuestion.objects.bulk_create(rows)
    finding.put(kept)
    return {row.pk: " ".join([str(row.number), "likeness", *text]) for row, text in zip(kept, texts, strict=True)}


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.lists(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), min_size=1, max_size=6), asked=TEXTS)
def test_what_is_found_is_what_has_every_word_or_where_nothing_has_some(
    texts: list[tuple[str, str, str, str]], asked: str, at: datetime
) -> None:
    from assay.governance.policies.questions.finding import find, plain, words_of

    said = {pk: plain(text).split() for pk, text in filled(texts, at).items()}
    words = words_of(asked)

    def has(pk: int, word: str) -> bool:
        return any(each.startswith(word) for each in said[pk])

    every = {pk for pk in said if words and all(has(pk, word) for word in words)}
    some = {pk for pk in said if any(has(pk, word) for word in words)}
    assert set(find(asked)) == (every or some)


@pytest.mark.django_db
def test_a_name_counts_more_than_a_mention_and_what_is_in_force_more_than_what_is_not(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.questions.models import KnownQuestion
    from assay.governance.policies.questions.queries import Filters, list_questions

    filled(
        [("Of a hand", "one puppet", "", ""), ("Is a puppet a fake", "", "", ""), ("Is a puppet a fake", "", "", "")],
        at,
    )
    KnownQuestion.objects.filter(number=2).update(expires_on=day(at, -1))

    def numbers(**wanted: Any) -> list[int]:
        found = list_questions(filters=Filters(**wanted), after=None, by=actor_of(ada), at=at)
        return [row.number for row in found.rows]

    assert numbers(text="pupp") == [3, 2, 1]
    assert [numbers(text="puppet", state="expired"), numbers(state="ruled")] == [[2], [3, 1]]
    assert numbers(text="' OR --") == numbers(text="zzz") == []
    KnownQuestion.objects.filter(number=1).update(markets=["DE", "FR"])
    assert [numbers(market="FR"), numbers(market="F"), numbers(policy="fraud")] == [[3, 2, 1], [3, 2], []]


@pytest.mark.django_db
def test_however_many_there_are_a_page_takes_a_few_reads_and_words_of_all_give_the_newest(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assay.governance.policies.questions.finding import MOST
    from assay.governance.policies.questions.queries import Filters, list_questions

    filled([(f"same word{number}", "", "", "") for number in range(MOST + 60)], at)
    newest = list(range(MOST + 60, MOST + 10, -1))
    for wanted in (Filters(), Filters(text="same"), Filters(policy="likeness", state="ruled")):
        with CaptureQueriesContext(connection) as asked:
            found = list_questions(filters=wanted, after=None, by=actor_of(ada), at=at)
        assert [row.number for row in found.rows] == newest
        assert len(asked) <= 6
        # A filter beside words that stand everywhere leaves old questions out, and the page says so.
        assert ("Add a word" in found.note) == bool(wanted.text)
    one = list_questions(filters=Filters(text="same word7"), after=None, by=actor_of(ada), at=at)
    assert one.rows[0].question == "same word7"
    assert not one.note
