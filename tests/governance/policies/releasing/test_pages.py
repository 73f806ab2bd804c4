"""The pages of releases: what they show, to whom, and what their buttons do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.governance.policies.releasing.desks import Desk, desk
from tests.governance.policies.releasing.test_shipping import commands
from tests.workbench.people import ClientOf, a_person

if TYPE_CHECKING:
    from assay.governance.people.models import Person

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(client_of: ClientOf, ada: Person) -> Client:
    return client_of(ada)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_every_page_says_how_it_stands(desk: Desk, pages: Client) -> None:
    change = desk.change("We mark <script>alert(1)</script> too.")
    assert "Build and sign the bundle" in text(pages, f"/changes/{change.number}/release/")
    edition = desk.built(change)
    assert "Let it look on" in text(pages, f"/changes/{change.number}/release/")
    commands().start_pilot(change=change, by=desk.bo, at=desk.later())
    assert "is on its way to the channel" in text(pages, "/releases/")
    desk.published()
    assert "End the pilot" in text(pages, f"/changes/{change.number}/release/")
    desk.shipped(change, 0.1)
    shown = text(pages, f"/changes/{change.number}/release/")
    assert all(words in shown for words in ("It decides 10 %", "Let it decide 50 %", "Back to 1 %", "Stop the launch"))
    desk.shipped(change)
    assert "Roll back to edition 1" in text(pages, "/releases/")
    shown = text(pages, f"/releases/editions/{edition.number}/")
    assert "Decides now" in shown
    assert "<script>alert(1)" not in shown
    assert "policies/likeness.md" in shown
    assert "Roll back to this edition" in text(pages, "/releases/editions/1/")
    assert pages.get(f"/releases/editions/{edition.number}/bundle").content == edition.bundle
    assert "Edition 2" in text(pages, "/releases/as-of?day=2025-12-15")
    assert "Nothing of this house decided then" in text(pages, "/releases/as-of?day=2020-01-01")
    for day in ("x", "2999-01-01", "0001-01-01", "2026-13-45"):
        text(pages, f"/releases/as-of?day={day}")
    rows = json.loads(pages.get("/releases/export?form=json").getvalue())["rows"]
    assert [row["release"] for row in rows] == [4, 3, 2, 1]
    text(pages, "/releases/export?form=exe", 404)
    text(pages, "/releases/editions/99/", 404)
    text(pages, "/changes/99/release/", 404)


def test_rolling_back_is_two_presses_and_a_reason(desk: Desk, pages: Client) -> None:
    desk.shipped(desk.change())
    assert "Decides again" in text(pages, "/releases/roll-back")
    assert "say why" in pages.post("/releases/roll-back", {"reason": ""}).content.decode().lower()
    done = pages.post("/releases/roll-back", {"reason": "It hid weddings.", "to": "1"}, follow=True)
    assert "Edition 1 decides again" in done.content.decode()
    before = desk.told.current
    desk.published()
    assert desk.told.current != before
    assert "There is nothing to go back to" in text(pages, "/releases/roll-back")
    for to in ("99", "-1", "x", "9" * 40):
        assert pages.post("/releases/roll-back", {"reason": "why", "to": to}).status_code == 404


def test_a_release_that_the_channel_does_not_take_says_so_and_is_tried_again(desk: Desk, pages: Client) -> None:
    change = desk.change()
    desk.built(change)
    desk.stands(change, "launch")
    (desk.folder / "ada.key").rename(desk.folder / "away")
    commands().launch(change=change, share=0.1, by=desk.bo, at=desk.later())
    desk.published()
    shown = text(pages, "/releases/")
    assert "does not reach the channel" in shown
    assert "Nothing is lost" in shown
    (desk.folder / "away").rename(desk.folder / "ada.key")
    assert pages.post("/releases/2/again/").status_code == 302
    desk.published()
    assert "does not reach the channel" not in text(pages, "/releases/")
    assert pages.post("/releases/2/again/").status_code == 422


def test_whoever_only_reads_sees_no_button_and_an_expert_sees_nothing(
    desk: Desk, client_of: ClientOf, cy: Person
) -> None:
    from assay.governance.office.roles import Role

    change = desk.change()
    desk.shipped(change)
    reader, outside = client_of(cy), client_of(a_person("Eli", Role.EXTERNAL_EXPERT))
    addresses = ["/releases/", "/releases/editions/1/", "/releases/as-of", f"/changes/{change.number}/release/"]
    for address in addresses:
        assert "Roll back to" not in text(reader, address)
        assert '<form method="post"' not in text(reader, address).partition("<main")[2]
        assert outside.get(address).status_code in (403, 404)
    for name in ("build", "pilot", "end-pilot", "launch", "stop"):
        for client in (reader, outside):
            assert client.post(f"/changes/{change.number}/release/{name}/", {"share": "100"}).status_code in (403, 404)
    assert reader.post("/releases/roll-back", {"reason": "why"}).status_code == 403
    assert outside.get("/releases/editions/1/bundle").status_code == 403
