"""Remarks on a draft: they stay with their lines, a suggestion becomes text, whoever is named hears of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.governance.office.operations import NotAllowed
from assay.governance.policies.drafting.rules.anchors import Anchor, follow, with_lines
from tests.governance.policies.drafting.drafts import drafting, stands, written
from tests.governance.policies.life.houses import FILES, LIKENESS
from tests.workbench.people import ActorOf, a_person

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.drafting.models import Remark
    from assay.governance.policies.life.models import Change

TEXT = FILES[LIKENESS]
LINE = TEXT.split("\n").index("Nobody's face is used without asking.") + 1
LINES = st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=8).map("\n".join)


def remarked(change: Change, by: Actor, at: datetime, words: str = "Why?", suggested: str | None = None) -> Remark:
    """A remark on the first sentence of the policy."""
    from assay.governance.policies.drafting.commands import make_remark
    from assay.governance.policies.drafting.commands.remarks import Lines

    lines = Lines(LIKENESS, 0, LINE, LINE)
    made = make_remark(change=change, lines=lines, words=words, suggested=suggested, by=by, at=at)
    assert not isinstance(made, list), made
    return made


def slugs(made: object) -> list[str]:
    """What stood in the way."""
    return [fault.slug for fault in made] if isinstance(made, list) else []


def test_a_remark_moves_with_its_lines_and_says_when_they_are_gone() -> None:
    before, two = "one\ntwo\nthree\nfour", Anchor(2, 2)
    assert follow(before, "zero\none\ntwo\nthree\nfour", two) == Anchor(3, 3)
    assert follow(before, "one\ntwo, too\nthree\nfour", two) == Anchor(2, 2, "edited")
    assert follow(before, "one\nthree\nfour", two) == Anchor(2, 2, "gone")
    assert follow(before, "one\ntwo\nand more\nthree\nfour", Anchor(2, 3)) == Anchor(2, 4, "edited")
    assert follow(before, "", Anchor(4, 4)) == Anchor(1, 1, "edited")


@given(before=LINES, after=LINES, data=st.data())
def test_wherever_a_remark_is_said_to_stand_there_is_such_a_line(before: str, after: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, before.count("\n") + 1))
    last = data.draw(st.integers(first, before.count("\n") + 1))
    found = follow(before, after, Anchor(first, last))
    assert 1 <= found.first <= found.last
    assert found.last <= after.count("\n") + 1 + (found.fate == "gone")
    if found.fate == "kept":
        there = after.split("\n")[found.first - 1 : found.last]
        assert there == before.split("\n")[first - 1 : last]


@pytest.mark.django_db
def test_an_accepted_suggestion_is_text_by_whoever_accepts_with_the_other_as_a_hand(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.drafting.commands import accept_suggestion
    from assay.governance.policies.drafting.queries.remarks import remarks_of

    change = drafting(actor_of(ada), at)
    remark = remarked(change, actor_of(bo), at, suggested="No face is used without consent.")
    written(change, f"{TEXT}\nOne line more.\n", 0, by=actor_of(ada), at=at)
    (facts,) = remarks_of(change, LIKENESS, stands(change), actor_of(ada))
    assert (facts.anchor, facts.fits) == (Anchor(LINE, LINE), True)
    with pytest.raises(NotAllowed):
        accept_suggestion(change=change, remark=remark, by=actor_of(bo), at=at)
    type(change).objects.filter(pk=change.pk).update(stage="sign-off")
    assert slugs(accept_suggestion(change=change, remark=remark, by=actor_of(ada), at=at)) == ["not-editable"]
    type(change).objects.filter(pk=change.pk).update(stage="drafting")
    made = accept_suggestion(change=change, remark=remark, by=actor_of(ada), at=at)
    assert not isinstance(made, list)
    assert "No face is used without consent." in stands(change)
    assert "One line more." in stands(change)
    # Bo's words stand in the text: Bo cannot sign it.
    assert bo.reference in change.hands
    assert slugs(accept_suggestion(change=change, remark=remark, by=actor_of(ada), at=at)) == ["no-suggestion"]


@pytest.mark.django_db
def test_a_suggestion_on_lines_that_were_edited_since_is_not_put_in_by_guessing(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.drafting.commands import accept_suggestion, decline_suggestion

    change = drafting(actor_of(ada), at)
    remark = remarked(change, actor_of(bo), at, suggested="Nobody's face is used without consent.")
    text = TEXT.replace("without asking", "without leave")
    written(change, text, 0, by=actor_of(ada), at=at)
    assert slugs(accept_suggestion(change=change, remark=remark, by=actor_of(ada), at=at)) == ["moved"]
    assert stands(change) == text
    assert slugs(decline_suggestion(change=change, remark=remark, words=" ", by=actor_of(ada), at=at)) == ["empty"]
    made = decline_suggestion(change=change, remark=remark, words="We say leave.", by=actor_of(ada), at=at)
    assert not isinstance(made, list)
    assert (made.state, made.reason) == ("declined", "We say leave.")


@pytest.mark.django_db
def test_a_remark_is_settled_by_those_who_write_or_by_whoever_made_it(
    ada: Person, bo: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.drafting.commands import close_remark, reopen_remark
    from assay.governance.policies.drafting.requirements import remarks

    change = drafting(actor_of(ada), at)
    remark = remarked(change, actor_of(bo), at)
    assert not remarks(change, at).met
    assert slugs(close_remark(change=change, remark=remark, by=actor_of(cy), at=at)) == ["not-yours"]
    assert not isinstance(close_remark(change=change, remark=remark, by=actor_of(bo), at=at), list)
    assert remarks(change, at).met
    assert slugs(close_remark(change=change, remark=remark, by=actor_of(ada), at=at)) == ["closed"]
    assert not isinstance(reopen_remark(change=change, remark=remark, by=actor_of(ada), at=at), list)
    assert not remarks(change, at).met
    close_remark(change=change, remark=remark, by=actor_of(bo), at=at)
    type(change).objects.filter(pk=change.pk).update(stage="withdrawn")
    assert slugs(reopen_remark(change=change, remark=remark, by=actor_of(ada), at=at)) == ["not-closed"]


@pytest.mark.django_db
def test_whoever_is_named_and_whoever_is_answered_hears_of_it(
    ada: Person, bo: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.ledger.subscribers import deliver
    from assay.governance.people.notices.models import Notice
    from assay.governance.policies.drafting.commands import answer_remark
    from assay.governance.policies.drafting.queries.mentions import mentioned_in

    change = drafting(actor_of(ada), at)
    a_person("Eli")
    assert mentioned_in("@Bo, @cy@example.org and @Eli, not @Boris or @Adam") == (bo.reference, cy.reference)
    remark = remarked(change, actor_of(bo), at, words="Ask @Cy.")
    answered = answer_remark(change=change, remark=remark, words="Done.", by=actor_of(ada), at=at)
    assert not isinstance(answered, list)
    while deliver(at):
        pass
    told = set(Notice.objects.filter(kind__startswith="remark-").values_list("kind", "person__name"))
    assert told == {("remark-mentions-you", "Cy"), ("remark-answered", "Bo")}


@pytest.mark.django_db
def test_a_remark_needs_lines_that_there_are_and_something_to_say(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.drafting.commands import make_remark
    from assay.governance.policies.drafting.commands.remarks import Lines

    change = drafting(actor_of(ada), at)

    def made(lines: Lines, words: str, suggested: str | None = None) -> list[str]:
        found = make_remark(change=change, lines=lines, words=words, suggested=suggested, by=actor_of(ada), at=at)
        return slugs(found)

    assert made(Lines(LIKENESS, 0, 900, 901), "x") == ["no-such-lines"]
    assert made(Lines(LIKENESS, 0, 3, 2), "x") == ["no-such-lines"]
    assert made(Lines(LIKENESS, 4, 1, 1), "x") == ["no-such-text"]
    assert made(Lines("../x", 0, 1, 1), "x") == ["no-such-text"]
    assert made(Lines(LIKENESS, 0, 1, 1), " ") == ["empty"]
    assert made(Lines(LIKENESS, 0, LINE, LINE), "", TEXT.split("\n")[LINE - 1]) == ["same"]
    assert made(Lines(LIKENESS, 0, 1, 1), "x" * 5_000) == ["too-long"]
    assert with_lines("a\nb\nc", Anchor(2, 2), "") == "a\nc"


@pytest.mark.django_db
def test_drafting_is_left_with_a_sound_change_and_a_public_note(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.gates import of_stage
    from assay.governance.policies.life.stages import Stage

    change = drafting(actor_of(ada), at)

    def lacking() -> set[str]:
        change.refresh_from_db()
        gates = [each for each in of_stage(Stage.DRAFTING) if each.name.startswith("drafting.")]
        return {each.name for each in gates if not each.find(change, at).met}

    assert lacking() == {"drafting.changed", "drafting.note"}
    broken = TEXT.replace("when: is_fake", "when: is_fke")
    written(change, broken, 0, by=actor_of(ada), at=at)
    assert lacking() == {"drafting.check", "drafting.note"}
    written(change, TEXT.replace("expect: {marked: yes}", "expect: {marked: no}"), 1, by=actor_of(ada), at=at)
    assert lacking() == {"drafting.check", "drafting.note"}
    change.note = "We say it better."
    change.save(update_fields=["note"])
    written(change, TEXT.replace("We mark", "We always mark"), 2, by=actor_of(ada), at=at)
    assert lacking() == set()
