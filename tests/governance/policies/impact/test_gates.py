"""The gates of impact: each opens for exactly this draft, and shuts again when it is edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from assay.governance.ledger.models import Entry
from assay.governance.people.models import Person
from assay.governance.policies.impact import working
from assay.governance.policies.impact.commands import ask_work, assess, confirm_assessment, second_assessment
from assay.governance.policies.impact.models import Assessment
from assay.governance.policies.impact.queries import assessment_stands, proved_of
from assay.governance.policies.impact.rules.assessing import About
from assay.governance.policies.impact.rules.work import Work
from assay.governance.policies.life.editions import make_edition
from assay.governance.policies.life.gates import REQUIREMENTS, standing, that_stay
from assay.governance.policies.life.models import Change
from tests.governance.policies.impact.givens import FOUND, GIVEN, GRAVE, drafted, redraft, shop
from tests.governance.policies.life.houses import FILES, told
from tests.workbench.people import ActorOf

NAMES = [f"impact.{one}" for one in (*Work, *About)]


@pytest.fixture
def change(ada: Person, actor_of: ActorOf, at: datetime) -> Change:
    return drafted(actor_of(ada), at)


def met(change: Change, at: datetime) -> set[str]:
    wanted = [REQUIREMENTS[name] for name in NAMES]
    return {one.requirement.name.removeprefix("impact.") for one in standing(change, wanted, at) if one.finding.met}


def done(change: Change, by: Person, actor_of: ActorOf, at: datetime) -> None:
    assert isinstance(ask_work(change=change, works=tuple(Work), by=actor_of(by), at=at), tuple)
    with shop():
        working.work_all(at)


def assessed(change: Change, about: About, by: Person, actor_of: ActorOf, at: datetime) -> Assessment:
    made = assess(change=change, about=about, given=GIVEN[about], by=actor_of(by), at=at)
    assert isinstance(made, Assessment), made
    return made


def test_every_gate_is_shut_until_somebody_looked_and_shut_again_by_an_edit(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    assert met(change, at) == set()
    done(change, ada, actor_of, at)
    for about in About:
        assessed(change, about, bo, actor_of, at)
    assert met(change, at) == {*Work, *About}
    redraft(change, "We mark fakes.", by=actor_of(ada), at=at)
    assert met(change, at) == set()
    redraft(change, "We mark whatever is fake.", by=actor_of(ada), at=at)
    assert met(change, at) == {*Work, *About}


@pytest.mark.parametrize("passed", [False, None])
def test_work_that_speaks_against_the_draft_or_leaves_it_open_opens_nothing(
    passed: bool | None, change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    assert isinstance(ask_work(change=change, works=tuple(Work), by=actor_of(ada), at=at), tuple)
    with shop(found={kind: replace(outcome, passed=passed) for kind, outcome in FOUND.items()}):
        working.work_all(at)
    # A rehearsal says what would happen, and judges nothing.
    assert (met(change, at) - {"rehearsal"}, proved_of(change)) == (set(), None)


def test_what_must_still_hold_when_a_bundle_is_built_is_asked_again() -> None:
    stays = {one.name for one in that_stay()} & set(NAMES)
    assert stays == {"impact.check", "impact.proof", "impact.difference"}
    assert [name for name in NAMES if REQUIREMENTS[name].waivable] == ["impact.rehearsal"]


def test_a_difference_from_an_edition_that_decides_no_more_is_none_from_the_one_that_does(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    done(change, ada, actor_of, at)
    other = make_edition({**FILES, "pack.yaml": FILES["pack.yaml"] + "\n"}, change=None, by=actor_of(ada), at=at)
    told(other, at=at)
    assert met(change, at) == {"check", "proof"}
    # Asked for anew, it is from the edition that decides now, whatever the draft began with.
    done(change, ada, actor_of, at)
    assert met(change, at) == set(Work)


def test_without_a_history_the_words_say_what_to_do(
    change: Change, ada: Person, actor_of: ActorOf, at: datetime
) -> None:
    with shop(history=False):
        found = REQUIREMENTS["impact.rehearsal"].find(change, at)
    assert not found.met
    assert "policies.history" in found.words


def test_an_assessment_holds_for_a_later_draft_once_somebody_says_so_of_that_very_draft(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    made = assessed(change, About.RIGHTS, ada, actor_of, at)
    redraft(change, "We mark some fakes.", by=actor_of(ada), at=at)
    before = change.draft_digest
    redraft(change, "We mark fakes.", by=actor_of(ada), at=at)
    unread = confirm_assessment(change=change, assessment=made, digest=before, by=actor_of(bo), at=at)
    assert isinstance(unread, list)
    assert [fault.slug for fault in unread] == ["edited"]
    now = change.draft_digest
    assert not isinstance(confirm_assessment(change=change, assessment=made, digest=now, by=actor_of(bo), at=at), list)
    assert met(change, at) == {"rights"}
    redraft(change, "We mark every fake.", by=actor_of(ada), at=at)
    assert met(change, at) == set()


def test_the_second_reader_is_somebody_else(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    made = assessed(change, About.COST, ada, actor_of, at)
    digest = change.draft_digest
    own = second_assessment(change=change, assessment=made, digest=digest, by=actor_of(ada), at=at)
    assert isinstance(own, list)
    assert own[0].slug == "own-assessment"
    second_assessment(change=change, assessment=made, digest=digest, by=actor_of(bo), at=at)
    second = assessment_stands(change, About.COST).second
    assert second is not None
    assert second.by == bo


def test_a_later_assessment_takes_the_place_of_the_former_one(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    first = assessed(change, About.COST, ada, actor_of, at)
    assessed(change, About.COST, bo, actor_of, at)
    replaced = second_assessment(change=change, assessment=first, digest=change.draft_digest, by=actor_of(bo), at=at)
    assert isinstance(replaced, list)
    assert [fault.slug for fault in replaced] == ["replaced"]


def test_a_right_at_high_risk_raises_the_risk_of_the_change_and_no_words_of_it_reach_the_ledger(
    change: Change, bo: Person, actor_of: ActorOf, at: datetime
) -> None:
    given = {**GIVEN[About.RIGHTS], "dignity": {**GRAVE, "who": "Grete Muster"}}
    assess(change=change, about=About.RIGHTS, given=given, by=actor_of(bo), at=at)
    change.refresh_from_db()
    assert change.risk == "high"
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.kind, '"raised":true' in entry.content) == ("policies.impact-assessed", True)
    assert "Grete" not in entry.content
