"""A change is signed, on conditions, with dissent, stopped and let go: by the commands, as people would."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assay.governance.ledger.models import Entry
from assay.governance.office.operations import NotAllowed
from assay.governance.office.roles import Role
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.signing.rules.counting import Verdict
from tests.governance.policies.signing.desks import (
    at_stage,
    edited,
    holds,
    only_signing,
    seal,
    signed,
    signs,
    slugs,
    to_be_signed,
)
from tests.workbench.people import SOME_MOMENT, ActorOf, a_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.life.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_other_gate(db: None) -> Iterator[None]:
    with only_signing():
        yield


@pytest.fixture
def pam(db: None) -> Person:
    return a_person("Pam", Role.POLICY_LEAD)


@pytest.fixture
def change(ada: Person, actor_of: ActorOf) -> Change:
    return to_be_signed(actor_of(ada))


def test_policy_lead_and_legal_sign_what_ada_wrote(change: Change, bo: Person, pam: Person, actor_of: ActorOf) -> None:
    assert not holds(change, "signing.signed")
    signed(change, Role.POLICY_LEAD, actor_of(pam))
    assert not holds(change, "signing.signed")
    signature = signed(change, Role.LEGAL, actor_of(bo), words="Article 50 is met.")
    assert holds(change, "signing.signed")
    assert (signature.function, signature.digest) == ("legal", change.draft_digest)
    entry = Entry.objects.order_by("-number").first()
    assert entry is not None
    assert entry.kind == "policies.change-signed"
    assert "Article" not in entry.content


def test_nobody_signs_their_own_work_nor_for_whom_they_stand_in(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf
) -> None:
    from assay.governance.people.models import Absence

    assert slugs(signs(change, Role.POLICY_LEAD, actor_of(ada))) == {"own-work"}
    Absence.objects.create(
        person=ada,
        stand_in=bo,
        starts=SOME_MOMENT - timedelta(days=1),
        ends=SOME_MOMENT + timedelta(days=1),
        made_at=SOME_MOMENT,
    )
    assert slugs(signs(change, Role.LEGAL, actor_of(bo))) == {"own-work"}


def test_one_person_signs_for_one_role_only(change: Change, bo: Person, actor_of: ActorOf) -> None:
    signed(change, Role.LEGAL, actor_of(bo))
    assert slugs(signs(change, Role.OPERATIONS_LEAD, actor_of(bo))) == {"signed-already"}


def test_a_stand_in_signs_for_whom_they_say_and_that_one_not_again(change: Change, actor_of: ActorOf) -> None:
    from assay.governance.people.models import Delegation

    li, mo = a_person("Li", Role.LEGAL, Role.PRODUCT), a_person("Mo", Role.REVIEWER)
    Delegation.objects.create(
        giver=li,
        taker=mo,
        roles=["legal"],
        starts=SOME_MOMENT - timedelta(days=1),
        ends=SOME_MOMENT + timedelta(days=1),
        made_at=SOME_MOMENT,
    )
    signature = signed(change, Role.LEGAL, actor_of(mo))
    assert signature.stands_for == li
    assert slugs(signs(change, Role.PRODUCT, actor_of(li))) == {"same-hands"}


def test_a_role_that_is_not_held_is_refused(change: Change, pam: Person, actor_of: ActorOf) -> None:
    with pytest.raises(NotAllowed):
        signs(change, Role.LEGAL, actor_of(pam))


def test_what_changed_since_it_was_read_is_not_signed(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.commands.signing import sign

    read = seal(change)
    edited(change, actor_of(ada), "Another sentence.")
    made = sign(change=change, role=Role.LEGAL, verdict=Verdict.SIGNS, seal=read, by=actor_of(bo), at=SOME_MOMENT)
    assert slugs(made) == {"changed"}


def test_an_edit_voids_signatures_and_shows_what_changed_since(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.queries.sheets import as_signed, sheet_of

    signed(change, Role.POLICY_LEAD, actor_of(pam))
    before = dict(change.draft_files())
    signature = signed(change, Role.LEGAL, actor_of(bo))
    edited(change, actor_of(ada), "Another sentence.")
    assert not holds(change, "signing.signed")
    assert {each.state for each in sheet_of(change).former} == {"lapsed"}
    assert as_signed(signature) == before
    assert before != change.draft_files()


def test_a_signer_who_becomes_the_owner_counts_no_more(
    change: Change, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    signed(change, Role.POLICY_LEAD, actor_of(pam))
    signed(change, Role.LEGAL, actor_of(bo))
    change.owner = bo
    change.save(update_fields=["owner"])
    assert not holds(change, "signing.signed")
    # Beside an edition that came of it, it stands as it was signed.
    from assay.governance.policies.signing.queries.sheets import sheet_of

    assert {each.role for each in sheet_of(change, digest=change.draft_digest).signed} == {Role.LEGAL, Role.POLICY_LEAD}
    assert {each.role for each in sheet_of(change).signed} == {Role.POLICY_LEAD}


def test_a_signature_is_withdrawn_by_its_giver_until_the_launch(
    change: Change, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.commands.signing import withdraw_signature

    signed(change, Role.POLICY_LEAD, actor_of(pam))
    signature = signed(change, Role.LEGAL, actor_of(bo))

    def withdraw(by: Actor, words: str = "The court decided otherwise.") -> object:
        return withdraw_signature(change=change, signature=signature, words=words, by=by, at=SOME_MOMENT)

    with pytest.raises(NotAllowed):
        withdraw(actor_of(pam))
    assert slugs(withdraw(actor_of(bo), " ")) == {"no-words"}
    at_stage(change, Stage.LAUNCH)
    assert slugs(withdraw(actor_of(bo))) == {"not-to-be-signed"}
    at_stage(change, Stage.READINESS)
    assert not isinstance(withdraw(actor_of(bo)), list)
    assert not holds(change, "signing.signed")
    signed(change, Role.LEGAL, actor_of(bo))
    assert holds(change, "signing.signed")


def test_only_legal_stops_a_change_and_only_legal_lets_it_go(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.commands.vetoes import lift_veto, set_veto

    signed(change, Role.POLICY_LEAD, actor_of(pam))
    signed(change, Role.LEGAL, actor_of(bo))
    assert holds(change, "signing.no-veto")
    eve = actor_of(a_person("Eve", Role.EXECUTIVE))
    for by in (actor_of(ada), actor_of(pam), eve):
        with pytest.raises(NotAllowed):
            set_veto(change=change, words="No.", by=by, at=SOME_MOMENT)
    made = set_veto(change=change, words="It breaks article 5.", by=actor_of(bo), at=SOME_MOMENT)
    assert not isinstance(made, list)
    assert holds(change, "signing.signed")
    assert not holds(change, "signing.no-veto")
    edited(change, actor_of(ada), "Another sentence.")
    assert not holds(change, "signing.no-veto")
    for by in (actor_of(ada), actor_of(pam), eve):
        with pytest.raises(NotAllowed):
            lift_veto(change=change, words="Yes.", by=by, at=SOME_MOMENT)
    assert slugs(lift_veto(change=change, words="", by=actor_of(bo), at=SOME_MOMENT)) == {"no-words"}
    assert not isinstance(lift_veto(change=change, words="Mended.", by=actor_of(bo), at=SOME_MOMENT), list)
    assert holds(change, "signing.no-veto")


def test_a_condition_is_met_by_one_and_confirmed_by_another_of_the_function_that_set_it(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.commands.conditions import answer_condition, judge_condition
    from assay.governance.policies.signing.commands.signing import Asked

    signed(change, Role.POLICY_LEAD, actor_of(pam))
    asked = [Asked("The help centre says the same.", ada), Asked("Measured.", ada, "date", date(2027, 3, 1))]
    signature = signed(change, Role.LEGAL, actor_of(bo), verdict=Verdict.ON_CONDITIONS, conditions=asked)
    condition = signature.conditions.get(due="launch")
    assert holds(change, "signing.signed")
    assert holds(change, "signing.conditions")
    at_stage(change, Stage.READINESS)
    assert not holds(change, "signing.conditions")

    def judge(by: Actor, *, met: bool = True, words: str = "") -> object:
        return judge_condition(change=change, condition=condition, met=met, words=words, by=by, at=SOME_MOMENT)

    assert slugs(judge(actor_of(bo))) == {"not-answered"}
    with pytest.raises(NotAllowed):
        answer_condition(change=change, condition=condition, words="Done.", link="", by=actor_of(bo), at=SOME_MOMENT)
    answer_condition(change=change, condition=condition, words="Done.", link="", by=actor_of(ada), at=SOME_MOMENT)
    with pytest.raises(NotAllowed):
        judge(actor_of(pam))
    assert slugs(judge(actor_of(bo), met=False)) == {"no-words"}
    assert not isinstance(judge(actor_of(bo), met=False, words="The German page is missing."), list)
    assert not holds(change, "signing.conditions")
    answer_condition(change=change, condition=condition, words="Now.", link="help/1", by=actor_of(ada), at=SOME_MOMENT)
    li = a_person("Li", Role.LEGAL)
    assert not isinstance(judge(actor_of(li)), list)
    assert holds(change, "signing.conditions")
    # What is due by a day is asked once the day is past.
    assert not holds(change, "signing.conditions", SOME_MOMENT + timedelta(days=120))


def test_a_matrix_takes_effect_when_two_others_of_two_functions_approve(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.people.commands import approve
    from assay.governance.policies.signing.commands.matrix import propose_matrix
    from assay.governance.policies.signing.queries.matrix import matrix_now
    from assay.governance.policies.signing.rules.matrix import DEFAULT, Letter, Line

    def with_product(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(Line(Role.PRODUCT, Letter.CONSULTED, True) if one.role is Role.PRODUCT else one for one in lines)

    signed(change, Role.POLICY_LEAD, actor_of(pam))
    signed(change, Role.LEGAL, actor_of(bo))
    matrix = {"ordinary": with_product(DEFAULT["ordinary"]), "high": DEFAULT["high"]}
    made = propose_matrix(matrix=matrix, reason="Product has to agree.", by=actor_of(ada), at=SOME_MOMENT)  # type: ignore[arg-type]
    assert not isinstance(made, list), made
    assert slugs(approve(proposal=made, digest=made.digest, by=actor_of(ada), at=SOME_MOMENT)) == {"own-proposal"}
    both = {risk: with_product(lines) for risk, lines in DEFAULT.items()}
    other = propose_matrix(matrix=both, reason="For both.", by=actor_of(ada), at=SOME_MOMENT)
    assert not isinstance(approve(proposal=made, digest=made.digest, by=actor_of(pam), at=SOME_MOMENT), list)
    assert matrix_now().number == 0
    assert not isinstance(approve(proposal=made, digest=made.digest, by=actor_of(bo), at=SOME_MOMENT), list)
    assert (matrix_now().number, matrix_now().matrix) == (1, matrix)
    assert not holds(change, "signing.signed")
    # What was proposed from the former matrix would undo this one unseen.
    assert not isinstance(other, list), other
    approve(proposal=other, digest=other.digest, by=actor_of(pam), at=SOME_MOMENT)
    assert "changed" in slugs(approve(proposal=other, digest=other.digest, by=actor_of(bo), at=SOME_MOMENT))


def test_nobody_confirms_what_they_said_themselves_and_a_condition_is_due_after_its_day(
    change: Change, bo: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.commands.conditions import answer_condition, judge_condition
    from assay.governance.policies.signing.commands.signing import Asked

    li = a_person("Li", Role.LEGAL)
    asked = [Asked("Measured.", li, "date", date(2027, 3, 1))]
    signature = signed(change, Role.LEGAL, actor_of(bo), verdict=Verdict.ON_CONDITIONS, conditions=asked)
    assert holds(change, "signing.conditions", datetime(2027, 3, 1, 23, tzinfo=UTC))
    assert not holds(change, "signing.conditions", datetime(2027, 3, 2, tzinfo=UTC))
    condition = signature.conditions.get()
    given: dict[str, Any] = {"change": change, "condition": condition, "at": SOME_MOMENT}
    answer_condition(words="Done.", link="", by=actor_of(li), **given)
    assert slugs(judge_condition(met=True, words="", by=actor_of(li), **given)) == {"own-answer"}
    assert not isinstance(judge_condition(met=True, words="", by=actor_of(bo), **given), list)
