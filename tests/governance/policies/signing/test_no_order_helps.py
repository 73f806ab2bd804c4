"""No order of signing, editing, standing in, handing over and stopping lets anybody count who may not."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assay.governance.office.operations import NotAllowed
from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.signing.rules.counting import Verdict
from tests.governance.policies.life.houses import begun, opened
from tests.governance.policies.signing.desks import at_stage, edited, holds, only_signing, signs
from tests.workbench.people import SOME_MOMENT, a_person

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person

NAMES = ("ada", "bo", "pam", "li", "mo", "eve")
WHO = st.sampled_from(NAMES)
LEGAL = {"bo", "li", "mo"}


def actor(person: Person) -> Actor:
    from assay.governance.people.actors import actor_of

    return actor_of(person, SOME_MOMENT)


class SignOff(RuleBasedStateMachine):
    """Everything that anybody may try with one change in sign-off. Mo acts for Li."""

    people: dict[str, Person]

    @initialize()
    def open(self) -> None:
        ada = actor(self.people["ada"])
        self.change = at_stage(edited(opened(ada, SOME_MOMENT), ada), Stage.SIGN_OFF)
        # Kept here by hand, so that the program is not asked what it is asked about.
        self.own = {self.people["ada"].reference}
        self.said: list[tuple[Reference, frozenset[Reference], Role, Verdict]] = []
        self.stopped = False

    @rule(who=WHO, role=st.sampled_from([Role.POLICY_LEAD, Role.LEGAL, Role.PRODUCT, Role.EXECUTIVE]),
          verdict=st.sampled_from([Verdict.SIGNS, Verdict.SIGNS, Verdict.DISSENTS]))  # fmt: skip
    def sign(self, who: str, role: Role, verdict: Verdict) -> None:
        by = actor(self.people[who])
        try:
            made = signs(self.change, role, by, verdict=verdict)
        except NotAllowed:
            assert role not in by.roles
            return
        if not isinstance(made, list):
            assert not by.hands & self.own
            self.said.append((by.who, by.hands, role, verdict))

    @rule(who=WHO)
    def edit(self, who: str) -> None:
        by = actor(self.people[who])
        edited(self.change, by, f"Said {self.change.revisions.count()} times.")
        self.own |= by.hands
        self.said.clear()

    @rule(who=WHO)
    def hand_over(self, who: str) -> None:
        from assay.governance.policies.life.commands import name_owner

        self.change.refresh_from_db()
        by = actor(self.people["ada"])
        named = name_owner(change=self.change, stage=None, person=self.people[who], due_on=None, by=by, at=SOME_MOMENT)
        if not isinstance(named, list):
            self.own |= {self.people[who].reference}

    @rule(who=WHO)
    def withdraw(self, who: str) -> None:
        from assay.governance.policies.signing.commands.signing import withdraw_signature

        for signature in self.change.signatures.filter(withdrawn_at=None, digest=self.change.draft_digest):
            by = actor(self.people[who])
            try:
                made = withdraw_signature(change=self.change, signature=signature, words="No.", by=by, at=SOME_MOMENT)
            except NotAllowed:
                assert signature.person != self.people[who]
                continue
            assert not isinstance(made, list)
            assert signature.person == self.people[who]
            self.said = [each for each in self.said if each[0] != by.who]

    @rule(who=WHO, lift=st.booleans())
    def stop(self, who: str, lift: bool) -> None:
        from assay.governance.policies.signing.commands.vetoes import lift_veto, set_veto

        by = actor(self.people[who])
        try:
            made = (lift_veto if lift else set_veto)(change=self.change, words="So.", by=by, at=SOME_MOMENT)
        except NotAllowed:
            assert who not in LEGAL
            return
        assert who in LEGAL
        if not isinstance(made, list):
            assert not (lift and by.hands & self.own)
            self.stopped = not lift

    @invariant()
    def the_gate_opens_for_nobody_who_may_not(self) -> None:
        if not hasattr(self, "change"):
            return
        counting = [each for each in self.said if not each[1] & self.own]
        agreed = [each for each in counting if each[3].agrees]
        assert not any(one[1] & other[1] for one, other in combinations(counting, 2))
        wanted = {Role.POLICY_LEAD} <= {each[2] for each in agreed} and Role.LEGAL in {each[2] for each in counting}
        enough = wanted and len({each[0] for each in agreed}) > 1 and len({each[2] for each in agreed}) > 1
        assert holds(self.change, "signing.signed") is enough
        assert holds(self.change, "signing.no-veto") is not self.stopped


@pytest.mark.django_db
def test_no_order_of_things_lets_anybody_count_who_may_not(ada: Person, bo: Person) -> None:
    from assay.governance.people.models import Delegation

    pam, li = a_person("Pam", Role.POLICY_LEAD, Role.PRODUCT), a_person("Li", Role.LEGAL)
    mo, eve = a_person("Mo", Role.PRODUCT), a_person("Eve", Role.EXECUTIVE)
    Delegation.objects.create(
        giver=li, taker=mo, roles=["legal"], starts=SOME_MOMENT - timedelta(days=1),
        ends=SOME_MOMENT + timedelta(days=1), made_at=SOME_MOMENT,
    )  # fmt: skip
    begun(actor(ada), SOME_MOMENT)
    SignOff.people = dict(zip(NAMES, (ada, bo, pam, li, mo, eve), strict=True))
    chosen = settings(
        max_examples=8, stateful_step_count=20, deadline=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    with only_signing():
        run_state_machine_as_test(SignOff, settings=chosen)
