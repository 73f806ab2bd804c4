from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.governance.ledger.models import Entry
from assay.governance.office.actor import Actor
from assay.governance.office.operations import OPERATIONS, NotAllowed
from assay.governance.people.models import Grant, Person
from assay.governance.people.sign_in.recovery.queries import recoveries_waiting
from assay.governance.people.sign_in.sessions import forget_ways_in
from assay.governance.people.tokens.commands import MadeToken, make_token, revoke_token
from assay.governance.people.tokens.models import Token
from assay.governance.people.tokens.queries import tokens_of, who_shows
from assay.governance.people.tokens.rules import NEVER, can_be_given, read, written
from tests.workbench.people import ActorOf, ClientOf

MONTH = timedelta(days=30)


def made(by: Actor, at: datetime, *operations: str) -> MadeToken:
    token = make_token(
        name="figures", operations=frozenset(operations or ("tokens.list",)), ends=at + MONTH, by=by, at=at
    )
    assert isinstance(token, MadeToken)
    return token


def shown(text: str, at: datetime) -> Actor:
    found = who_shows(text, at=at)
    assert found is not None
    return found[1]


def test_a_token_acts_for_its_person_and_only_as_far_as_it_was_let(
    dee: Person, at: datetime, actor_of: ActorOf
) -> None:
    token = made(actor_of(dee), at, "tokens.list")
    actor = shown(token.text, at)
    assert (actor.who, actor.way, actor.operations) == (dee.reference, "token", frozenset({"tokens.list"}))
    assert [each.name for each in tokens_of(by=actor, at=at)] == ["figures"]
    with pytest.raises(NotAllowed):
        recoveries_waiting(by=actor, at=at)


def test_a_token_loses_what_its_person_loses(dee: Person, at: datetime, actor_of: ActorOf) -> None:
    token = made(actor_of(dee), at, "people.see-recoveries")
    assert recoveries_waiting(by=shown(token.text, at), at=at) == []
    Grant.objects.filter(person=dee).update(revoked_at=at)
    with pytest.raises(NotAllowed):
        recoveries_waiting(by=shown(token.text, at), at=at)


@pytest.mark.parametrize("ending", ["its day", "revoked", "closed account", "another secret", "another form"])
def test_a_token_that_does_not_hold_opens_nothing(dee: Person, at: datetime, actor_of: ActorOf, ending: str) -> None:
    token = made(actor_of(dee), at)
    text, when = token.text, at
    if ending == "its day":
        when = at + MONTH
    if ending == "revoked":
        assert isinstance(revoke_token(key=token.key, by=actor_of(dee), at=at), Token)
    if ending == "closed account":
        Person.objects.filter(pk=dee.pk).update(is_active=False)
    if ending == "another secret":
        text = written(token.key, "A" * 43)
    if ending == "another form":
        text = token.text + "\n"
    assert who_shows(text, at=when) is None


def test_a_token_does_not_come_back_with_an_account_that_is_opened_again(
    dee: Person, at: datetime, actor_of: ActorOf
) -> None:
    token = made(actor_of(dee), at)
    forget_ways_in(dee, at=at)
    assert who_shows(token.text, at=at) is None


def test_no_token_makes_or_revokes_tokens_nor_touches_how_its_person_comes_in(
    dee: Person, at: datetime, actor_of: ActorOf
) -> None:
    by = actor_of(dee)
    assert not NEVER & {each.name for each in can_be_given(by)}
    assert {name for name in OPERATIONS if name.startswith("people.record-")} <= NEVER
    for name in sorted(NEVER & OPERATIONS.keys()):
        refused = make_token(name="x", operations=frozenset({name}), ends=at + MONTH, by=by, at=at)
        assert isinstance(refused, list)
        assert [fault.slug for fault in refused] == ["not-yours"]


def test_nobody_lets_a_token_do_what_they_may_not(cy: Person, at: datetime, actor_of: ActorOf) -> None:
    wanted = frozenset({"people.approve-recovery", "people.see-recoveries", "no.such-thing"})
    refused = make_token(name="x", operations=wanted, ends=at + MONTH, by=actor_of(cy), at=at)
    assert isinstance(refused, list)
    assert [fault.slug for fault in refused] == ["not-yours"] * 3


@pytest.mark.parametrize(
    ("name", "operations", "days", "slugs"),
    [
        (" ", {"tokens.list"}, 30, ["name-missing"]),
        ("x", set(), 30, ["nothing-chosen"]),
        ("x", {"tokens.list"}, 0, ["bad-end"]),
        ("x", {"tokens.list"}, 366, ["bad-end"]),
        ("", set(), 400, ["name-missing", "nothing-chosen", "bad-end"]),
    ],
)
def test_everything_that_is_wrong_is_said_together(
    dee: Person, at: datetime, actor_of: ActorOf, name: str, operations: set[str], days: int, slugs: list[str]
) -> None:
    refused = make_token(
        name=name, operations=frozenset(operations), ends=at + timedelta(days=days), by=actor_of(dee), at=at
    )
    assert isinstance(refused, list)
    assert [fault.slug for fault in refused] == slugs
    assert not Token.objects.exists()


def test_the_secret_is_kept_nowhere(dee: Person, at: datetime, actor_of: ActorOf) -> None:
    token = made(actor_of(dee), at)
    parts = read(token.text)
    assert parts is not None
    kept = f"{list(Token.objects.values())} {list(Entry.objects.values())} {token!r}"
    assert parts[1] not in kept
    assert "figures" not in str(list(Entry.objects.values()))


def test_nobody_sees_or_revokes_a_token_of_somebody_else(
    dee: Person, cy: Person, at: datetime, actor_of: ActorOf
) -> None:
    token = made(actor_of(dee), at)
    assert tokens_of(by=actor_of(cy), at=at) == []
    refused = revoke_token(key=token.key, by=actor_of(cy), at=at)
    assert isinstance(refused, list)
    assert who_shows(token.text, at=at) is not None


def test_when_a_token_was_used_last_is_written_once_a_minute(dee: Person, at: datetime, actor_of: ActorOf) -> None:
    token = made(actor_of(dee), at)
    used = []
    for seconds in (0, 30, 61):
        shown(token.text, at + timedelta(seconds=seconds))
        used.append(Token.objects.get().used_at)
    assert used == [at, at, at + timedelta(seconds=61)]


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_and_never_fails(text: str) -> None:
    parts = read(text)
    assert parts is None or written(*parts) == text


def test_the_page_shows_a_new_token_once_and_keeps_what_was_typed(client_of: ClientOf, dee: Person) -> None:
    client = client_of(dee)
    wrong = client.post("/account/tokens/", {"name": "figures", "ends": "2020-01-01", "operations": ["ledger.entries"]})
    assert b"checked" in wrong.content and b'value="figures"' in wrong.content
    form = {"name": "figures", "ends": f"{datetime.now() + MONTH:%Y-%m-%d}", "operations": ["ledger.entries"]}  # noqa: DTZ005
    made = client.post("/account/tokens/", form)
    assert made.context["tokens"][0].last_day.isoformat() == form["ends"]
    text = made.context["made"].text
    assert text not in client.get("/account/tokens/").content.decode()
    key = Token.objects.get().key
    assert client.post(f"/account/tokens/{key}/revoke/").status_code == 302
    assert client.post(f"/account/tokens/{key}/revoke/").status_code == 404
