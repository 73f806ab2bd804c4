"""Pages by key: each row once and in order, both ways, whatever an address says."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import FieldDoesNotExist
from hypothesis import given
from hypothesis import strategies as st

from assay.governance.office.listing import Listing, Place, cursor, listed, paged

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _page(numbers: Sequence[int], after: str | None, most: int) -> Listing[int]:
    """A page of distinct whole numbers upwards, out of memory."""

    def fetch(place: Place | None, count: int) -> list[int]:
        if place is None:
            return sorted(numbers)[:count]
        (key,) = place.key
        assert isinstance(key, int)
        if place.way == "next":
            return sorted(each for each in numbers if each > key)[:count]
        return sorted((each for each in numbers if each < key), reverse=True)[:count]

    def read_key(given: list[object]) -> tuple[object, ...] | None:
        return tuple(given) if len(given) == 1 and type(given[0]) is int else None

    return paged(fetch, lambda each: (each,), read_key, after=after, most=most)


@given(st.sets(st.integers(), max_size=40), st.integers(1, 9))
def test_pages_hold_every_row_once_in_order_and_lead_back_to_the_beginning(numbers: set[int], most: int) -> None:
    some = sorted(numbers)
    pages, after = [_page(some, None, most)], None
    while (after := pages[-1].next) is not None:
        pages.append(_page(some, after, most))
    assert [each for page in pages for each in page.rows] == some
    assert pages[0].previous is None
    for page, before in zip(pages[:0:-1], pages[-2::-1], strict=True):
        assert _page(some, page.previous, most).rows == before.rows
        assert _page(some, _page(some, page.previous, most).next, most).rows == page.rows


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda some: base64.urlsafe_b64encode(some).decode()))
def test_whatever_an_address_says_a_page_is_shown(after: str) -> None:
    page = _page(range(20), after, 5)
    assert page.rows == [0, 1, 2, 3, 4] or not page.note


@pytest.mark.parametrize(
    "after",
    [
        "[]",
        "W10",
        cursor("next", ("1", "2")),
        cursor("next", (True,)),
        cursor("next", ()),
        base64.urlsafe_b64encode(b'["sideways",1]').decode(),
        base64.urlsafe_b64encode(b"[" * 590).decode(),
        "A" * 100_000,
    ],
)
def test_a_cursor_that_does_not_fit_gives_the_first_page_and_says_so(after: str) -> None:
    page = _page(range(20), after, 5)
    assert page.rows == [0, 1, 2, 3, 4]
    assert page.note == "that place in the list is not known any more: this is its beginning"


def test_a_way_back_that_reaches_the_beginning_shows_a_whole_first_page() -> None:
    some = list(range(10))
    back = _page(some, _page(some, None, 4).next, 4).previous
    page = _page(some[1:], back, 4)
    assert page.rows == [1, 2, 3, 4]
    assert page.previous is None


@pytest.mark.django_db
def test_a_query_is_paged_by_several_columns_and_a_key_that_ties_cannot_break() -> None:
    for number in range(30):
        Session.objects.create(
            session_key=f"key-{number:02}", session_data="", expire_date=NOON + timedelta(hours=number // 7)
        )
    wanted = [row.session_key for row in Session.objects.order_by("-expire_date", "-session_key")]
    seen, after = [], None
    while True:
        page = listed(Session.objects.all(), order="-expire_date", after=after, most=4)
        seen += [row.session_key for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == wanted
    back = listed(Session.objects.all(), order="-expire_date", after=page.previous, most=4)
    assert [row.session_key for row in back.rows] == wanted[-6:-2]


@pytest.mark.django_db
@pytest.mark.parametrize("key", [("no date", "key-01"), ("2026-11-23T12:00:00+00:00", "\0"), ("2026-11-23",), (1, 2)])
def test_a_query_takes_no_key_of_another_type(key: tuple[object, ...]) -> None:
    Session.objects.create(session_key="key-01", session_data="", expire_date=NOON)
    page = listed(Session.objects.all(), order="-expire_date", after=cursor("next", key), most=4)
    assert [row.session_key for row in page.rows] == ["key-01"]
    assert page.note


@pytest.mark.django_db
def test_a_number_that_no_column_can_hold_is_no_key() -> None:
    ContentType.objects.get_or_create(app_label="a", model="b")
    page = listed(ContentType.objects.all(), after=cursor("next", (1 << 70,)), most=4)
    assert page.rows
    assert page.note


def test_a_list_is_ordered_by_columns_of_its_own_table() -> None:
    with pytest.raises(FieldDoesNotExist):
        listed(ContentType.objects.all(), order="permission")
