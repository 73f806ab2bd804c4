"""Times are told so that nobody believes to have more of it than there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone as clocks
from hypothesis import assume, given
from hypothesis import strategies as st

from assay.interfaces.web.look.moments import SOON, day_words, distance, told, urgency, zone_of

NOW = datetime(2026, 11, 23, 12, 23, tzinfo=UTC)
UNITS = {"min": 60, "h": 3_600, "day": 86_400, "days": 86_400, "months": 30 * 86_400, "years": 365 * 86_400}


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(hours=1, minutes=42), "in 1 h 42 min"),
        (timedelta(hours=2), "in 2 h"),
        (timedelta(seconds=59), "just now"),
        (timedelta(0), "just now"),
        (timedelta(days=1, hours=3), "in 1 day 3 h"),
        (timedelta(days=59), "in 59 days"),
        (timedelta(days=90), "in 3 months"),
        (timedelta(days=1_000), "in 2 years"),
        (-timedelta(seconds=3), "just now"),
        (-timedelta(minutes=5), "5 min ago"),
    ],
)
def test_a_distance_is_told_in_the_words_of_the_trade(apart: timedelta, words: str) -> None:
    assert distance(apart) == words


@given(st.one_of([st.timedeltas(timedelta(0), timedelta(days=longest)) for longest in (1 / 24, 1, 3, 4_000)]))
def test_a_limit_never_seems_later_than_it_is(apart: timedelta) -> None:
    assume(apart > timedelta(0))
    words = distance(apart, due=True).removeprefix("in ").removeprefix("within ").split()
    counted = sum(int(count) * UNITS[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert counted <= max(apart.total_seconds(), 60)


@given(st.timedeltas(-timedelta(days=400), timedelta(days=400)))
def test_what_is_past_is_overdue_and_what_is_near_is_soon(apart: timedelta) -> None:
    found = told(NOW + apart, NOW, due=True)
    assert (found.urgency == "over") == (apart <= timedelta(0))
    assert (found.urgency == "soon") == (timedelta(0) < apart <= SOON)
    assert found.distance.startswith("overdue") == (apart <= timedelta(0))
    assert told(NOW + apart, NOW).urgency == ""


def test_the_day_is_named_where_it_is_another_one() -> None:
    with clocks.override(timezone(timedelta(hours=13))):
        assert told(NOW, NOW).place == "01:23 UTC+13:00"
        assert told(NOW - timedelta(hours=2), NOW).place == "yesterday, 23:23 UTC+13:00"
    assert told(NOW + timedelta(days=400), NOW).place == "28 December 2027, 12:23 UTC"
    assert urgency(NOW, NOW) == "over"


def test_days_near_by_have_names() -> None:
    today = date(2026, 12, 31)
    assert [day_words(today + timedelta(days=d), today) for d in (-1, 0, 1, 2)] == [
        "yesterday",
        "today",
        "tomorrow",
        "2 January 2027",
    ]


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Europe/Berlin", "CET"), ("America/Sao_Paulo", "UTC-03"), ("Asia/Kathmandu", "UTC+05:45"), ("UTC", "UTC")],
)
def test_a_zone_without_a_name_is_told_by_its_distance(zone: str, name: str) -> None:
    assert zone_of(NOW.astimezone(ZoneInfo(zone))) == name


def test_a_limit_that_is_here_is_past() -> None:
    told_as = [distance(timedelta(seconds=seconds), due=True) for seconds in (59, 0, -59, -61)]
    assert told_as == ["within 1 min", *["overdue by less than 1 min"] * 2, "overdue by 1 min"]
