"""Changes: opened, described, owned, put aside, put onto what is in force, reviewed; never by whom it is not for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assay.engine.kernel.errors import Fault
from assay.engine.language.checker import check_pack
from assay.governance.office.actor import Scope
from assay.governance.office.operations import NotAllowed
from assay.governance.office.roles import Role
from assay.governance.policies.life.stages import Stage
from tests.governance.policies.life.houses import FILES, FRAUD, LIKENESS, begun, let_decide, only_gates, opened, told
from tests.workbench.people import JOINED, ActorOf, a_person

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.life.models import Change

pytestmark = pytest.mark.django_db


def slugs(result: object) -> list[str]:
    assert isinstance(result, list), result
    return [each.slug for each in result if isinstance(each, Fault)]


def walk(change: Change, by: Actor, at: datetime, to: Stage) -> None:
    """Through every gate that is open, to a stage."""
    from assay.governance.policies.life.commands import advance

    while change.at_stage is not to:
        made = advance(change=change, by=by, at=at)
        assert not isinstance(made, list), made
        change.refresh_from_db()


def in_force_since(change: Change, by: Actor, at: datetime) -> None:
    """Released everywhere, and through the last gate."""
    from assay.governance.policies.life.editions import make_edition

    edition = make_edition(change.draft_files(), change=change, by=by, at=at)
    told(edition, at=at)
    walk(change, by, at, Stage.IN_FORCE)


def test_a_house_begins_with_what_decides_and_only_once(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import begin, open_change
    from assay.governance.policies.life.models import Document, Release, Version

    by = actor_of(ada)
    early = open_change(kind="amend", title="Say it", why="Because.", policy="likeness", by=by, at=at)
    assert slugs(early) == ["not-begun"]
    edition = begun(by, at)
    assert {each.path: (each.name, each.is_policy) for each in Document.objects.all()} == {
        "pack.yaml": ("pack.yaml", False),
        "signals.yaml": ("signals.yaml", False),
        "measures.yaml": ("measures.yaml", False),
        LIKENESS: ("likeness", True),
        FRAUD: ("fraud", True),
    }
    assert Version.objects.get(document__path=FRAUD).label == "2.1.0"
    assert edition.texts == FILES
    assert Release.objects.get().kind == "begin"
    assert slugs(begin(by=by, at=at)) == ["begun-already"]


def test_a_new_policy_begins_with_a_text_that_passes_the_check(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    begun(actor_of(ada), at)
    change = opened(actor_of(ada), at, kind="new", policy="", name="voice-clones")
    checked = check_pack(change.draft_files())
    assert checked.problems == ()
    assert any(rule.policy == "voice-clones" for rule in checked.pack.rules)
    assert change.draft_digest == change.digest_now()


def test_the_first_text_passes_the_check_of_the_starter_pack_and_breaks_no_example_of_another_policy() -> None:
    from assay.governance.policies.life.commands.first_text import first_text
    from tests.conftest import ROOT

    pack = ROOT / "packs" / "starter"
    files = {
        path.relative_to(pack).as_posix(): path.read_text(encoding="utf-8")
        for path in (*pack.glob("*.yaml"), *pack.glob("policies/*.md"))
    }
    files["policies/new.md"] = first_text("new", 'A "title": with # signs', files)
    checked = check_pack(files, examples=True)
    assert checked.problems == ()
    assert next(each for each in checked.pack.policies if each.id == "new").title == 'A "title": with # signs'


def test_what_cannot_be_opened_is_said_all_at_once(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import open_change

    by = actor_of(ada)
    begun(by, at)
    assert slugs(open_change(kind="new", title="", why=" ", name="Not a name", by=by, at=at)) == [
        "no-title", "no-reason", "no-name",
    ]  # fmt: skip
    assert slugs(open_change(kind="new", title="A", why="B", name="fraud", by=by, at=at)) == ["name-taken"]
    assert slugs(open_change(kind="amend", title="A", why="B", policy="none", by=by, at=at)) == ["no-policy"]
    assert slugs(open_change(kind="retire", title="A", why="B", policy="signals.yaml", by=by, at=at)) == [
        "not-a-policy"
    ]
    assert slugs(open_change(kind="bend", title="A", why="B", policy="fraud", by=by, at=at)) == ["no-kind"]
    opened(by, at, kind="new", policy="", name="voices")
    assert slugs(open_change(kind="new", title="A", why="B", name="voices", by=by, at=at)) == ["name-taken"]


def test_a_grant_for_one_policy_opens_and_moves_no_other(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.people.models import Grant
    from assay.governance.policies.life.commands import advance, open_change

    begun(actor_of(ada), at)
    other = opened(actor_of(ada), at, policy="likeness")
    fay = a_person("Fay")
    Grant.objects.create(person=fay, role=Role.POLICY_LEAD, starts=JOINED, policies=["fraud"])
    by = actor_of(fay)
    assert by.held[0].scope == Scope(policies=frozenset({"fraud"}))
    assert opened(by, at, policy="fraud").policy == "fraud"
    with pytest.raises(NotAllowed):
        open_change(kind="amend", title="A", why="B", policy="likeness", by=by, at=at)
    with pytest.raises(NotAllowed):
        advance(change=other, by=by, at=at)


def test_a_reason_put_aside_counts_for_that_text_alone(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import advance, waive
    from assay.governance.policies.life.drafts import put

    by = actor_of(ada)
    begun(by, at)
    change = opened(by, at)
    walk(change, by, at, Stage.RESEARCH)
    assert slugs(advance(change=change, by=by, at=at)) == ["gate-closed"]
    eve = actor_of(a_person("Eve", Role.EXECUTIVE))
    assert slugs(waive(change=change, requirement="life.sources", words="It is known.", by=by, at=at)) == ["own-work"]
    assert slugs(waive(change=change, requirement="life.base", words="No.", by=eve, at=at)) == ["no-requirement"]
    assert slugs(waive(change=change, requirement="life.sources", words=" ", by=eve, at=at)) == ["no-reason"]
    made = waive(change=change, requirement="life.sources", words="It is known.", by=eve, at=at)
    assert not isinstance(made, list)
    put(change, LIKENESS, FILES[LIKENESS] + "More.\n", by=by, at=at)
    assert slugs(advance(change=change, by=by, at=at)) == ["gate-closed"]


def test_a_reason_put_aside_by_who_has_a_hand_in_it_by_now_counts_no_more(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.commands import advance, name_owner, waive

    by = actor_of(ada)
    begun(by, at)
    change = opened(by, at)
    walk(change, by, at, Stage.RESEARCH)
    eve, fay = a_person("Eve", Role.EXECUTIVE), actor_of(a_person("Fay", Role.EXECUTIVE))
    waive(change=change, requirement="life.sources", words="It is known.", by=actor_of(eve), at=at)
    name_owner(change=change, stage=None, person=eve, by=by, at=at)
    assert slugs(advance(change=change, by=by, at=at)) == ["gate-closed"]
    assert not isinstance(waive(change=change, requirement="life.sources", words="So it is.", by=fay, at=at), list)
    assert slugs(waive(change=change, requirement="life.sources", words="So.", by=fay, at=at)) == ["waived-already"]
    assert not isinstance(advance(change=change, by=by, at=at), list)


def test_whoever_answered_for_a_change_keeps_a_hand_in_it(
    ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.commands import name_owner

    by = actor_of(ada)
    begun(by, at)
    change = opened(by, at)
    name_owner(change=change, stage=None, person=bo, by=by, at=at)
    eve = a_person("Eve", Role.EXECUTIVE)
    name_owner(change=change, stage=None, person=eve, by=by, at=at)
    change.refresh_from_db()
    assert change.owner == eve
    assert {ada.reference, bo.reference, eve.reference} == change.hands
    past = name_owner(change=change, stage=Stage.IDEA, person=bo, due_on=at.date(), by=by, at=at)
    assert slugs(past) == ["day-past"]


def test_what_people_sign_for_cannot_be_said_otherwise_afterwards(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import Wish, describe

    by = actor_of(ada)
    begun(by, at)
    with only_gates({}):
        change = opened(by, at)
        walk(change, by, at, Stage.SIGN_OFF)
        now = Wish(change.title, change.why, tuple(change.harms), (), "high", "", date(2027, 3, 1), None)
        assert slugs(describe(change=change, wish=now, by=by, at=at)) == ["signed-for"]
        days = Wish(change.title, change.why, tuple(change.harms), (), "ordinary", "", date(2027, 3, 1), None)
        made = describe(change=change, wish=days, by=by, at=at)
        assert not isinstance(made, list)
        assert made.wanted_on == date(2027, 3, 1)
    bad = Wish("A", "B", ("Not a slug",), ("Nowhere!",), "odd", "", at.date(), None)
    fresh = opened(by, at)
    assert sorted(slugs(describe(change=fresh, wish=bad, by=by, at=at))) == [
        "day-past", "no-harm", "no-market", "no-risk",
    ]  # fmt: skip


def test_who_has_a_hand_in_a_change_does_not_make_it_look_harmless(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.commands import Wish, describe

    by = actor_of(ada)
    begun(by, at)
    change = opened(by, at, risk="high")
    ordinary = Wish(change.title, change.why, tuple(change.harms))
    assert slugs(describe(change=change, wish=ordinary, by=by, at=at)) == ["own-work"]
    made = describe(change=change, wish=ordinary, by=actor_of(a_person("Fay", Role.ANALYST)), at=at)
    assert not isinstance(made, list)
    assert made.risk == "ordinary"


def test_what_is_to_be_retired_is_retired_whatever_was_changed_in_it_meanwhile(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.commands import rebase
    from assay.governance.policies.life.drafts import put

    by = actor_of(ada)
    begun(by, at)
    gone, theirs = opened(by, at, kind="retire"), opened(by, at)
    put(theirs, LIKENESS, FILES[LIKENESS] + "More.\n", by=by, at=at)
    with only_gates({}):
        walk(theirs, by, at, Stage.LAUNCH)
        in_force_since(theirs, by, at)
    made = rebase(change=gone, by=by, at=at)
    assert not isinstance(made, list)
    assert LIKENESS not in made.draft_files()


def test_a_draft_takes_in_what_came_in_force_meanwhile(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import rebase
    from assay.governance.policies.life.drafts import put
    from assay.governance.policies.life.gates import REQUIREMENTS

    by = actor_of(ada)
    begun(by, at)
    mine, theirs = opened(by, at), opened(by, at)
    text = FILES[LIKENESS]
    put(mine, LIKENESS, text.replace("without asking", "unless they agreed"), by=by, at=at)
    put(theirs, LIKENESS, text.replace("We mark", "We always mark"), by=by, at=at)
    put(theirs, FRAUD, FILES[FRAUD].replace("cheated", "misled"), by=by, at=at)
    put(mine, "measures.yaml", None, by=by, at=at)
    base = REQUIREMENTS["life.base"].find
    assert base(mine, at).met
    with only_gates({}):
        walk(theirs, by, at, Stage.LAUNCH)
        in_force_since(theirs, by, at)
    assert not base(mine, at).met
    before = mine.draft_digest
    made = rebase(change=mine, by=by, at=at)
    assert not isinstance(made, list)
    merged = made.draft_files()
    assert "unless they agreed" in merged[LIKENESS]
    assert "We always mark" in merged[LIKENESS]
    assert "misled" in merged[FRAUD]
    # What it removes, and nobody else touched, is gone still.
    assert "measures.yaml" not in merged
    assert base(made, at).met
    assert made.draft_digest == made.digest_now() != before
    assert slugs(rebase(change=mine, by=by, at=at)) == ["up-to-date"]


def test_two_wordings_of_the_same_line_stand_in_the_draft_until_somebody_chose(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.commands import rebase
    from assay.governance.policies.life.drafts import put
    from assay.governance.policies.life.gates import REQUIREMENTS

    by = actor_of(ada)
    begun(by, at)
    mine, theirs = opened(by, at), opened(by, at)
    text = FILES[LIKENESS]
    put(mine, LIKENESS, text.replace("without asking", "unless they agreed"), by=by, at=at)
    put(theirs, LIKENESS, text.replace("without asking", "against their will"), by=by, at=at)
    with only_gates({}):
        walk(theirs, by, at, Stage.LAUNCH)
        in_force_since(theirs, by, at)
    made = rebase(change=mine, by=by, at=at)
    assert not isinstance(made, list)
    shown = made.draft_files()[LIKENESS]
    assert "<<<<<<< this change" in shown
    assert "unless they agreed" in shown
    assert "against their will" in shown
    found = REQUIREMENTS["life.base"].find(made, at)
    assert not found.met
    assert "two wordings" in found.words
    put(made, LIKENESS, text.replace("without asking", "unless they agreed"), by=by, at=at)
    assert REQUIREMENTS["life.base"].find(made, at).met


def test_what_is_in_force_is_replaced_reviewed_confirmed_and_given_back(
    ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.policies.life.commands import arrive_due, call_review, confirm
    from assay.governance.policies.life.drafts import put
    from assay.governance.policies.life.models import Document
    from assay.governance.policies.life.moving import give_back

    by = actor_of(ada)
    begun(by, at)
    with only_gates({}):
        first = opened(by, at)
        put(first, LIKENESS, FILES[LIKENESS] + "First.\n", by=by, at=at)
        walk(first, by, at, Stage.LAUNCH)
        in_force_since(first, by, at)
        assert first.review_on == date(2027, 12, 15)
        # The clerk calls the review on its day and not before, and once.
        assert arrive_due(at) == 0
        assert arrive_due(at + timedelta(days=364)) == 0
        later = at + timedelta(days=365)
        assert arrive_due(later) == 1
        assert arrive_due(later) == 0
        first.refresh_from_db()
        assert first.at_stage is Stage.REVIEW_DUE
        made = confirm(change=first, review_on=date(2029, 1, 1), words="Still right.", by=by, at=later)
        assert not isinstance(made, list)
        assert Document.objects.get(path=LIKENESS).review_on == date(2029, 1, 1)
        assert slugs(call_review(change=first, words="", by=by, at=later)) == ["no-reason"]
        second = opened(by, later)
        put(second, LIKENESS, FILES[LIKENESS] + "Second.\n", by=by, at=later)
        walk(second, by, later, Stage.LAUNCH)
        # What is everywhere is in force by itself.
        assert arrive_due(later) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.at_stage, first.replaced_by) == (Stage.RETIRED, second)
    give_back(second, words="It did harm.", by=by, at=later)
    first.refresh_from_db()
    assert (first.at_stage, first.replaced_by) == (Stage.IN_FORCE, None)
    assert second.at_stage is Stage.READINESS


def test_a_change_that_retires_a_policy_ends_with_it(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import withdraw
    from assay.governance.policies.life.editions import in_force
    from assay.governance.policies.life.models import Document

    by = actor_of(ada)
    begun(by, at)
    with only_gates({}):
        change = opened(by, at, kind="retire", policy="fraud")
        assert FRAUD not in change.draft_files()
        walk(change, by, at, Stage.LAUNCH)
        from assay.governance.policies.life.editions import make_edition

        told(make_edition(change.draft_files(), change=change, by=by, at=at), at=at)
        # What decides is rolled back, and not sent back or given up.
        assert slugs(withdraw(change=change, words="Stop.", by=by, at=at)) == ["still-told"]
        from assay.governance.policies.life.commands import advance, send_back

        assert slugs(send_back(change=change, to=Stage.DRAFTING, words="Stop.", by=by, at=at)) == ["still-told"]
        advance(change=change, by=by, at=at)
    change.refresh_from_db()
    assert change.at_stage is Stage.RETIRED
    assert [step.way for step in change.steps.all()][-2:] == ["forward", "replaced"]
    now = in_force()
    assert now is not None
    assert FRAUD not in now.files
    assert Document.objects.get(path=FRAUD).retired_at == at


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://", "file:///etc/passwd", "https://a@b.example", "https://a b.example"]
)
def test_a_source_leads_nowhere_but_to_the_web(link: str, ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies.life.commands import add_source

    by = actor_of(ada)
    begun(by, at)
    change = opened(by, at)
    assert slugs(add_source(change=change, kind="law", title="A law", link=link, by=by, at=at)) == ["no-link"]
    kept = add_source(change=change, kind="law", title="A law", link="https://law.example/1", by=by, at=at)
    assert not isinstance(kept, list)


def test_nothing_in_force_is_said_and_not_guessed(ada: Person, actor_of: ActorOf, at: datetime) -> None:
    from assay.governance.policies import ports
    from assay.governance.policies.life.commands import begin

    held = ports.PORTS.in_force
    try:
        ports.PORTS.in_force = None
        assert slugs(begin(by=actor_of(ada), at=at)) == ["nothing-in-force"]
    finally:
        ports.PORTS.in_force = held
    let_decide()
