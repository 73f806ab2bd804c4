"""Tricks between one step and the next: what is about to decide is not sent back, nor a grant stretched."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assay.governance.office.roles import Role
from tests.governance.policies.life.houses import FRAUD, opened
from tests.governance.policies.releasing.desks import LIKENESS, Desk, desk
from tests.governance.policies.releasing.test_shipping import commands, slugs
from tests.workbench.people import JOINED, ActorOf, a_person

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stage", ["pilot", "launch"])
def test_a_change_that_the_channel_is_about_to_have_is_neither_sent_back_nor_given_up(desk: Desk, stage: str) -> None:
    from assay.governance.policies.life.commands import send_back, withdraw
    from assay.governance.policies.life.stages import Stage

    change = desk.change()
    desk.built(change)
    if stage == "pilot":
        made = commands().start_pilot(change=change, by=desk.bo, at=desk.later())
    else:
        desk.stands(change, "launch")
        made = commands().launch(change=change, share=1.0, by=desk.bo, at=desk.later())
    assert not isinstance(made, list), made
    back: Any = {"change": change, "words": "Wait.", "by": desk.ada, "at": desk.later()}
    assert slugs(send_back(to=Stage.DRAFTING, **back)) == ["still-told"]
    assert slugs(withdraw(**back)) == ["still-told"]
    if stage == "launch":
        # Once it is taken back, it is told to nobody, and is free.
        commands().roll_back(reason="No.", by=desk.ada, at=desk.later())
        assert not isinstance(send_back(to=Stage.DRAFTING, **back), list)


def _limited(policy: str, actor_of: ActorOf) -> Actor:
    from assay.governance.people.models import Grant

    lee = a_person("Lee")
    Grant.objects.create(person=lee, role=Role.ANALYST, starts=JOINED, policies=[policy])
    return actor_of(lee)


def test_a_role_for_one_policy_writes_no_other_through_a_change_of_it(desk: Desk, actor_of: ActorOf) -> None:
    from assay.governance.policies.drafting.commands import save_draft

    by = _limited("likeness", actor_of)
    change = desk.stands(opened(by, desk.later()), "drafting")
    files = dict(change.draft_files())

    def saved(path: str) -> object:
        text = files[path] + "\n# More.\n"
        return save_draft(change=change, path=path, text=text, started_from=0, by=by, at=desk.later())

    assert slugs(saved(FRAUD)) == ["beyond-role"]
    assert slugs(saved("signals.yaml")) == ["beyond-role"]
    assert not isinstance(saved(LIKENESS), list)
    for path in (FRAUD, "measures.yaml"):
        more = {**change.draft_files(), path: files[path] + "\n# More.\n"}
        assert slugs(commands().import_draft(change=change, files=more, by=by, at=desk.later())) == ["beyond-role"]
    fewer = {path: text for path, text in change.draft_files().items() if path != FRAUD}
    assert slugs(commands().import_draft(change=change, files=fewer, by=by, at=desk.later())) == ["beyond-role"]


def test_what_a_change_retires_is_not_written_in_it(desk: Desk, ada: Person, tmp_path: Path) -> None:
    from assay.governance.policies.drafting.commands import restore_revision, save_draft

    change = desk.stands(opened(desk.ada, desk.later(), kind="retire"), "drafting")
    text = change.base.texts[LIKENESS] if change.base is not None else ""
    made = save_draft(change=change, path=LIKENESS, text=f"{text}More.\n", started_from=0, by=desk.ada, at=desk.later())
    assert slugs(made) == ["retires-it"]
    assert slugs(restore_revision(change=change, path=LIKENESS, number=0, by=desk.ada, at=desk.later())) == [
        "retires-it"
    ]
    whole = {**change.draft_files(), LIKENESS: text}
    assert slugs(commands().import_draft(change=change, files=whole, by=desk.ada, at=desk.later())) == ["retires-it"]


def test_nobody_signs_a_text_that_is_shown_otherwise_than_it_stands(desk: Desk) -> None:
    from assay.governance.policies.drafting.commands import save_draft

    change = desk.stands(opened(desk.ada, desk.later()), "drafting")
    text = change.draft_files()[LIKENESS].replace("We mark", "We \u202emark\u202c")
    made = save_draft(change=change, path=LIKENESS, text=text, started_from=0, by=desk.ada, at=desk.later())
    assert slugs(made) == ["turned-text"]
    whole = {**change.draft_files(), LIKENESS: text}
    assert slugs(commands().import_draft(change=change, files=whole, by=desk.ada, at=desk.later())) == ["turned-text"]


@pytest.mark.parametrize("odd", ["\0", "\ud800"])
def test_what_no_store_can_keep_is_refused_in_words_and_breaks_nothing(desk: Desk, odd: str) -> None:
    from assay.governance.policies.life.commands import open_change, send_back, withdraw
    from assay.governance.policies.life.stages import Stage

    change, by, at = desk.change(), desk.ada, desk.later()
    new: Any = {"kind": "amend", "why": "b", "by": by, "at": at}
    assert slugs(open_change(title=odd, policy="likeness", **new)) == ["no-text"]
    assert slugs(open_change(title="a", policy=odd, **new)) == ["no-text"]
    assert slugs(send_back(change=change, to=Stage.IDEA, words=odd, by=by, at=at)) == ["no-text"]
    assert slugs(withdraw(change=change, words=odd, by=by, at=at)) == ["no-text"]
    assert "no-text" in slugs(commands().roll_back(reason=odd, by=by, at=at))
    assert "no-text" in slugs(commands().stop_launch(change=change, reason=odd, by=by, at=at))


def test_the_last_day_that_there_is_can_be_asked_for(desk: Desk) -> None:
    from assay.governance.policies.releasing.queries import see_as_of

    found = see_as_of(day=date.max, by=desk.ada, at=desk.later())
    assert found.until == desk.at
    assert found.release is not None
