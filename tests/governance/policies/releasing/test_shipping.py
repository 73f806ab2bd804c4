"""From a bundle to everything, back in one step, and what the channel is told of it; and that no gate is passed by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assay.engine.kernel.errors import Fault
from assay.governance.policies.releasing.rules import deciding_line, next_step, share_read, step_before
from assay.interfaces.packs.channel.release import Part
from tests.governance.policies.releasing.desks import LIKENESS, STAYING, Desk, desk

if TYPE_CHECKING:
    from assay.governance.policies.life.models import Change

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


def slugs(made: object) -> list[str]:
    assert isinstance(made, list), made
    return [fault.slug for fault in made]


def commands() -> Any:
    """Imported late: Django has its settings only when a test runs."""
    from assay.governance.policies.releasing import commands as found

    return found


def now() -> tuple[int | None, float | None, int | None]:
    """The editions that decide, decide a share and look on, as it was released."""
    from assay.governance.policies.releasing.standing import told

    found = told()
    return (
        None if found.current is None else found.current.edition.number,
        None if found.staged is None else found.staged.share,
        None if found.shadow is None else found.shadow.edition.number,
    )


def test_a_change_goes_from_looking_on_to_deciding_everything(desk: Desk) -> None:
    from assay.governance.policies.life.commands import advance
    from assay.governance.policies.life.editions import in_force

    change, first = desk.change(), in_force()
    assert first is not None
    assert slugs(commands().start_pilot(change=change, by=desk.bo, at=desk.later())) == ["not-built"]
    edition = desk.built(change)
    assert slugs(commands().build_bundle(change=change, by=desk.bo, at=desk.later())) == ["already-built"]
    commands().start_pilot(change=change, by=desk.bo, at=desk.later())
    assert desk.published() == 1
    assert (desk.told.current, desk.told.shadow and desk.told.shadow.bundle) == (first.digest, edition.digest)

    refused = advance(change=change, by=desk.ada, at=desk.later())
    assert isinstance(refused, list)
    assert [fault.field for fault in refused] == ["releasing.shadow"]
    advance(change=change, by=desk.ada, at=desk.later(hours=2))
    change.refresh_from_db()
    assert change.stage == "launch"
    for share in (0.01, 0.1, 0.05, 0.5):
        commands().launch(change=change, share=share, by=desk.bo, at=desk.later())
        desk.published()
        assert desk.told.staged == Part(edition.digest, share)
        again = commands().launch(change=change, share=share, by=desk.bo, at=desk.later())
        assert slugs(again) == ["nothing-changes"]
    assert (in_force(), now()) == (first, (first.number, 0.5, edition.number))
    commands().launch(change=change, share=1.0, by=desk.bo, at=desk.later())
    assert in_force() == first
    desk.published()
    assert (desk.told.current, desk.told.staged, desk.told.shadow) == (edition.digest, None, None)
    assert now() == (edition.number, None, None)
    change.refresh_from_db()
    assert (change.stage, in_force()) == ("in-force", edition)


def test_what_was_rolled_back_goes_forward_again_through_the_same_gates(desk: Desk) -> None:
    from assay.governance.policies.life.commands import advance
    from assay.governance.policies.life.editions import edition_at, in_force

    change, first = desk.change(), in_force()
    assert first is not None
    began = desk.at
    commands().start_pilot(change=change, by=desk.bo, at=desk.later())
    edition = desk.shipped(change).edition
    desk.published()
    everywhere = desk.at
    made = commands().roll_back(reason="It hid weddings.", by=desk.bo, at=desk.later())
    assert made.edition == first
    desk.published()
    change.refresh_from_db()
    assert (desk.told.current, change.stage, in_force()) == (first.digest, "readiness", first)
    assert [edition_at(each) for each in (began, everywhere, desk.at)] == [first, edition, first]
    desk.stands(change, "pilot")
    desk.shut.add("signing.no-veto")
    assert advance(change=change, by=desk.ada, at=desk.later())
    desk.stands(change, "launch")
    assert slugs(commands().launch(change=change, share=1.0, by=desk.bo, at=desk.later())) == ["gate-closed"]
    desk.shut.clear()
    assert not isinstance(commands().launch(change=change, share=1.0, by=desk.bo, at=desk.later()), list)
    desk.published()
    change.refresh_from_db()
    assert (desk.told.current, change.stage) == (edition.digest, "in-force")


def breaks(desk: Desk, change: Change, what: str) -> None:
    """Break one thing; everything else holds."""
    from assay.governance.policies.life import drafts

    text = change.draft_files()[LIKENESS]
    if what in STAYING:
        desk.shut.add(what)
    elif what == "the check":
        drafts.put(change, LIKENESS, text.replace("when: is_fake", "when: is_faked"), by=desk.ada, at=desk.at)
    elif what == "an example":
        drafts.put(
            change, LIKENESS, text.replace("expect: {marked: yes}", "expect: {marked: no}"), by=desk.ada, at=desk.at
        )
    elif what == "the proof":
        desk.proved = None
    elif what == "the stage":
        desk.stands(change, "readiness")
    elif what == "the key":
        (desk.folder / "ada.key").unlink()
    else:
        # Behind the back of what keeps the digest.
        from assay.governance.policies.life.models import keep_text

        change.files.filter(path=LIKENESS).update(text=keep_text(text.replace("We mark", "They mark")))


def test_whoever_only_writes_or_reads_ships_nothing(desk: Desk, cy: Any, dee: Any, actor_of: Any) -> None:
    from assay.governance.office.operations import NotAllowed

    change = desk.change()
    for by in (actor_of(cy), actor_of(dee)):
        with pytest.raises(NotAllowed):
            commands().build_bundle(change=change, by=by, at=desk.at)
        with pytest.raises(NotAllowed):
            commands().launch(change=change, share=1.0, by=by, at=desk.at)
        with pytest.raises(NotAllowed):
            commands().roll_back(reason="why", by=by, at=desk.at)


def test_two_changes_are_not_launched_at_once_and_one_alone_looks_on(desk: Desk) -> None:
    from assay.governance.policies.life.commands import send_back
    from assay.governance.policies.life.stages import Stage

    one, two = desk.change(), desk.change(policy="fraud")
    desk.built(one)
    desk.built(two)
    commands().start_pilot(change=one, by=desk.bo, at=desk.later())
    assert slugs(commands().start_pilot(change=two, by=desk.bo, at=desk.later())) == ["shadow-taken"]
    desk.shipped(one, 0.1)
    desk.stands(two, "launch")
    assert slugs(commands().launch(change=two, share=0.1, by=desk.bo, at=desk.later())) == ["launch-taken"]
    commands().stop_launch(change=one, reason="Later.", by=desk.bo, at=desk.later())
    desk.published()
    assert desk.told.staged is None
    desk.stands(one, "launch")
    assert slugs(send_back(change=one, to=Stage.PILOT, words="Later.", by=desk.ada, at=desk.later())) == ["still-told"]
    commands().end_pilot(change=one, by=desk.bo, at=desk.later())
    desk.published()
    made = send_back(change=one, to=Stage.PILOT, words="Later.", by=desk.ada, at=desk.later())
    assert not isinstance(made, list), made
    assert not isinstance(commands().launch(change=two, share=0.1, by=desk.bo, at=desk.later()), list)
    # What was built before another edition came in force would take that back.
    desk.shipped(two)
    desk.stands(one, "launch")
    assert slugs(commands().launch(change=one, share=0.1, by=desk.bo, at=desk.later())) == ["base-moved"]


def test_what_was_rolled_back_is_not_what_the_next_roll_back_goes_to(desk: Desk) -> None:
    from assay.governance.policies.life.editions import in_force
    from assay.governance.policies.life.models import Edition

    one = desk.change()
    desk.shipped(one)
    two = desk.change(policy="fraud", words="We stop more of it.")
    desk.shipped(two)
    first, second, third = Edition.objects.order_by("number")
    commands().roll_back(reason="Wrong.", by=desk.ada, at=desk.later())
    desk.published()
    assert in_force() == second
    assert slugs(commands().roll_back(to=third, reason="Again.", by=desk.ada, at=desk.later())) == ["not-before"]
    assert slugs(commands().roll_back(to=second, reason="Again.", by=desk.ada, at=desk.later())) == ["decides-already"]
    assert slugs(commands().roll_back(reason=" ", by=desk.ada, at=desk.later())) == ["reason-missing"]
    made = commands().roll_back(reason="Still wrong.", by=desk.ada, at=desk.later())
    assert made.edition == first
    assert slugs(commands().roll_back(reason="More.", by=desk.ada, at=desk.later())) == ["nothing-before"]
    desk.published()
    assert desk.told.current == first.digest
    one.refresh_from_db()
    assert one.stage == "readiness"


def test_a_channel_that_refuses_is_told_again_and_a_roll_back_waits_for_nobody(desk: Desk, tmp_path: Path) -> None:
    from assay.governance.policies.life.models import Release
    from assay.governance.policies.releasing.publishing import publish_due, waiting

    change = desk.change()
    before = desk.told.sequence
    key = tmp_path / "ada.key"
    desk.built(change)
    key.rename(tmp_path / "away")
    desk.stands(change, "launch")
    release = commands().launch(change=change, share=1.0, by=desk.bo, at=desk.later())
    assert publish_due(desk.later()) == 0
    release.refresh_from_db()
    assert "cannot be read" in release.fault
    assert release.delivery.tries == 1
    assert publish_due(desk.at) == 0
    assert Release.objects.get(pk=release.pk).delivery.tries == 1
    assert not isinstance(commands().publish_again(release=release, by=desk.bo, at=desk.later()), list)
    (tmp_path / "away").rename(key)
    # What waits is overtaken by the step back from it, and is never told.
    commands().roll_back(reason="No.", by=desk.ada, at=desk.later())
    assert desk.published() == 1
    release.refresh_from_db()
    assert (release.published_at, waiting(), desk.told.sequence) == (None, [], before)


def test_a_kill_between_the_channel_and_the_note_tells_nothing_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.governance.policies.releasing import publishing

    change = desk.change()
    desk.built(change)
    desk.stands(change, "launch")
    commands().launch(change=change, share=0.1, by=desk.bo, at=desk.later())

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(publishing, "note_published", killed)
        publishing.publish_due(desk.later())
    sequence = desk.told.sequence
    # Another process may be at it still, for as long as it could take.
    assert publishing.publish_due(desk.later()) == 0
    assert publishing.publish_due(desk.later(minutes=2)) == 1
    assert desk.told.sequence == sequence
    assert change.releases.get().sequence == sequence


def test_the_hours_of_looking_on_are_those_in_which_the_channel_knew_of_it(desk: Desk) -> None:
    from assay.governance.policies.releasing.standing import looked_on

    change = desk.change()
    edition = desk.built(change)
    commands().start_pilot(change=change, by=desk.bo, at=desk.later())
    assert looked_on(edition, desk.later(hours=1)).total_seconds() == 0
    desk.published()
    began = desk.at
    desk.later(hours=1)
    commands().end_pilot(change=change, by=desk.bo, at=desk.at)
    desk.published()
    spent = desk.at - began
    assert looked_on(edition, desk.later(hours=5)) == spent
    commands().start_pilot(change=change, share=0.5, by=desk.bo, at=desk.later())
    desk.published()
    assert looked_on(edition, desk.later(hours=1)).total_seconds() == spent.total_seconds() + 3600
    assert desk.told.shadow is not None
    assert desk.told.shadow.share == 0.5


def test_texts_from_elsewhere_become_the_draft_and_nothing_else_changes(desk: Desk) -> None:
    change = desk.stands(desk.change(), "drafting")
    held = dict(change.draft_files())
    wanted = {**held, LIKENESS: held[LIKENESS].replace("\n", "\r\n"), "calendar.yaml": "windows: []\n"}
    made = commands().import_draft(change=change, files=wanted, by=desk.ada, at=desk.later())
    assert not isinstance(made, list), made
    assert dict(made.draft_files()) == {**held, "calendar.yaml": "windows: []\n"}
    assert [each.path for each in made.revisions.filter(kind="imported")] == ["calendar.yaml"]
    again = commands().import_draft(change=change, files=made.draft_files(), by=desk.ada, at=desk.later())
    assert slugs(again) == ["nothing-differs"]
    for path in ("../pack.yaml", "policies/a/b.md", "policies/.md", "setup.py", "policies/x\n.md"):
        refused = commands().import_draft(change=change, files={path: "x"}, by=desk.ada, at=desk.later())
        assert slugs(refused) == ["no-part"], path
    assert slugs(commands().import_draft(change=change, files={"pack.yaml": "\0"}, by=desk.ada, at=desk.at)) == [
        "no-text"
    ]
    desk.stands(change, "sign-off")
    assert slugs(commands().import_draft(change=change, files=held, by=desk.ada, at=desk.later())) == ["not-editable"]


def test_a_share_is_read_as_people_write_it() -> None:
    written = {"10 %": 0.1, "10%": 0.1, "0.1": 0.1, "0,5 %": 0.005, "1%": 0.01, "100": 1.0, "25": 0.25}
    assert {text: share_read(text) for text in written} == written
    assert [share_read(text) for text in ("", "1", "1.0", "ten", "nan", "inf %", "1e999")] == [None] * 7
    assert (next_step(0), next_step(0.01), next_step(0.2), next_step(1)) == (0.01, 0.1, 0.5, None)
    assert (step_before(1), step_before(0.1), step_before(0.01)) == (0.5, 0.01, None)
    assert deciding_line([("begin", 1), ("launch", 2), ("roll-back", 1), ("launch", 2), ("launch", 3)]) == [1, 2, 3]
    assert isinstance(Fault("a", "b").slug, str)


def test_what_is_asked_again_is_what_these_tests_shut_by_hand() -> None:
    from assay.governance.policies.life.gates import that_stay

    assert {each.name for each in that_stay()} == set(STAYING)
