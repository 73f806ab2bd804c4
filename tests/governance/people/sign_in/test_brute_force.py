from __future__ import annotations

import re

import pytest
from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.test import Client

from assay.governance.ledger.models import Entry
from assay.governance.people.models import Person
from assay.governance.people.notices.models import Outgoing
from tests.governance.people.sign_in.conftest import PASSWORD, kinds
from tests.workbench.people import a_client


def attempt(email: str, password: str, *, address: str = "192.0.2.1", client: Client | None = None) -> bytes:
    """What the page says, without what differs on every page."""
    form = {"login": email, "password": password}
    answer = (client or Client(REMOTE_ADDR=address)).post("/account/login/", form)
    plain = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content).replace(email.encode(), b"")
    return str(answer.status_code).encode() + plain


def test_after_five_failures_an_account_is_locked_even_for_the_right_password(eve: Person) -> None:
    said = [attempt(eve.email, f"guess {each}", address=f"192.0.2.{each}") for each in range(5)]
    assert len(set(said)) == 1
    locked = attempt(eve.email, PASSWORD, address="192.0.2.77")
    assert locked.startswith(b"200") and b"Too many attempts failed" in locked
    assert Person.objects.get(pk=eve.pk).last_login is None


def test_another_port_in_the_host_header_gives_no_new_attempts(eve: Person) -> None:
    for each in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{each}", HTTP_HOST=f"testserver:{each + 1}")
        attempt(eve.email, f"guess {each}", client=client)
    client = Client(REMOTE_ADDR="192.0.2.77", HTTP_HOST="testserver:7")
    assert b"Too many attempts failed" in attempt(eve.email, PASSWORD, client=client)


def test_a_lock_is_written_once_into_the_ledger_however_often_it_is_tried(eve: Person) -> None:
    for each in range(9):
        attempt(eve.email, f"guess {each}", address=f"192.0.2.{each}")
    assert kinds() == ["sign-in-locked"]
    entry = Entry.objects.get()
    assert entry.subject == str(eve.reference)
    assert eve.email not in entry.content


def test_nobody_learns_whether_an_account_exists(eve: Person) -> None:
    known = [attempt(eve.email, f"guess {each}", address=f"192.0.2.{each}") for each in range(7)]
    unknown = [attempt("nobody@example.org", f"guess {each}", address=f"198.51.100.{each}") for each in range(7)]
    assert known == unknown


def test_one_address_cannot_try_many_accounts(eve: Person) -> None:
    said = [attempt(f"person-{each}@example.org", "a common password") for each in range(21)]
    assert b"Too many attempts failed" not in said[19]
    assert b"Too many attempts failed" in said[20]
    assert b"Too many attempts failed" in attempt(eve.email, PASSWORD)
    assert attempt(eve.email, PASSWORD, address="198.51.100.7").startswith(b"302")


def test_a_success_in_between_does_not_give_new_attempts(eve: Person) -> None:
    for each in range(4):
        attempt(eve.email, f"guess {each}", address=f"192.0.2.{each}")
    assert attempt(eve.email, PASSWORD, address="203.0.113.1").startswith(b"302")
    attempt(eve.email, "guess 5", address="203.0.113.2")
    assert b"Too many attempts failed" in attempt(eve.email, PASSWORD, address="203.0.113.3")


def test_a_name_in_a_header_does_not_make_another_address(eve: Person) -> None:
    for each in range(20):
        client = Client(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=f"203.0.113.{each}", HTTP_X_REAL_IP="203.0.113.9")
        attempt(f"person-{each}@example.org", "a common password", client=client)
    assert b"Too many attempts failed" in attempt(eve.email, PASSWORD)


def test_codes_of_the_second_factor_cannot_be_guessed(eve: Person) -> None:
    a_client(eve)
    for each in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{each}")
        client.post("/account/login/", {"login": eve.email, "password": PASSWORD})
        answer = client.post("/account/2fa/authenticate/", {"code": f"{each:06}"})
        assert answer.status_code == 200
    client = Client(REMOTE_ADDR="192.0.2.99")
    client.post("/account/login/", {"login": eve.email, "password": PASSWORD})
    assert b"Too many attempts failed" in client.post("/account/2fa/authenticate/", {"code": "123456"}).content


def test_asking_for_links_is_limited_and_says_the_same_for_every_address(eve: Person) -> None:
    def ask(email: str) -> list[int]:
        posts = (Client(REMOTE_ADDR="192.0.2.5").post("/account/password/reset/", {"email": email}) for _ in range(4))
        return [answer.status_code for answer in posts]

    assert ask(eve.email) == ask("nobody@example.org") == [302, 302, 302, 429]
    assert Outgoing.objects.count() == 3


@pytest.mark.parametrize("email", ["eve@example.org", "nobody@example.org"])
def test_every_wrong_sign_in_hashes_one_password(eve: Person, email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(salt)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    attempt(email, "a guess")
    assert len(hashed) == 1


def test_counts_are_kept_in_the_store_and_not_in_the_process(db: None) -> None:
    cache.set("kept", "over a restart", 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM workbench_cache")
        assert cursor.fetchone()[0] == 1
