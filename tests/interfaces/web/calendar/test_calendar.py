"""The calendar: dates by day and month, and a feed that other programs read and that only its owner's address opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from pytest_django import Settings

from assay.governance.ledger.models import Entry
from assay.governance.office.actor import Actor
from assay.governance.office.contributions import DATES, Date
from assay.governance.office.roles import Role
from assay.governance.people.models import Grant, Person
from assay.governance.people.notices.models import CalendarAddress
from assay.interfaces.web.calendar.days import by_day, month_of, read_month
from assay.interfaces.web.calendar.feed import feed_of, name_of
from tests.conftest import ROOT
from tests.workbench.people import JOINED, ClientOf, a_person

_ORIGIN = "https://desk.example"
_DATES = st.builds(
    Date,
    room=st.sampled_from(["policies", "duties", "people"]),
    key=st.text(min_size=1, max_size=30),
    words=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200),
    at=st.integers(0, 3_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    url=st.just("/policies/x"),
    whole_day=st.booleans(),
)


def a_date(key: str, at: datetime, words: str = "Something", *, whole_day: bool = False) -> Date:
    return Date("test", key, words, at, "/somewhere", whole_day=whole_day)


def events_of(content: bytes) -> list[dict[str, object]]:
    return [dict(each) for each in Calendar.from_ical(content).walk("VEVENT")]


@given(st.lists(_DATES, max_size=6))
def test_a_feed_read_back_says_what_was_put_in(dates: list[Date]) -> None:
    content = feed_of(dates, origin=_ORIGIN, at=datetime(2026, 12, 15, 10, 30, tzinfo=UTC))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [found.words for found in dates]
    assert [str(event["uid"]) for event in events] == [name_of(found, _ORIGIN) for found in dates]
    for found, event in zip(dates, events, strict=True):
        begins = event.decoded("dtstart")
        assert begins == (found.at.date() if found.whole_day else found.at.replace(microsecond=0))
        assert ("description" in event) is (found.room == "duties")


def test_a_name_stays_when_words_and_day_change(at: datetime) -> None:
    assert name_of(a_date("k", at, "one"), _ORIGIN) == name_of(a_date("k", at + timedelta(days=3), "two"), _ORIGIN)
    assert name_of(a_date("k", at), _ORIGIN) != name_of(a_date("l", at), _ORIGIN)


def test_words_cannot_become_another_line_of_the_calendar(at: datetime) -> None:
    sly = a_date("k", at, "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged")
    [event] = events_of(feed_of([sly], origin=_ORIGIN, at=at))
    assert "forged" in str(event["SUMMARY"])


def test_a_whole_day_is_the_same_day_everywhere_and_an_instant_is_where_one_is() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    tokyo, west = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Los_Angeles")
    days = by_day(
        [a_date("a", late), a_date("b", datetime(2026, 12, 31, tzinfo=UTC), whole_day=True)], tokyo, late.date()
    )
    assert [(each.day, len(each.dates)) for each in days] == [(date(2026, 12, 31), 1), (date(2027, 1, 1), 1)]
    whole = a_date("b", datetime(2026, 12, 31, tzinfo=UTC), whole_day=True)
    assert [each.day for each in by_day([whole], west, late.date())] == [date(2026, 12, 31)]


@given(st.dates(date(1990, 1, 1), date(2199, 12, 1)))
def test_a_month_has_all_of_its_days_once_in_whole_weeks(day: date) -> None:
    first = read_month(day.strftime("%Y-%m"), date(2026, 1, 1))
    month = month_of(first, [], UTC, day)
    inside = [each.day for week in month.weeks for each in week if each.inside]
    assert inside[0] == day.replace(day=1)
    assert inside == sorted(set(inside))
    assert {len(week) for week in month.weeks} == {7}
    assert (month.before.month % 12) + 1 == first.month
    assert (first.month % 12) + 1 == month.after.month


@pytest.mark.parametrize("text", ["", "2026-13", "9999-01", "０００１-01", "2026-1", "x" * 500])
def test_a_month_that_is_none_is_the_present_one(text: str) -> None:
    assert read_month(text, date(2026, 5, 9)) == date(2026, 5, 1)


@pytest.fixture
def only_mine() -> Iterator[None]:
    """One date of each person, of a room that asks whose it is."""

    def mine(by: Actor, start: datetime, until: datetime) -> Iterable[Date]:
        moment = timezone.now() + timedelta(days=1)
        return [a_date(by.who.key, moment, f"for {by.who.key}")] if start <= moment < until else []

    DATES["test"] = mine
    yield
    del DATES["test"]


def an_address(client: Client) -> str:
    page = client.post(reverse("calendar:addresses")).content.decode()
    return page.partition("?address=")[2].partition("<")[0].partition('"')[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("only_mine")
def test_an_address_opens_its_owners_calendar_without_a_session_and_no_other(
    ada: Person, bo: Person, client_of: ClientOf
) -> None:
    token = an_address(client_of(ada))
    answer = Client().get(reverse("calendar:feed"), {"address": token})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    summaries = [str(event["SUMMARY"]) for event in events_of(answer.content)]
    assert f"for {ada.key}" in summaries
    assert f"for {bo.key}" not in summaries
    kept = CalendarAddress.objects.get()
    assert token not in {kept.digest, str(kept)}
    assert kept.used_on is not None
    assert all(token not in content for content in Entry.objects.values_list("content", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("only_mine")
def test_an_address_is_dead_once_revoked_or_its_owner_gone(ada: Person, bo: Person, client_of: ClientOf) -> None:
    client = client_of(ada)
    first, second = an_address(client), an_address(client)
    feed = reverse("calendar:feed")
    number = CalendarAddress.objects.earliest("pk").pk
    # Another person's address is not there for me.
    assert client_of(bo).post(reverse("calendar:revoke", args=[number])).status_code == 404
    assert client.post(reverse("calendar:revoke", args=[number])).status_code == 302
    assert client.post(reverse("calendar:revoke", args=[number])).status_code == 404
    assert [Client().get(feed, {"address": token}).status_code for token in (first, second, "", "x" * 5000)] == [
        404, 200, 404, 404,
    ]  # fmt: skip
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert Client().get(feed, {"address": second}).status_code == 404


@pytest.mark.django_db
def test_there_is_an_end_to_addresses(ada: Person, client_of: ClientOf) -> None:
    client = client_of(ada)
    answers = [client.post(reverse("calendar:addresses")).status_code for _ in range(11)]
    assert answers == [200] * 10 + [422]


@pytest.mark.django_db
def test_a_feed_shows_what_its_owner_may_see_on_the_day_it_is_read(
    ada: Person, client_of: ClientOf, settings: Settings
) -> None:
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = None, str(ROOT / "packs" / "starter")
    token = an_address(client_of(ada))
    feed = reverse("calendar:feed")
    with_role = events_of(Client().get(feed, {"address": token}).content)
    assert any("duty" in str(event["SUMMARY"]) for event in with_role)
    assert len({str(event["UID"]) for event in with_role}) == len(with_role)
    Grant.objects.filter(person=ada).update(revoked_at=JOINED)
    assert events_of(Client().get(feed, {"address": token}).content) == []


@pytest.mark.django_db
def test_list_and_month_show_the_packs_dates_and_say_that_it_is_no_advice(
    cy: Person, client_of: ClientOf, settings: Settings
) -> None:
    settings.ASSAY_BUNDLES_STATE, settings.ASSAY_BUNDLES_SOURCE = None, str(ROOT / "packs" / "starter")
    client = client_of(cy)
    pages = [
        client.get(reverse("calendar:calendar"), {"from": "2026-11-23"}).content.decode(),
        client.get(reverse("calendar:month"), {"month": "2026-12"}).content.decode(),
    ]
    for page in pages:
        assert "EU duty begins" in page
        assert "It is not legal advice." in page
    assert (
        "duty begins"
        not in client.get(reverse("calendar:calendar"), {"from": "2026-11-23", "room": "windows"}).content.decode()
    )
    outside = client_of(a_person("Flo", Role.EXTERNAL_EXPERT))
    assert "duty begins" not in outside.get(reverse("calendar:calendar"), {"from": "2026-11-23"}).content.decode()
    for day in ("9999-12-31", "0001-01-01", "x", "2026-02-30"):
        assert client.get(reverse("calendar:calendar"), {"from": day}).status_code == 200
