"""The editor's pages: what each person is shown, that hostile text stays text, that it works without scripts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.governance.policies.drafting.drafts import drafting, stands, written
from tests.governance.policies.life.houses import FILES, LIKENESS
from tests.workbench.people import ActorOf, ClientOf, a_person

if TYPE_CHECKING:
    from assay.governance.people.models import Person

TEXT = FILES[LIKENESS]
HOSTILE = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 }} {% load x %}"
BESIDE = (
    "problems",
    "examples",
    "item",
    "public",
    "guidance",
    "tree",
    "difference",
    "rehearsal",
    "remarks",
    "revisions",
)
pytestmark = pytest.mark.django_db


def test_everything_that_stands_beside_the_text_is_there_and_shows_hostile_text_as_text(
    ada: Person, actor_of: ActorOf, client_of: ClientOf, at: datetime
) -> None:
    change = drafting(actor_of(ada), at)
    written(change, TEXT.replace("a fake", HOSTILE, 1).replace("Nobody's", HOSTILE), 0, by=actor_of(ada), at=at)
    client, part = client_of(ada), {"HX-Request": "true"}
    for name in BESIDE:
        page = client.get(f"/changes/{change.number}/draft/?beside={name}")
        address = f"/changes/{change.number}/draft/beside/{name}/"
        alone = client.post(address, {"file": LIKENESS, "text": TEXT + HOSTILE}, headers=part)
        broken = client.post(address, {"file": LIKENESS, "text": "---\npolicy: [\n```yaml rule\n"}, headers=part)
        for answer in (page, alone, broken):
            assert answer.status_code == 200, name
            assert "<script>alert" not in answer.content.decode(), name
            assert "<img src=x" not in answer.content.decode(), name


def test_without_scripts_the_page_is_a_form_that_saves_and_keeps_what_could_not_be_saved(
    ada: Person, actor_of: ActorOf, client_of: ClientOf, at: datetime
) -> None:
    change, client = drafting(actor_of(ada), at), client_of(ada)
    page = f"/changes/{change.number}/draft/"
    sent = {"file": LIKENESS, "text": TEXT + "More.\r\n", "started_from": "0", "edition": "1", "beside": "examples"}
    saved = client.post(page, sent)
    assert (saved.status_code, saved["Location"]) == (302, f"{page}?file=policies%2Flikeness.md&beside=examples")
    assert stands(change) == f"{TEXT}More.\n"
    again = client.post(page, sent)
    assert again.status_code == 302
    refused = client.post(page, {**sent, "text": "\nmine\x00", "started_from": "9"})
    assert refused.status_code == 422
    # The first line of a field is left out by browsers where it is empty, so there is one more.
    assert "<textarea" in refused.content.decode()
    assert ">\n\nmine" in refused.content.decode()
    assert client.get(f"{page}?file=../x").status_code == 404
    assert client.get("/changes/99/draft/").status_code == 404


def test_the_script_is_answered_in_json_with_what_stands(
    ada: Person, actor_of: ActorOf, client_of: ClientOf, at: datetime
) -> None:
    change, client = drafting(actor_of(ada), at), client_of(ada)
    address = f"/changes/{change.number}/draft/save/"
    typed = {"file": LIKENESS, "text": TEXT.replace("asking", "leave"), "started_from": "0"}
    assert client.post(address, typed).json()["way"] == "saved"
    assert client.post(address, typed).json()["way"] == "same"
    other = client.post(address, {**typed, "text": TEXT + "More.\n"}).json()
    assert (other["way"], other["revision"], other["own"]) == ("merged", 3, 2)
    assert "leave" in other["text"]
    assert other["text"].endswith("More.\n")
    clash = client.post(address, {**typed, "text": TEXT.replace("asking", "consent")}).json()
    assert clash["way"] == "beside"
    beside = client.get(f"/changes/{change.number}/draft/asides/", {"file": LIKENESS}).content.decode()
    assert "Take what Ada wrote" in beside
    for wrong in ({"started_from": "77"}, {"started_from": "-1"}, {"started_from": "x"}, {"text": "\x00"}):
        refused = client.post(address, {**typed, **wrong})
        assert refused.status_code == 422
        assert refused.json()["faults"]


def test_whoever_may_only_read_is_shown_no_way_to_write_and_strangers_see_nothing(
    ada: Person, cy: Person, actor_of: ActorOf, client_of: ClientOf, at: datetime
) -> None:
    from assay.governance.office.roles import Role

    change = drafting(actor_of(ada), at)
    reader, expert = client_of(cy), client_of(a_person("Oto", Role.EXTERNAL_EXPERT))
    page = reader.get(f"/changes/{change.number}/draft/").content.decode()
    assert "readonly" in page
    assert "</svg>Save</button>" not in page
    sent = {"file": LIKENESS, "text": "x", "started_from": "0"}
    assert reader.post(f"/changes/{change.number}/draft/save/", sent).status_code == 403
    for address in ("", "check/", "save/", "text/", "beside/public/", "asides/", "revisions/0/"):
        there = f"/changes/{change.number}/draft/{address}"
        answer = expert.post(there, sent) if address in ("check/", "save/") else expert.get(there)
        assert answer.status_code in (403, 404), address
    assert stands(change) == TEXT


def test_an_item_is_tried_with_what_is_answered_and_the_rest_left_unknown(
    ada: Person, actor_of: ActorOf, client_of: ClientOf, at: datetime
) -> None:
    change, client = drafting(actor_of(ada), at), client_of(ada)

    def said(**given: str) -> str:
        sent = {"file": LIKENESS, "text": TEXT, **given}
        address = f"/changes/{change.number}/draft/beside/item/"
        return client.post(address, sent, headers={"HX-Request": "true"}).content.decode()

    assert "Ask next:" in said()
    assert "1 of 1 questions" in said()
    held = said(**{"s.is_fake": "yes"})
    assert "Settled" in held
    assert "0 of 1 questions" in held
    assert "Nothing is imposed" in said(**{"s.is_fake": "no"})
    assert "expected true or false" in said(**{"s.is_fake": "perhaps"}).lower()
    assert "is no day" in said(day="<b>")


def test_every_revision_can_be_reached_and_read_and_none_is_deleted(
    ada: Person, actor_of: ActorOf, client_of: ClientOf, at: datetime
) -> None:
    change, client = drafting(actor_of(ada), at), client_of(ada)
    text = TEXT
    for number in range(63):
        text += f"{number}\n"
        written(change, text, number, by=actor_of(ada), at=at)
    there, asked = f"/changes/{change.number}/draft/beside/revisions/", {"file": LIKENESS}
    newest = client.get(there, asked, headers={"HX-Request": "true"}).content.decode()
    assert "Revision 63<" in newest
    assert "Revision 3<" not in newest
    assert "before=4" in newest
    oldest = client.get(there, {**asked, "before": "4"}, headers={"HX-Request": "true"}).content.decode()
    assert "Revision 1<" in oldest
    assert "before=" not in oldest
    assert client.get(f"/changes/{change.number}/draft/revisions/1/", asked).status_code == 200
    assert client.get(f"/changes/{change.number}/draft/revisions/64/", asked).status_code == 404
