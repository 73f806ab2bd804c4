"""The order of stages: nothing is skipped, nothing leads out of what is over, and every gate is on the only way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.governance.policies.life.stages import (
    BEFORE_FORCE,
    ORDER,
    OWNER,
    Stage,
    earlier,
    may_go_back,
    may_go_on,
    may_withdraw,
    next_of,
)

STAGES = st.sampled_from(list(Stage))


@given(STAGES, st.lists(st.one_of(st.none(), STAGES), max_size=40))
def test_whoever_stands_at_a_stage_has_been_through_all_before_it(start: Stage, moves: list[Stage | None]) -> None:
    # None goes on, a stage goes back to it: whatever is tried, the way there led through every stage in order.
    here, been = Stage.IDEA, [Stage.IDEA]
    for move in moves:
        after = next_of(here) if move is None else move
        if move is None and (after is None or not may_go_on(here)):
            continue
        if move is not None and not may_go_back(here, move):
            continue
        assert after is not None
        assert move is not None or ORDER.index(after) == ORDER.index(here) + 1
        here = after
        been.append(here)
        assert set(earlier(here)) <= set(been)


@given(STAGES, STAGES)
def test_nothing_goes_back_to_a_later_stage_or_from_what_decides(here: Stage, to: Stage) -> None:
    if may_go_back(here, to):
        assert here in BEFORE_FORCE
        assert ORDER.index(to) < ORDER.index(here)


def test_what_is_over_has_no_way_out() -> None:
    for stage in (Stage.RETIRED, Stage.WITHDRAWN):
        assert next_of(stage) is None
        assert not may_go_on(stage)
        assert not may_withdraw(stage)
        assert not any(may_go_back(stage, to) for to in Stage)


def test_every_stage_that_can_be_left_is_somebodys_step() -> None:
    assert set(OWNER) == set(ORDER) - {Stage.RETIRED}
