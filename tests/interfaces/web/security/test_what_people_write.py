"""What somebody writes into a field reaches every other page as text, and what is somebody's own stays theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.test import Client

from assay.governance.office.actor import SYSTEM
from assay.governance.office.roles import Role
from assay.governance.people.actors import actor_of
from assay.governance.people.models import Person
from assay.governance.people.sign_in.links import make_link
from assay.governance.people.sign_in.recovery.commands import ask_recovery
from assay.governance.people.tokens.commands import make_token
from assay.governance.people.views.commands import save_view, share_view
from assay.governance.people.views.models import SavedView
from tests.interfaces.web.security.every_address import NOBODY_S, every_address
from tests.workbench.people import ClientOf, a_client, a_person

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{ 7|add:7 }}"


def somebody_named_in_markup() -> Person:
    person = a_person("Mal", Role.ADMINISTRATOR, email='mal+"<b>"@example.org')
    person.name = MARKUP
    person.save()
    return person


def test_markup_in_names_stands_on_every_page_as_text(dee: Person, client_of: ClientOf) -> None:
    now = datetime.now(UTC)
    mal = somebody_named_in_markup()
    view = save_view(page="decisions", name=MARKUP[:60], query="state=open", by=actor_of(mal, now), at=now)
    assert isinstance(view, SavedView), view
    shared = share_view(key=str(view.key), roles=frozenset({Role.ADMINISTRATOR.value}), by=actor_of(mal, now), at=now)
    assert isinstance(shared, SavedView)
    ask_recovery(person=mal, first="address-given", by=SYSTEM, at=now)
    make_token(
        name=MARKUP[:80],
        operations=frozenset({"tokens.list"}),
        ends=now + timedelta(days=1),
        by=actor_of(mal, now),
        at=now,
    )
    seen_by, mine = client_of(dee), client_of(mal)
    shown = 0
    for each in every_address():
        path = each.path.replace(str(NOBODY_S), str(mal.key))
        # Their own name stands on every page that they open; what others see of them, where it is about them.
        about_them = path != each.path or each.name.startswith(("sign_in_recover", "views:", "decisions:"))
        for client in (mine, seen_by) if about_them else (mine,):
            answer = client.get(path, headers={"User-Agent": MARKUP})
            if "text/html" in answer.headers.get("Content-Type", ""):
                page = answer.content.decode()
                assert "<script>alert" not in page, each.name
                assert "<img src=x" not in page, each.name
                shown += "&lt;script&gt;alert(1)" in page
            if each.name == "account_logout":
                client.force_login(mal)
    assert shown > 10


def test_markup_in_an_invitation_a_search_and_an_address_stands_as_text(db: None, dee: Person) -> None:
    mal = somebody_named_in_markup()
    client = Client()
    page = client.get(make_link(mal, "invitation", at=datetime.now(UTC)).path, follow=True)
    assert b"<script>alert" not in page.content and b"&lt;script&gt;" in page.content
    signed_in = a_client(dee)
    for path in ("/search", "/ledger/", "/people/", "/decisions/", "/notices/"):
        for key in ("q", "kind", "actor", "name", "after", "subject", "day", "view", "format"):
            page = signed_in.get(path, {key: MARKUP})
            assert page.status_code < 500, (path, key)
            if "text/html" in page.headers.get("Content-Type", ""):
                assert b"<script>alert" not in page.content, (path, key)


def test_nobody_reaches_what_is_somebody_else_s_by_its_number(cy: Person, dee: Person, client_of: ClientOf) -> None:
    """Every address, asked for by somebody who may only read, with what belongs to an administrator in its places."""
    now = datetime.now(UTC)
    made = make_token(
        name="theirs",
        operations=frozenset({"tokens.list"}),
        ends=now + timedelta(days=1),
        by=actor_of(dee, now),
        at=now,
    )
    assert not isinstance(made, list)
    client = client_of(cy)
    for each in every_address():
        path = each.path.replace(str(NOBODY_S), str(dee.key)).replace("/x/", f"/{made.key}/")
        if each.name == "account_logout":
            continue
        answer = client.post(path, {"answer": "approve", "name": "mine", "ends": "2027-01-01", "number": "1"})
        assert answer.status_code < 500, each.name
    dee.refresh_from_db()
    assert (dee.is_active, dee.name) == (True, "Dee")
    assert dee.tokens.get().revoked_at is None
    assert [grant.revoked_at for grant in dee.grants.all()] == [None]
    assert not cy.grants.exclude(role=Role.AUDITOR).exists()
