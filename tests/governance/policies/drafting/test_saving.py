"""Saving a draft: what two people write at once is merged, and nothing that anybody typed is ever lost."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from assay.governance.policies.drafting.rules.writing import plain
from assay.governance.policies.releasing.texts import normal_text
from tests.governance.policies.drafting.drafts import drafting, stands, written
from tests.governance.policies.life.houses import FILES, LIKENESS, told
from tests.workbench.people import ActorOf, a_person

if TYPE_CHECKING:
    from assay.governance.people.models import Person

TEXT = FILES[LIKENESS]
pytestmark = pytest.mark.django_db


@pytest.fixture
def eve(db: None) -> Person:
    """Writes as well: an analyst."""
    from assay.governance.office.roles import Role

    return a_person("Eve", Role.ANALYST)


def test_a_text_is_saved_as_it_was_typed_with_lines_that_end_as_packs_have_them(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    change = drafting(actor_of(ada), at)
    saved = written(
        change, "\ufeff" + TEXT.replace("asking", "leave").replace("\n", "\r\n"), 0, by=actor_of(ada), at=at
    )
    assert (saved.way, saved.revision) == ("saved", 1)
    assert stands(change) == TEXT.replace("asking", "leave")
    change.refresh_from_db()
    assert change.draft_digest == change.digest_now()


def test_a_text_is_kept_in_the_one_form_in_which_a_bundle_is_built() -> None:
    typed = "\ufeff\ufeffone\rtwo\r\nthree\u2028\x0bfour"
    assert plain(typed) == normal_text(typed) == normal_text(plain(typed)) == "one\ntwo\nthree\u2028\x0bfour"


def test_two_who_write_in_different_places_have_both_in_the_text(
    ada: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    change = drafting(actor_of(ada), at)
    written(change, TEXT.replace("Nobody's face", "No face"), 0, by=actor_of(ada), at=at)
    second = written(change, TEXT.replace("without asking", "without consent"), 0, by=actor_of(eve), at=at)
    assert second.way == "merged"
    assert stands(change) == second.text
    assert "No face is used without consent." in second.text
    assert {person.key for person in (ada, eve)} <= {helper.person.key for helper in change.helpers.all()}


def test_where_both_wrote_the_same_words_the_second_ones_are_kept_beside_until_somebody_chooses(
    ada: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.drafting.commands import choose_wording
    from assay.governance.policies.drafting.queries.drafts import asides_of

    change = drafting(actor_of(ada), at)
    written(change, TEXT.replace("asking", "consent"), 0, by=actor_of(ada), at=at)
    second = written(change, TEXT.replace("asking", "permission"), 0, by=actor_of(eve), at=at)
    assert second.way == "beside"
    assert "without consent" in stands(change)
    (aside,) = asides_of(change)
    (clash,) = aside.clashes
    assert (clash.ours, clash.theirs, aside.revision.kind) == ("consent", "permission", "aside")
    chosen = choose_wording(
        change=change, path=LIKENESS, beside=second.own, clash=clash.number, choice="take", seen=second.revision,
        by=actor_of(ada), at=at,
    )  # fmt: skip
    assert isinstance(chosen, int)
    assert "without permission" in stands(change)
    assert asides_of(change) == []


@pytest.mark.parametrize(("choice", "kept"), [("both", "consent permission"), ("keep", "consent.")])
def test_both_wordings_may_be_kept_or_what_stands(
    choice: str, kept: str, ada: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.drafting.commands import choose_wording
    from assay.governance.policies.drafting.models import Aside
    from assay.governance.policies.drafting.queries.drafts import asides_of

    change = drafting(actor_of(ada), at)
    written(change, TEXT.replace("asking", "consent"), 0, by=actor_of(ada), at=at)
    second = written(change, TEXT.replace("asking", "permission"), 0, by=actor_of(eve), at=at)
    given = {"change": change, "path": LIKENESS, "beside": second.own, "clash": 0, "by": actor_of(eve), "at": at}
    stale = choose_wording(**given, choice=choice, seen=second.revision + 5)  # type: ignore[arg-type]
    assert isinstance(stale, list)
    assert stale[0].slug == "moved"
    assert isinstance(choose_wording(**given, choice=choice, seen=second.revision), int)  # type: ignore[arg-type]
    assert kept in stands(change)
    assert asides_of(change) == []
    assert Aside.objects.get().outcome == ("left" if choice == "keep" else "taken")


def test_who_goes_on_typing_while_a_merge_is_under_way_begins_from_their_own_words(
    ada: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    change = drafting(actor_of(ada), at)
    written(change, TEXT + "\nBy Ada.\n", 0, by=actor_of(ada), at=at)
    typed = TEXT.replace("asking", "leave")
    merged = written(change, typed, 0, by=actor_of(eve), at=at)
    after = written(change, typed.replace("leave", "leave, ever"), merged.own, by=actor_of(eve), at=at)
    assert after.way == "merged"
    assert "without leave, ever." in stands(change)
    assert "By Ada." in stands(change)


def test_a_text_that_was_put_back_is_no_change(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.drafting.commands import restore_revision
    from assay.governance.policies.drafting.requirements import changed

    change, by = drafting(actor_of(ada), at), actor_of(ada)
    written(change, TEXT + "More.\n", 0, by=by, at=at)
    assert changed(change, at).met
    restore_revision(change=change, path=LIKENESS, number=0, by=by, at=at)
    assert not changed(change, at).met


def test_whoever_began_before_the_draft_was_put_onto_another_edition_undoes_nothing_of_that(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.drafting.commands import save_draft
    from assay.governance.policies.life.commands import rebase
    from assay.governance.policies.life.editions import make_edition

    change, by = drafting(actor_of(ada), at), actor_of(ada)
    told(make_edition({**FILES, LIKENESS: TEXT + "By others.\n"}, change=None, by=by, at=at), at=at)
    assert not isinstance(rebase(change=change, by=by, at=at), list)
    typed = TEXT.replace("asking", "leave")
    made = save_draft(change=change, path=LIKENESS, text=typed, started_from=0, edition=1, by=by, at=at)
    assert not isinstance(made, list), made
    assert stands(change) == typed + "By others.\n"


def test_who_has_a_draft_open_is_forgotten_soon_after_they_left(
    ada: Person, eve: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.drafting.queries.presence import FORGOTTEN_AFTER, note_presence, present_in

    change = drafting(actor_of(ada), at)
    note_presence(change, LIKENESS, 3, by=actor_of(eve), at=at)
    assert [each.name for each in present_in(change, by=actor_of(ada), at=at + FORGOTTEN_AFTER)] == ["Eve"]
    assert present_in(change, by=actor_of(eve), at=at) == []
    assert present_in(change, by=actor_of(ada), at=at + FORGOTTEN_AFTER * 2) == []


def test_nothing_is_written_where_nothing_changed_and_nowhere_but_in_the_draft(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.ledger.models import Entry
    from assay.governance.policies.drafting.commands import restore_revision, save_draft

    change, by = drafting(actor_of(ada), at), actor_of(ada)
    written(change, TEXT + "More.\n", 0, by=by, at=at)
    before = Entry.objects.count()
    given = {"change": change, "by": by, "at": at}
    for path, text, started, slug in (
        (LIKENESS, TEXT + "More.\n", 1, "nothing-changed"),
        ("policies/fraud.md", "x", 7, "no-such-revision"),
        ("../../etc/passwd", "x", 0, "no-such-file"),
        ("policies/other.md", "x", 0, "no-such-file"),
        (LIKENESS, "half \ud800", 1, "not-text"),
        (LIKENESS, "\x00", 1, "not-text"),
        (LIKENESS, "x" * 400_001, 1, "too-long"),
    ):
        made = save_draft(**given, path=path, text=text, started_from=started)  # type: ignore[arg-type]
        assert isinstance(made, list), (path, made)
        assert made[0].slug == slug
    assert Entry.objects.count() == before
    restored = restore_revision(**given, path=LIKENESS, number=0)  # type: ignore[arg-type]
    assert not isinstance(restored, list)
    assert stands(change) == TEXT


def test_a_text_that_is_signed_cannot_be_edited(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.drafting.commands import save_draft

    change = drafting(actor_of(ada), at)
    change.stage = "sign-off"
    change.save(update_fields=["stage"])
    made = save_draft(change=change, path=LIKENESS, text="x", started_from=0, by=actor_of(ada), at=at)
    assert isinstance(made, list)
    assert made[0].slug == "not-editable"
    assert change.revisions.count() == 0
