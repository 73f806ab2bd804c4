"""A tree of steps ends, for every item, where deciding that item ends; and it asks nothing in vain."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.analysis.state import Scene
from assay.engine.analysis.tree import End, Tree, build_tree
from assay.engine.decision.decide import Decider
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.pack import Pack
from tests.laws.decisions.small_packs import MARKET, decide, small_cases, small_packs
from tests.makers import SOME_DAY


def scene_of(decider: Decider) -> Scene:
    return Scene.of(decider.scalar, decider.regime(SOME_DAY), decider.program.classes[-1])


def tree_of(decider: Decider, values: tuple[MaybeValue, ...], rules: set[str]) -> Tree:
    return build_tree(scene_of(decider), decider.questions, rules.__contains__, list(values))


def follow(tree: Tree, values: tuple[MaybeValue, ...]) -> tuple[End, list[int]]:
    """Where answering as an item is leads, and the signals asked on the way."""
    place, asked = tree.start, []
    while not isinstance(place, End):
        step = tree.steps[place - 1]
        asked.append(step.signal)
        (place,) = (branch.leads_to for branch in step.branches if values[step.signal] in branch.answers)
    return place, asked


def every_item(decider: Decider, values: tuple[MaybeValue, ...]) -> list[tuple[tuple[Value, ...], float]]:
    """Every item that the policy tells apart, as far as it is not known, with how likely it is by the priors."""
    choices: list[list[tuple[Value, float]]] = []
    for place, value in enumerate(values):
        domain = decider.residuals.domain(place)
        assert domain is not None
        weighted = list(zip(domain.values, domain.weights, strict=True))
        choices.append(weighted if value is None else [(value, 1.0)])
    return [(tuple(value for value, _ in row), prod(weight for _, weight in row)) for row in product(*choices)]


def drawn(data: st.DataObject) -> tuple[Pack, Decider, tuple[MaybeValue, ...]]:
    # What two compared signals come to cannot be told from one answer after the other.
    pack = data.draw(small_packs(comparisons=False))
    decider = Decider(pack)
    return pack, decider, data.draw(small_cases(pack))


@given(st.data())
def test_following_the_tree_ends_at_what_deciding_the_item_says(data: st.DataObject) -> None:
    pack, decider, values = drawn(data)
    wanted = data.draw(st.sets(st.sampled_from([rule.ref for rule in pack.rules])))
    tree = tree_of(decider, values, wanted)
    assert tree.complete
    kept = tuple(
        replace(policy, rules=tuple(rule for rule in policy.rules if rule.ref in wanted)) for policy in pack.policies
    )
    alone = Decider(replace(pack, policies=kept))
    for full, _ in every_item(decider, values):
        end, asked = follow(tree, full)
        assert set(decider.measure_ids(end.measures)) == set(decide(alone, full).applied(MARKET))
        outcome = decide(alone, full).outcome(MARKET)
        # Other rules may hold too, where they change nothing that is done.
        assert set(decider.rule_refs(end.rules)) <= set(alone.rule_refs(outcome.true))
        assert end.open_rules == 0
        assert len(asked) == len(set(asked))
        assert all(values[place] is None for place in asked)


@given(st.data())
def test_the_expected_number_of_questions_is_the_mean_over_all_items(data: st.DataObject) -> None:
    pack, decider, values = drawn(data)
    tree = tree_of(decider, values, {rule.ref for rule in pack.rules})
    lengths = [(len(follow(tree, full)[1]), likely) for full, likely in every_item(decider, values)]
    assert tree.expected_questions == pytest.approx(sum(length * likely for length, likely in lengths))
    assert tree.most_questions == max(length for length, _ in lengths)


@given(st.data())
def test_no_step_asks_what_every_answer_treats_alike(data: st.DataObject) -> None:
    pack, decider, values = drawn(data)
    tree = tree_of(decider, values, {rule.ref for rule in pack.rules})
    assert len({(step.signal, step.branches) for step in tree.steps}) == len(tree.steps)
    for step in tree.steps:
        domain = decider.residuals.domain(step.signal)
        assert domain is not None
        places = [branch.leads_to for branch in step.branches]
        assert len(places) >= 2
        assert len(set(places)) == len(places)
        answers = [answer for branch in step.branches for answer in branch.answers]
        assert sorted(map(repr, answers)) == sorted(map(repr, domain.values))
        assert sum(branch.likely for branch in step.branches) == pytest.approx(1.0)
        assert [branch.likely for branch in step.branches] == sorted((b.likely for b in step.branches), reverse=True)


@given(st.data())
def test_every_step_is_met_and_leads_onward(data: st.DataObject) -> None:
    pack, decider, values = drawn(data)
    tree = tree_of(decider, values, {rule.ref for rule in pack.rules})
    led_to = {branch.leads_to for step in tree.steps for branch in step.branches if isinstance(branch.leads_to, int)}
    assert {step.number for step in tree.steps} == led_to | ({tree.start} if isinstance(tree.start, int) else set())
    assert [step.number for step in tree.steps] == list(range(1, len(tree.steps) + 1))
    assert tree == tree_of(Decider(pack), values, {rule.ref for rule in pack.rules})
