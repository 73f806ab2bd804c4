"""Tricks by which somebody would count who may not, or be freed of what they set: none of them helps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assay.governance.office.operations import NotAllowed
from assay.governance.office.roles import Role
from assay.governance.policies.life.commands import advance, describe, name_owner, send_back
from assay.governance.policies.life.commands.wishes import Wish
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.signing.rules.counting import Verdict
from tests.governance.policies.life.houses import FRAUD
from tests.governance.policies.signing.desks import holds, only_signing, seal, signed, signs, slugs, to_be_signed
from tests.workbench.people import JOINED, SOME_MOMENT, ActorOf, a_person

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def _back_told_otherwise_and_on(change: Change, note: str, lead: Person, actor_of: ActorOf) -> None:
    by, at = actor_of(lead), SOME_MOMENT
    assert not isinstance(send_back(change=change, to=Stage.IMPACT, words="Once more.", by=by, at=at), list)
    change.refresh_from_db()
    wish = Wish(change.title, change.why, tuple(change.harms), tuple(change.markets), change.risk, note)
    assert not isinstance(describe(change=change, wish=wish, by=by, at=at), list)
    assert not isinstance(advance(change=change, by=by, at=at), list)


def test_what_the_public_is_told_is_signed_with_the_text(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.queries.sheets import sheet_of

    signed(change, Role.POLICY_LEAD, actor_of(pam))
    signed(change, Role.LEGAL, actor_of(bo))
    read = seal(change)
    assert holds(change, "signing.signed")
    _back_told_otherwise_and_on(change, "Nothing changes for anybody.", ada, actor_of)
    assert not holds(change, "signing.signed")
    assert {each.state for each in sheet_of(change).former} == {"lapsed"}
    assert read != seal(change)
    signed(change, Role.POLICY_LEAD, actor_of(pam))
    signed(change, Role.LEGAL, actor_of(bo))
    assert holds(change, "signing.signed")


def test_nobody_is_freed_of_a_condition_by_naming_its_signer_the_owner(
    change: Change, ada: Person, bo: Person, pam: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.signing.commands.signing import Asked
    from assay.governance.policies.signing.queries.sheets import sheet_of

    olu = a_person("Olu", Role.OPERATIONS_LEAD)
    signed(change, Role.POLICY_LEAD, actor_of(pam))
    signed(change, Role.LEGAL, actor_of(bo))
    asked = [Asked("Reviewers are trained first.", ada, "sign-off")]
    signed(change, Role.OPERATIONS_LEAD, actor_of(olu), verdict=Verdict.ON_CONDITIONS, conditions=asked)
    assert not holds(change, "signing.conditions")
    for person in (olu, ada):
        name_owner(change=change, stage=None, person=person, by=actor_of(ada), at=SOME_MOMENT)
    assert holds(change, "signing.signed")
    assert not holds(change, "signing.conditions")
    assert [each.words for each in sheet_of(change).conditions] == ["Reviewers are trained first."]


def test_a_role_for_one_policy_signs_no_change_that_writes_another(
    change: Change, ada: Person, actor_of: ActorOf
) -> None:
    from assay.governance.people.models import Grant
    from assay.governance.policies.life.drafts import put

    lee = a_person("Lee")
    Grant.objects.create(person=lee, role=Role.LEGAL, starts=JOINED, policies=["likeness"])
    signature = signed(change, Role.LEGAL, actor_of(lee))
    signature.delete()
    text = change.draft_files()[FRAUD].replace("We stop them.", "We stop nothing.")
    put(change, FRAUD, text, by=actor_of(ada), at=SOME_MOMENT + timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        signs(change, Role.LEGAL, actor_of(lee))
    assert slugs(signs(change, Role.POLICY_LEAD, actor_of(ada))) == {"own-work"}


def test_nobody_from_outside_is_named_for_anything_and_so_told_of_it(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.readiness.commands.checklist import assign_item
    from assay.governance.policies.readiness.queries.checklists import template_now
    from assay.governance.policies.signing.commands.signing import Asked

    rae, by = a_person("Rae", Role.EXTERNAL_EXPERT), actor_of(ada)
    item = template_now()[1][0].name
    assert "outside" in slugs(name_owner(change=change, stage=None, person=rae, by=by, at=SOME_MOMENT))
    assert "outside" in slugs(name_owner(change=change, stage=Stage.LAUNCH, person=rae, by=by, at=SOME_MOMENT))
    given = assign_item(change=change, item=item, owner=rae, due_on=None, by=by, at=SOME_MOMENT)
    assert "outside" in slugs(given)
    asked = [Asked("She looks at it.", rae)]
    made = signs(change, Role.LEGAL, actor_of(bo), verdict=Verdict.ON_CONDITIONS, conditions=asked)
    assert slugs(made) == {"outside"}


def test_who_has_a_hand_in_it_by_now_has_excused_no_item_of_the_checklist(
    change: Change, ada: Person, bo: Person, actor_of: ActorOf
) -> None:
    from assay.governance.policies.readiness.commands.checklist import mark_item
    from assay.governance.policies.readiness.queries.checklists import sheet_of, template_now
    from assay.governance.policies.readiness.rules.items import ItemState

    name = next(item.name for item in template_now()[1] if item.needed_for("ordinary") and not item.computed)
    state, words = ItemState.NOT_APPLICABLE, "Nothing of it is shown."
    made = mark_item(change=change, item=name, state=state, words=words, by=actor_of(bo), at=SOME_MOMENT)
    assert not isinstance(made, list), made
    assert name not in {each.item.name for each in sheet_of(change, SOME_MOMENT).open}
    name_owner(change=change, stage=None, person=bo, by=actor_of(ada), at=SOME_MOMENT)
    change.refresh_from_db()
    assert name in {each.item.name for each in sheet_of(change, SOME_MOMENT).open}
