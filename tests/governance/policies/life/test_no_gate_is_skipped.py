"""No path through the life cycle skips a gate: the real commands, in any order, by anybody, with gates shut or open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assay.governance.office.operations import NotAllowed
from assay.governance.policies.life.stages import ORDER, Stage
from tests.governance.policies.life.houses import LIKENESS, begun, only_gates, opened, told
from tests.workbench.people import SOME_MOMENT, ActorOf

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.people.models import Person
    from assay.governance.policies.life.gates import Find, Requirement
    from assay.governance.policies.life.models import Change

STAGES: list[Stage] = [stage for stage in ORDER if stage not in (Stage.IN_FORCE, Stage.REVIEW_DUE, Stage.RETIRED)]
WHO = st.sampled_from(["ada", "bo", "cy", "eve", "clerk"])
AT = st.sampled_from(STAGES)


class House:
    """Gates of every stage that the machine shuts and opens; whether each held when it was passed is looked up here."""

    def __init__(self) -> None:
        self.shut: set[str] = set()
        self.gates = dict(self._made())

    def _made(self) -> list[tuple[str, Requirement]]:
        from assay.governance.policies.life.gates import Requirement

        return [
            (name, Requirement(name, stage, "It holds.", self._find(name), stays=stays, waivable=waivable))
            for stage in STAGES
            for name, stays, waivable in (
                (f"house.{stage.value}", False, False),
                (f"house.{stage.value}-stays", True, False),
                (f"house.{stage.value}-waivable", False, True),
            )
        ]

    def _find(self, name: str) -> Find:
        from assay.governance.policies.life.gates import Finding

        return lambda change, at: Finding(met=name not in self.shut, words="as the test says")

    def wanted(self, stage: Stage) -> set[str]:
        """What must hold to leave a stage, said here once more and otherwise than the program does."""
        own = {f"house.{stage.value}", f"house.{stage.value}-waivable", f"house.{stage.value}-stays"}
        if stage is Stage.LAUNCH:
            return own
        return own | {f"house.{each.value}-stays" for each in STAGES[: STAGES.index(stage)]}


class Life(RuleBasedStateMachine):
    """Everything that anybody may try with one change."""

    people: dict[str, Actor]

    @initialize()
    def open(self) -> None:
        self.house = House()
        self.held = only_gates(self.house.gates)
        self.held.__enter__()
        self.clock = SOME_MOMENT
        self.change = opened(self.people["ada"], self.now())
        self.waived: set[str] = set()
        self.told = False

    def now(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def fresh(self) -> Change:
        self.change.refresh_from_db()
        return self.change

    @rule(who=WHO, which=st.integers(0, 40))
    def advance_with_one_gate_shut(self, who: str, which: int) -> None:
        names = sorted(self.house.wanted(self.fresh().at_stage)) if self.change.at_stage in STAGES else [""]
        self.house.shut = {names[which % len(names)]}
        self.advance(who)

    @rule(kind=st.sampled_from(["", "-stays", "-waivable"]), who=WHO)
    def put_aside_here_then_advance(self, kind: str, who: str) -> None:
        here = self.fresh().at_stage
        self.waive(who, here, kind)
        self.house.shut = {f"house.{here.value}{kind}"}
        self.advance("ada")

    def advance(self, who: str) -> None:
        from assay.governance.policies.life.commands import advance

        before = self.fresh().at_stage
        try:
            made = advance(change=self.change, by=self.people[who], at=self.now())
        except NotAllowed:
            assert who in ("bo", "cy", "eve")
            made = []
        after = self.fresh().at_stage
        if isinstance(made, list):
            assert after is before
            return
        assert who in ("ada", "clerk")
        assert who == "ada" or before is Stage.LAUNCH
        assert ORDER.index(after) == ORDER.index(before) + 1
        missing = (self.house.wanted(before) & self.house.shut) - self.waived
        assert not missing, f"{before} was left although {missing} did not hold"
        assert {each["name"] for each in made.evidence} == self.house.wanted(before)

    @rule(steps=st.integers(1, 10))
    def walk(self, steps: int) -> None:
        # Far stages would hardly ever be met by chance alone.
        self.house.shut.clear()
        for _ in range(steps):
            self.advance("ada")

    @rule(who=WHO, to=AT)
    def send_back(self, who: str, to: Stage) -> None:
        from assay.governance.policies.life.commands import send_back

        before = self.fresh().at_stage
        try:
            made = send_back(change=self.change, to=to, words="Look again.", by=self.people[who], at=self.now())
        except NotAllowed:
            assert who != "ada"
            return
        if isinstance(made, list):
            assert self.fresh().at_stage is before
        else:
            assert not self.told
            assert ORDER.index(to) < ORDER.index(before)

    def waive(self, who: str, stage: Stage, kind: str) -> None:
        from assay.governance.policies.life.commands import waive

        name, here = f"house.{stage.value}{kind}", self.fresh().at_stage
        try:
            made = waive(change=self.change, requirement=name, words="Known.", by=self.people[who], at=self.now())
        except NotAllowed:
            assert who in ("bo", "cy", "clerk")
            return
        if not isinstance(made, list):
            # Ada opened the change, and nobody puts a requirement of their own work aside.
            assert who == "eve"
            assert kind == "-waivable"
            assert stage is here
            self.waived.add(name)

    @rule()
    def edit(self) -> None:
        from assay.governance.policies.life.drafts import put

        if self.fresh().is_editable:
            text = f"edited at {self.now().isoformat()}\n"
            put(self.change, LIKENESS, text, by=self.people["ada"], at=self.clock)
            # What was put aside was so for the text as it stood.
            self.waived.clear()

    @rule()
    def tell(self) -> None:
        from assay.governance.policies.life.editions import make_edition

        if self.fresh().at_stage in (Stage.PILOT, Stage.LAUNCH) and not self.told:
            at = self.now()
            edition = make_edition(self.change.draft_files(), change=self.change, by=self.people["ada"], at=at)
            told(edition, "shadow", "pilot", at=at)
            self.told = True

    @invariant()
    def steps_tell_the_whole_way(self) -> None:
        if not hasattr(self, "change"):
            return
        here = Stage.IDEA
        for step in self.change.steps.all():
            assert Stage(step.leaves) is here
            here = Stage(step.enters)
        assert here is self.fresh().at_stage

    def teardown(self) -> None:
        if hasattr(self, "held"):
            self.held.__exit__(None, None, None)


@pytest.mark.django_db
def test_no_path_through_the_life_cycle_skips_a_gate(
    ada: Person, bo: Person, cy: Person, actor_of: ActorOf, at: datetime
) -> None:
    from assay.governance.office.actor import SYSTEM
    from assay.governance.office.roles import Role
    from tests.workbench.people import a_person

    begun(actor_of(ada), at)
    eve = a_person("Eve", Role.EXECUTIVE)
    people = {"ada": actor_of(ada), "bo": actor_of(bo), "cy": actor_of(cy), "eve": actor_of(eve), "clerk": SYSTEM}
    Life.people = people
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=8, stateful_step_count=30, deadline=None, derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )  # fmt: skip
