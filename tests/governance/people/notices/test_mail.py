"""Mail: written in our words, sent once as far as can be, tried again with patience, and no door for a header."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.people.notices.mail.outbox import post
from assay.governance.people.notices.mail.sending import MOST_ATTEMPTS, send_due, take, wait_after
from assay.governance.people.notices.mail.writing import message_id, message_of, one_line
from assay.governance.people.notices.models import Notice, Outgoing
from tests.workbench.people import a_person

pytestmark = pytest.mark.django_db
_LINK = "/account/begin/?link=the-secret"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Mails go into a folder, by the backend that an operator without a mail server has."""
    settings.EMAIL_BACKEND = "assay.governance.people.notices.mail.folder.FolderBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.ASSAY_PUBLIC_ADDRESS = "https://desk.example"
    return tmp_path / "mail"


def read(folder: Path) -> list[EmailMessage]:
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]


def body(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def an_invitation(person: Person, at: datetime, key: str = "invitation:1") -> Outgoing:
    return post(kind="invitation", person=person, at=at, key=key, link=_LINK)


def test_an_invitation_reaches_a_file_that_only_the_service_can_read(ada: Person, folder: Path, at: datetime) -> None:
    an_invitation(ada, at)
    assert send_due(at) == 1
    [message] = read(folder)
    assert (message["To"], message["Subject"]) == ("ada@example.org", "You are invited to the workbench")
    assert "https://desk.example/account/begin/?link=the-secret" in body(message)
    assert 'href="https://desk.example/account/begin/?link=the-secret"' in body(message, "html")
    [path] = folder.glob("*")
    assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_once_sent_the_link_is_nowhere_and_nothing_is_sent_again(ada: Person, folder: Path, at: datetime) -> None:
    an_invitation(ada, at)
    send_due(at)
    assert send_due(at + timedelta(days=3)) == 0
    row = Outgoing.objects.get()
    assert (row.link, row.sent_at, row.next_at) == ("", at, None)


def test_the_same_key_is_the_same_mail(ada: Person, at: datetime) -> None:
    assert an_invitation(ada, at).pk == an_invitation(ada, at + timedelta(days=1)).pk
    with pytest.raises(KeyError):
        post(kind="weather", person=ada, at=at, key="weather:1")


def test_after_a_kill_between_sending_and_noting_it_comes_again_under_its_name(
    ada: Person, folder: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*given: object, **named: object) -> int:
        raise Killed

    an_invitation(ada, at)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("assay.governance.people.notices.mail.sending._ended", killed)
        send_due(at)
    first = [message["Message-ID"] for message in read(folder)]
    # Not at once: another clerk may be in the middle of it.
    assert send_due(at) == 0
    assert send_due(at + wait_after(1)) == 1
    assert [message["Message-ID"] for message in read(folder)] == first
    assert len(first) == 1


def test_a_server_that_is_away_is_tried_again_later_and_at_last_given_up(
    ada: Person, at: datetime, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def refused(*given: object) -> int:
        raise SMTPServerDisconnected("ada@example.org was refused")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refused)
    an_invitation(ada, at)
    moment, row = at, Outgoing.objects.get()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert send_due(moment) == 0
        row = Outgoing.objects.get()
        assert row.attempts == attempt
        # What the server said may quote the address, so only its kind is kept.
        assert row.fault == "SMTPServerDisconnected"
        if attempt < MOST_ATTEMPTS:
            assert row.next_at is not None
            moment = row.next_at
    assert (row.next_at, row.given_up_at, row.link) == (None, moment, "")
    assert timedelta(days=2) < moment - at < timedelta(days=5)


def test_waits_grow_and_have_an_end() -> None:
    waits = [wait_after(attempt) for attempt in range(1, 30)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=6))


def test_nobody_who_has_left_gets_mail(ada: Person, folder: Path, at: datetime) -> None:
    an_invitation(ada, at)
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert send_due(at) == 0
    row = Outgoing.objects.get()
    assert (row.fault, row.link, row.next_at) == ("account-closed", "", None)
    assert not folder.exists() or not read(folder)


@pytest.mark.parametrize("name", ["Ada\r\nBcc: eve@example.org", "Ada\nSubject: other", "<b>Ada</b>\u2028x"])
def test_a_name_can_neither_begin_a_header_nor_be_markup(name: str, folder: Path, at: datetime) -> None:
    person = a_person("Flo", Role.ANALYST)
    Person.objects.filter(pk=person.pk).update(name=name)
    an_invitation(Person.objects.get(pk=person.pk), at)
    assert send_due(at) == 1
    [message] = read(folder)
    assert message["Bcc"] is None
    assert message["Subject"] == "You are invited to the workbench"
    assert "<b>" not in body(message, "html")


@given(st.text(max_size=60))
def test_whatever_the_text_it_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_an_address_that_makes_a_header_is_refused_and_tried_no_worse(
    ada: Person, settings: Settings, at: datetime
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Person.objects.filter(pk=ada.pk).update(email="ada@example.org\nBcc: eve@example.org")
    an_invitation(ada, at)
    assert send_due(at) == 0
    assert Outgoing.objects.get().fault == "BadHeaderError"
    assert not getattr(mail, "outbox", [])


def test_the_name_of_a_mail_depends_on_its_key_alone(ada: Person, at: datetime, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Assay <assay@desk.example>"
    row = an_invitation(ada, at)
    assert message_of(row).extra_headers["Message-ID"] == message_id("invitation:1")
    assert message_id("invitation:1").endswith("@desk.example>")
    assert message_id("invitation:1") != message_id("invitation:2")


@pytest.fixture
def three_daily(ada: Person, at: datetime) -> None:
    for number in range(3):
        Notice.objects.create(
            person=ada, kind="proposal-settled", entry=number, subject="person:x", actor="person:y", at=at, daily=True
        )


@pytest.mark.usefixtures("three_daily")
def test_a_day_is_one_mail_in_the_morning_of_where_somebody_is(ada: Person, folder: Path) -> None:
    Person.objects.filter(pk=ada.pk).update(time_zone="Asia/Tokyo")
    night, morning = datetime(2026, 12, 15, 22, 59, tzinfo=UTC), datetime(2026, 12, 15, 23, 1, tzinfo=UTC)
    assert (send_due(night), send_due(morning), send_due(morning)) == (0, 1, 0)
    [message] = read(folder)
    assert message["Subject"] == "What happened since yesterday: 3 notices"
    assert not Notice.objects.filter(daily=True).exists()


@pytest.mark.usefixtures("three_daily")
def test_what_comes_after_the_morning_waits_for_the_next(ada: Person, folder: Path) -> None:
    morning = datetime(2026, 12, 16, 9, tzinfo=UTC)
    assert send_due(morning) == 1
    Notice.objects.create(
        person=ada, kind="proposal-settled", entry=9, subject="person:x", actor="person:y", at=morning, daily=True
    )
    assert send_due(morning + timedelta(hours=3)) == 0
    assert send_due(morning + timedelta(days=1)) == 1


def test_of_two_clerks_that_look_at_once_one_takes_it(ada: Person, folder: Path, at: datetime) -> None:
    an_invitation(ada, at)
    seen_by_both = [Outgoing.objects.select_related("person").get() for _ in range(2)]
    assert [take(each, at) for each in seen_by_both] == [True, False]
    assert send_due(at) == 0
