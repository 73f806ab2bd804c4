"""What may not be shipped is shipped by no page, no program and no command line: each thing broken in turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from typer.testing import CliRunner

from assay.interfaces.cli.app import app
from assay.interfaces.cli.governing.policies import acting
from tests.governance.policies.releasing.desks import STAYING, Desk, desk
from tests.governance.policies.releasing.test_shipping import breaks
from tests.workbench.people import ClientOf

if TYPE_CHECKING:
    from assay.governance.people.models import Person
    from assay.governance.policies.life.models import Change

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
# Tries to ship by one way in; whether it said that this was done.
Way = Callable[["Change", str], bool]


@pytest.fixture
def ways(desk: Desk, bo: Person, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> dict[str, Way]:
    token = token_of(bo)
    monkeypatch.setattr(acting, "open_workbench", lambda *_: None)
    monkeypatch.setenv("ASSAY_TOKEN", token)
    header = {"Authorization": f"Bearer {token}"}
    pages, program = client_of(bo), Client()

    def page(change: Change, what: str) -> bool:
        given = {} if what == "build" else {"share": "10 %"}
        return pages.post(f"/changes/{change.number}/release/{what}/", given).status_code == 302

    def api(change: Change, what: str) -> bool:
        body = {} if what == "build" else {"share": 0.1}
        address = f"/api/changes/{change.number}/{what}"
        return program.post(address, body, content_type="application/json", headers=header).status_code == 201

    def command_line(change: Change, what: str) -> bool:
        words = ["10%"] if what == "launch" else []
        return CliRunner().invoke(app, ["policies", what, str(change.number), *words]).exit_code == 0

    return {"page": page, "api": api, "command line": command_line}


def token_of(person: Person) -> str:
    """A token of theirs that may all that it can be given."""
    from assay.governance.people.actors import actor_of
    from assay.governance.people.tokens.commands import MadeToken, make_token
    from assay.governance.people.tokens.rules import can_be_given

    # Commands and requests go by the clock of this machine.
    at = datetime.now(UTC)
    by = actor_of(person, at)
    names = frozenset(each.name for each in can_be_given(by))
    made = make_token(name="ci", operations=names, ends=at + timedelta(days=1), by=by, at=at)
    assert isinstance(made, MadeToken), made
    return made.text


def test_a_bundle_is_built_by_no_way_in_while_one_requirement_does_not_hold(desk: Desk, ways: dict[str, Way]) -> None:
    change = desk.change()
    counts = shipped()
    for broken in STAYING:
        desk.shut = {broken}
        assert {name: way(change, "build") for name, way in ways.items()} == dict.fromkeys(ways, False), broken
        assert shipped() == counts


@pytest.mark.parametrize("broken", ["the check", "an example", "the proof", "the stage", "the key", "the texts"])
def test_nor_while_its_texts_proof_or_key_are_broken(desk: Desk, ways: dict[str, Way], broken: str) -> None:
    change = desk.change()
    breaks(desk, change, broken)
    counts = shipped()
    assert {name: way(change, "build") for name, way in ways.items()} == dict.fromkeys(ways, False)
    assert shipped() == counts


def shipped() -> tuple[int, int]:
    from assay.governance.policies.life.models import Edition, Release

    return Edition.objects.count(), Release.objects.count()


@pytest.mark.parametrize("broken", ["signing.signed", "signing.no-veto", "impact.proof"])
def test_nor_does_what_was_built_decide_more_when_something_broke_since(
    desk: Desk, ways: dict[str, Way], broken: str
) -> None:
    from assay.governance.policies.life.models import Release

    change = desk.change()
    desk.built(change)
    desk.stands(change, "launch")
    desk.shut.add(broken)
    assert {name: way(change, "launch") for name, way in ways.items()} == dict.fromkeys(ways, False)
    assert Release.objects.filter(change=change).count() == 0


@pytest.mark.parametrize("way", ["page", "api", "command line"])
def test_and_each_way_in_ships_what_is_whole(desk: Desk, ways: dict[str, Way], way: str) -> None:
    change = desk.change()
    assert ways[way](change, "build")
    desk.stands(change, "launch")
    assert ways[way](change, "launch")
    desk.published()
    assert desk.told.staged is not None
    assert desk.told.staged.share == 0.1
