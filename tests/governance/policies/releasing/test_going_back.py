"""Back over several changes at once, what the house calls its policies then, and what the next change brings."""

from __future__ import annotations

import pytest

from tests.governance.policies.releasing.desks import LIKENESS, Desk, desk
from tests.governance.policies.releasing.test_shipping import commands, slugs

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


def test_back_over_two_changes_of_one_policy_neither_is_in_force(desk: Desk) -> None:
    from assay.governance.policies.life.editions import in_force

    first, one = in_force(), desk.change()
    desk.shipped(one)
    two = desk.change(words="We mark all of it.")
    desk.shipped(two)
    one.refresh_from_db()
    assert one.stage == "retired"
    commands().roll_back(to=first, reason="Wrong.", by=desk.ada, at=desk.later())
    desk.published()
    one.refresh_from_db()
    two.refresh_from_db()
    assert (in_force(), one.stage, two.stage, one.replaced_by) == (first, "readiness", "readiness", None)


def test_what_was_rolled_back_comes_back_by_no_other_change(desk: Desk) -> None:
    from assay.governance.policies.life.editions import version_at
    from assay.governance.policies.life.models import Document, Version

    desk.shipped(desk.change())
    commands().roll_back(reason="Wrong.", by=desk.ada, at=desk.later())
    desk.published()
    other = desk.change(policy="fraud", words="We stop more of it.")
    desk.shipped(other)
    assert [each.document.name for each in Version.objects.filter(change=other)] == ["fraud"]
    found = version_at(Document.objects.get(name="likeness"), None)
    assert found is not None
    assert found.number == 1


def test_a_policy_is_called_as_the_text_that_decides_calls_it(desk: Desk) -> None:
    from assay.governance.policies.life.drafts import put
    from assay.governance.policies.life.models import Document

    def names() -> tuple[str, str]:
        held = Document.objects.get(path=LIKENESS)
        return held.name, held.title

    change = desk.change()
    text = change.draft_files()[LIKENESS].replace("title: Likeness of people", "title: Faces")
    put(change, LIKENESS, text, by=desk.ada, at=desk.at)
    desk.shipped(change)
    assert names() == ("likeness", "Faces")
    commands().roll_back(reason="Wrong.", by=desk.ada, at=desk.later())
    desk.published()
    assert names() == ("likeness", "Likeness of people")
    desk.shipped(change)
    assert names() == ("likeness", "Faces")


def test_a_roll_back_that_another_process_tells_meanwhile_is_what_holds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.governance.policies.life.editions import in_force
    from assay.governance.policies.ports import PORTS
    from assay.governance.policies.releasing.publishing import publish_due, waiting

    first, change = in_force(), desk.change()
    desk.built(change)
    desk.stands(change, "launch")
    commands().launch(change=change, share=1.0, by=desk.bo, at=desk.later())

    class Slow:
        """A channel that takes its time: meanwhile somebody rolls back, and another process tells that."""

        def publish(self, *args: object, **given: object) -> object:
            monkeypatch.setattr(PORTS, "channel", desk.channel)
            commands().roll_back(reason="No.", by=desk.ada, at=desk.later())
            publish_due(desk.later())
            return desk.channel.publish(*args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(PORTS, "channel", Slow())
    publish_due(desk.later())
    desk.published()
    assert first is not None
    assert (desk.told.current, in_force(), waiting()) == (first.digest, first, [])


def test_a_roll_back_ends_the_hours_of_whatever_looks_on(desk: Desk) -> None:
    from assay.governance.policies.releasing.standing import looked_on, told

    desk.shipped(desk.change())
    looking = desk.change(policy="fraud", words="We stop more of it.")
    edition = desk.built(looking)
    commands().start_pilot(change=looking, by=desk.bo, at=desk.later())
    desk.published()
    began = desk.at
    commands().roll_back(reason="Wrong.", by=desk.ada, at=desk.later(hours=1))
    desk.published()
    ended = desk.at
    assert looked_on(edition, desk.later(hours=5)) == ended - began
    assert told().shadow is None


def test_that_the_channel_has_a_release_is_written_down_once(desk: Desk) -> None:
    from assay.governance.office.actor import SYSTEM
    from assay.governance.policies.ports import Published

    release = desk.shipped(desk.change())
    release.refresh_from_db()
    published = Published(desk.told.sequence + 1, desk.told.current)
    again = commands().note_published(release=release, published=published, by=SYSTEM, at=desk.later())
    assert slugs(again) == ["already-published"]
