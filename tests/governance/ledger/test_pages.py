"""The ledger's pages and its API: who sees them, what filters do, and what comes of nonsense in an address."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assay.governance.ledger.checking.exports import check_export
from assay.governance.ledger.commands import append, sign_head
from assay.governance.ledger.models import Entry, Offset, TreeHead
from assay.governance.ledger.proofs.documents import check_document
from assay.governance.ledger.subscribers import deliver
from assay.governance.office.actor import SYSTEM
from assay.governance.office.references import Reference
from assay.governance.people.models import Person
from tests.governance.ledger.making import NOW, ThingMoved, written
from tests.workbench.people import ClientOf

PAGES = ("ledger:entries", "ledger:heads", "ledger:subscribers", "ledger:export", "ledger:whole", "ledger:key")
NONSENSE = ("9" * 30, "99999999")


@pytest.fixture(autouse=True)
def _a_key(settings: Any, tmp_path: Any) -> None:
    settings.ASSAY_LEDGER_KEY = tmp_path / "ledger.key"


@pytest.fixture
def full(db: None) -> None:
    written(70)
    sign_head(by=SYSTEM, at=NOW)


def test_a_reader_of_the_ledger_sees_every_page(full: None, cy: Person, client_of: ClientOf) -> None:
    client = client_of(cy)
    for name in PAGES:
        assert client.get(reverse(name)).status_code == 200, name
    assert client.get(reverse("ledger:entry", args=(3,))).status_code == 200


def test_who_may_not_read_it_sees_none(full: None, client_of: ClientOf) -> None:
    from assay.governance.office.roles import Role
    from tests.workbench.people import a_person

    client = client_of(a_person("Eve", Role.REVIEWER, Role.EXTERNAL_EXPERT))
    addresses = [reverse(name) for name in PAGES]
    addresses += [reverse("ledger:entry", args=(3,)), reverse("ledger:proof", args=(3,))]
    addresses += [reverse("ledger:consistency") + "?old=3"]
    addresses += [
        f"/api/ledger/{path}" for path in ("entries", "entries/3", "entries/3/proof", "heads", "consistency?old=3")
    ]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 403)
    for name in ("ledger:sign", "ledger:again"):
        assert client.post(reverse(name)).status_code == 403


def test_reading_is_not_signing(full: None, bo: Person, cy: Person, client_of: ClientOf) -> None:
    written(1)
    assert client_of(bo).post(reverse("ledger:sign")).status_code == 403
    assert client_of(cy).get(reverse("ledger:sign")).status_code == 405
    assert client_of(cy).post(reverse("ledger:sign")).status_code == 302
    assert TreeHead.objects.count() == 2


def test_a_list_is_paged_and_narrowed(full: None, cy: Person, client_of: ClientOf) -> None:
    client, address = client_of(cy), reverse("ledger:entries")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
    assert len(asked) < 12
    rows = answer.context["listing"].rows
    assert len(rows) == 50
    assert rows[0].number == Entry.objects.order_by("-number")[0].number
    older = client.get(address, {"after": answer.context["listing"].next}).context["listing"].rows
    assert older[0].number == rows[-1].number - 1
    for filters, expected in (
        ({"kind": "tests.thing-counted", "subject": "thing:t3"}, 14),
        ({"day": "2026-12-15", "kind": "tests.thing-counted"}, 50),
        ({"day": "2026-12-16"}, 0),
        ({"actor": "person:nobody"}, 0),
        ({"kind": "no.such"}, 0),
    ):
        assert len(client.get(address, filters).context["listing"].rows) == expected, filters


@pytest.mark.parametrize("filters", [{"day": "yesterday"}, {"actor": "<script>"}, {"subject": "a b"}, {"actor": "x\0"}])
def test_a_filter_that_is_none_is_told_in_words(full: None, cy: Person, client_of: ClientOf, filters: Any) -> None:
    answer = client_of(cy).get(reverse("ledger:entries"), filters)
    assert answer.status_code == 400
    assert b'class="faults"' in answer.content
    assert b"<script>" not in answer.content.split(b"<main")[1].split(b"</main>")[0]


def test_what_is_not_there_is_not_found(full: None, cy: Person, client_of: ClientOf) -> None:
    client = client_of(cy)
    for number in NONSENSE:
        assert client.get(f"/ledger/{number}/").status_code == 404
        assert client.get(f"/ledger/{number}/proof.json").status_code == 404
        assert client.get(f"/ledger/3/proof.json?size={number}").status_code == 404
        assert client.get(f"/ledger/heads/consistency.json?old={number}").status_code == 404
    assert client.get("/ledger/3/proof.json?size=x").status_code == 404
    assert client.get("/ledger/heads/consistency.json").status_code == 404
    assert client.get("/ledger/?after=bad").context["listing"].note


def test_what_is_downloaded_is_checked_without_the_store(full: None, cy: Person, client_of: ClientOf) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    from assay.governance.ledger.proofs.signing import key_id

    client = client_of(cy)
    public = load_pem_public_key(client.get(reverse("ledger:key")).content)
    assert isinstance(public, Ed25519PublicKey)
    keys = {key_id(public): public}
    checked = check_document(json.loads(client.get("/ledger/3/proof.json").content), keys)
    assert (checked.faults, checked.signed) == ((), True)
    assert not check_document(json.loads(client.get("/ledger/heads/consistency.json?old=9").content), None).faults
    whole = b"".join(client.get(reverse("ledger:whole")))
    chain, _ = check_export(io.BytesIO(whole), keys)
    assert (chain.count, chain.compared) == (0, 1)
    table = list(csv.DictReader(io.StringIO(b"".join(client.get("/ledger/export?subject=thing:t1")).decode())))
    assert [row["number"] for row in table] == [str(number) for number in range(66, 0, -5)]


def test_names_stand_beside_the_ledger_and_are_escaped(db: None, cy: Person, client_of: ClientOf) -> None:
    cy.name = "<b>Cy</b>"
    cy.save()
    append(ThingMoved(Reference("person", str(cy.key))), subject=Reference("thing", "a"), by=SYSTEM, at=NOW)
    for address in (reverse("ledger:entries"), reverse("ledger:entry", args=(0,))):
        page = client_of(cy).get(address).content.decode().split("<main")[1]
        assert "&lt;b&gt;Cy&lt;/b&gt;" in page
        assert "<b>Cy" not in page
    assert "Cy" not in Entry.objects.get().content


def test_a_failing_subscriber_is_shown_and_tried_again(
    full: None, cy: Person, dee: Person, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.governance.ledger import queries, subscribers

    here: dict[str, subscribers.Subscriber] = {}
    monkeypatch.setattr(subscribers, "SUBSCRIBERS", here)
    monkeypatch.setattr(queries, "SUBSCRIBERS", here)

    @subscribers.subscriber("tests.failing")
    def fails(happened: subscribers.Happened) -> None:
        raise ValueError

    deliver(NOW)
    page = client_of(cy).get(reverse("ledger:subscribers"))
    assert b"failed once" in page.content
    assert b"ValueError" in page.content
    assert b"Try tests.failing now" not in page.content
    client = client_of(dee)
    assert b"Try tests.failing now" in client.get(reverse("ledger:subscribers")).content
    assert client_of(cy).post(reverse("ledger:again"), {"name": "tests.failing"}).status_code == 403
    assert client.post(reverse("ledger:again"), {"name": "tests.failing"}).status_code == 302
    assert Entry.objects.order_by("-number")[0].kind == "ledger.subscriber-tried-again"
    assert Offset.objects.get().retry_at == 0
    assert client.post(reverse("ledger:again"), {"name": "nobody"}).status_code == 302


def test_programs_read_what_pages_show(full: None, cy: Person, client_of: ClientOf) -> None:
    client = client_of(cy)
    page = client.get("/api/ledger/entries?most=3&kind=tests.thing-counted").json()
    assert [each["number"] for each in page["entries"]] == [69, 68, 67]
    assert page["entries"][0]["words"] == "counted 69 of thing t4"
    older = client.get("/api/ledger/entries", {"after": page["next"], "most": 3, "kind": "tests.thing-counted"}).json()
    assert [each["number"] for each in older["entries"]] == [66, 65, 64]
    assert client.get("/api/ledger/entries?day=x").status_code == 400
    assert client.get("/api/ledger/entries/3").json()["subject"] == "thing:t3"
    assert client.get("/api/ledger/entries/999").status_code == 404
    assert not check_document(client.get("/api/ledger/entries/3/proof?size=9").json(), None).faults
    assert client.get("/api/ledger/heads").json()["heads"][0]["size"] == 70
    assert client.get("/api/ledger/consistency?old=99").status_code == 404


def test_everybody_sees_what_they_did_or_what_is_about_them(db: None, ada: Person, client_of: ClientOf) -> None:
    from assay.governance.ledger.queries import changes
    from assay.governance.office.actor import Actor, Held
    from assay.governance.office.roles import Role

    written(3)
    eve = Actor(Reference("person", "eve"), (Held(Role.REVIEWER),))
    append(ThingMoved(Reference("shelf", "a")), subject=eve.who, by=SYSTEM, at=NOW)
    append(ThingMoved(Reference("shelf", "a")), subject=Reference("thing", "a"), by=eve, at=NOW)
    assert [each.number for each in changes(by=eve, at=NOW)] == [4, 3]
    assert [each.number for each in changes(by=eve, at=NOW, since_number=3)] == [4]
    reader = Actor(Reference("person", "cy"), (Held(Role.AUDITOR),))
    assert [each.number for each in changes(by=reader, at=NOW, most=2)] == [4, 3]
    assert len(changes(by=reader, at=NOW)) == 5


def test_an_entry_is_found_by_its_number_by_those_who_may_read_it(full: None) -> None:
    from assay.governance.ledger.queries import find
    from assay.governance.office.actor import Actor, Held
    from assay.governance.office.roles import Role

    reader = Actor(Reference("person", "cy"), (Held(Role.AUDITOR),))
    [hit] = find(reader, "Entry 3", 5)
    assert (hit.title, hit.url, hit.context) == ("Entry 3", "/ledger/3/", "The clerk counted 3 of thing t3")
    assert find(reader, "#71", 5) == find(reader, "three", 5) == find(reader, "9" * 30, 5) == []
    assert find(Actor(Reference("person", "eve"), (Held(Role.REVIEWER),)), "3", 5) == []
