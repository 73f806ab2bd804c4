"""Notices: who is told of what, once, and how they choose to hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest, UnknownEvent
from assay.governance.ledger.models import Entry, Offset
from assay.governance.ledger.subscribers import SUBSCRIBERS, Happened, deliver
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.people import commands
from assay.governance.people.events import RoleProposed, RoleRevoked
from assay.governance.people.models import Delegation, Person
from assay.governance.people.notices.commands import choose_ways
from assay.governance.people.notices.kinds import KINDS, Way, way_of
from assay.governance.people.notices.mail.writing import message_of
from assay.governance.people.notices.marks import VISIT, mark_read, mark_seen, visit_of
from assay.governance.people.notices.models import Notice, Outgoing, Preference
from assay.governance.people.notices.queries import notices_of, unread_count
from assay.governance.people.notices.recipients import RULES, told_of
from assay.governance.people.rules.granting import Wish
from assay.governance.people.sign_in.events import PasswordChanged
from tests.workbench.people import ActorOf, ClientOf, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve(db: None) -> Person:
    """A second administrator."""
    return a_person("Eve", Role.ADMINISTRATOR)


def carried(at: datetime) -> None:
    while deliver(at):
        pass


def kinds_of(person: Person) -> list[str]:
    return sorted(Notice.objects.filter(person=person).values_list("kind", flat=True))


def test_every_event_with_a_notice_is_declared_or_comes_from_a_room_above() -> None:
    from assay.governance.ledger.events import KINDS as EVENTS

    assert {name for name in RULES if not name.startswith("bundles.")} <= set(EVENTS)


def test_whoever_can_approve_is_told_and_nobody_else(
    ada: Person, bo: Person, dee: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    commands.propose_role(person=ada, wish=Wish(Role.LEGAL), reason="she stands in", by=actor_of(dee), at=at)
    carried(at)
    assert [kinds_of(each) for each in (ada, bo, dee, eve)] == [[], [], [], ["approval-wanted"]]
    _, rows = notices_of(by=actor_of(eve), at=at)
    assert rows[0].words == "Dee proposed Ada as legal"
    assert rows[0].url.startswith(reverse("people:approvals"))
    [mail] = Outgoing.objects.select_related("person")
    text = str(message_of(mail).body)
    assert "Dee proposed Ada as legal, on 15 December 2026 at 10:00 UTC." in text
    assert f"{settings.ASSAY_PUBLIC_ADDRESS}{rows[0].url}\n" in text
    # What she wrote to those who approve is theirs to read on the page, and in no mailbox.
    assert "stands in" not in text


def test_the_author_hears_of_the_answer_and_the_one_who_gains_of_the_role(
    ada: Person, dee: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    made = commands.propose_role(person=ada, wish=Wish(Role.LEGAL), reason="", by=actor_of(dee), at=at)
    assert not isinstance(made, list)
    done = commands.approve(proposal=made, digest=made.digest, by=actor_of(eve), at=at)
    assert not isinstance(done, list)
    carried(at)
    assert kinds_of(dee) == ["proposal-settled"]
    assert kinds_of(ada) == ["role-changed"]
    # The answer is mailed with the day's other news, the role at once; and nobody is asked for what is settled.
    assert list(Outgoing.objects.values_list("person__name", "kind")) == [("Ada", "role-changed")]
    assert kinds_of(eve) == []


def test_a_stand_in_is_told_of_what_waits_for_whom_they_stand_in(
    ada: Person, bo: Person, dee: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    made = commands.record_absence(
        person=eve, stand_in=bo, starts=at, ends=at + timedelta(days=3), by=actor_of(eve), at=at
    )
    assert not isinstance(made, list)
    commands.propose_role(person=ada, wish=Wish(Role.LEGAL), reason="", by=actor_of(dee), at=at)
    carried(at)
    assert kinds_of(bo) == ["approval-wanted", "standing-in"]


def test_handed_over_twice_it_is_one_notice_and_one_mail(
    ada: Person, dee: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    commands.propose_role(person=ada, wish=Wish(Role.LEGAL), reason="", by=actor_of(dee), at=at)
    carried(at)
    before = Notice.objects.count(), Outgoing.objects.count()
    Offset.objects.filter(subscriber="people.notices").update(next_number=0)
    carried(at)
    assert (Notice.objects.count(), Outgoing.objects.count()) == before == (1, 1)
    assert "people.notices" in SUBSCRIBERS


def test_no_way_is_no_notice_and_page_is_no_mail(
    ada: Person, bo: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    assert choose_ways(ways={"role-changed": "none"}, by=actor_of(ada), at=at) == 1
    assert choose_ways(ways={"role-changed": "page"}, by=actor_of(bo), at=at) == 1
    for person in (ada, bo):
        given = commands.grant_role(person=person, wish=Wish(Role.ANALYST), by=actor_of(dee), at=at)
        assert not isinstance(given, list), given
    carried(at)
    assert (kinds_of(ada), kinds_of(bo)) == ([], ["role-changed"])
    assert not Outgoing.objects.exists()


def test_security_cannot_be_turned_off_even_by_a_row_that_says_so(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    slug = "way-in-changed"
    refused = choose_ways(ways={slug: "none"}, by=actor_of(ada), at=at)
    assert isinstance(refused, list)
    assert [(fault.slug, fault.field) for fault in refused] == [("security-notice", slug)]
    assert way_of(KINDS[slug], "none") is Way.AT_ONCE


def test_what_makes_no_sense_is_refused_together_and_changes_nothing(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    refused = choose_ways(ways={"role-changed": "pigeon", "weather": "page"}, by=actor_of(ada), at=at)
    assert isinstance(refused, list)
    assert {fault.slug for fault in refused} == {"no-way", "no-kind"}
    assert not Preference.objects.exists()
    assert not Entry.objects.exists()


def test_reading_marks_only_ones_own(ada: Person, bo: Person, actor_of: ActorOf, at: datetime) -> None:
    for number, person in enumerate((ada, ada, bo)):
        Notice.objects.create(
            person=person, kind="role-changed", entry=number, subject="person:x", actor="person:y", at=at
        )
    theirs = Notice.objects.get(person=bo)
    assert mark_read(actor_of(ada), at, [theirs.pk]) == 0
    assert mark_read(actor_of(ada), at) == 2
    assert (unread_count(by=actor_of(ada), at=at), unread_count(by=actor_of(bo), at=at)) == (0, 1)


def test_news_are_those_since_the_visit_before_and_stay_for_as_long_as_this_one_lasts(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    by = actor_of(ada)

    def look(moment: datetime, newest: int) -> tuple[int | None, datetime | None]:
        visit = visit_of(by, moment)
        mark_seen(visit, newest, by=by, at=moment)
        return visit.number, visit.at

    first, later = at + timedelta(minutes=1), at + VISIT + timedelta(minutes=2)
    assert look(at, 4) == (None, None)
    assert look(first, 5) == (None, None)
    assert look(later, 9) == (5, first)
    # The same visit: the same news, however often the page is loaded, and none is lost that came meanwhile.
    assert look(later + timedelta(minutes=1), 12) == (5, first)
    assert look(later + 3 * VISIT, -1) == (12, later + timedelta(minutes=1))


def test_pages_show_count_and_take_preferences(
    ada: Person, dee: Person, client_of: ClientOf, actor_of: ActorOf, at: datetime
) -> None:
    given = commands.grant_role(person=ada, wish=Wish(Role.ANALYST), by=actor_of(dee), at=at)
    assert not isinstance(given, list)
    carried(at)
    client = client_of(ada)
    assert "1 unread" in client.get(reverse("notices:bell")).content.decode()
    page = client.get(reverse("notices:list")).content.decode()
    assert "Dee gave Ada the role of analyst" in page
    client.post(reverse("notices:read"), {"all": "yes"})
    assert "unread" not in client.get(reverse("notices:bell")).content.decode()
    assert client.post(reverse("notices:preferences"), {"role-changed": "daily"}).status_code == 302
    assert Preference.objects.get(person=ada).way == "daily"
    assert client.post(reverse("notices:preferences"), {"role-changed": "pigeon"}).status_code == 422


def test_an_entry_about_nothing_that_is_there_stops_no_notice_behind_it(
    ada: Person, dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    by, until = actor_of(dee), at + timedelta(days=1)
    for key in ("no-uuid", str(uuid4())):
        happened = RoleProposed(
            proposal=Reference("proposal", key), role=Role.LEGAL, limits=(), digest=Digest("sha256:" + "0" * 64),
            emergency=False, until=until,
        )  # fmt: skip
        with transaction.atomic():
            append(happened, subject=Reference("person", key), by=by, at=at)
            append(PasswordChanged("changed"), subject=Reference("person", key), by=by, at=at)
    given = commands.grant_role(person=ada, wish=Wish(Role.ANALYST), by=by, at=at)
    assert not isinstance(given, list)
    carried(at)
    assert kinds_of(ada) == ["role-changed"]


def test_who_no_longer_acts_for_somebody_hears_that_it_has_ended(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    roles, ends = frozenset({Role.LEGAL}), at + timedelta(days=2)
    lent = commands.delegate(taker=ada, roles=roles, starts=at, ends=ends, by=actor_of(bo), at=at)
    assert isinstance(lent, Delegation)
    carried(at)
    assert kinds_of(ada) == ["standing-in"]
    commands.end_delegation(delegation=lent, by=actor_of(bo), at=at)
    carried(at)
    assert kinds_of(ada) == ["role-changed", "standing-in"]


def test_an_event_as_a_later_version_writes_it_stops_no_notice_behind_it(dee: Person, at: datetime) -> None:
    for kind in RULES:
        event, subject = UnknownEvent(kind, {"new_in_it": 1}), Reference("grant", "7")
        told = told_of(Happened(0, at, dee.reference, "page", kind, subject, event))
        assert all(who.kind == "person" for _, who in told)


def test_nobody_is_told_what_they_did_themselves_but_for_their_way_in(
    dee: Person, actor_of: ActorOf, at: datetime
) -> None:
    by = actor_of(dee)
    with transaction.atomic():
        append(RoleRevoked(Reference("grant", str(uuid4())), Role.DATA), subject=dee.reference, by=by, at=at)
        append(PasswordChanged("changed"), subject=dee.reference, by=by, at=at)
    carried(at)
    assert kinds_of(dee) == ["way-in-changed"]
