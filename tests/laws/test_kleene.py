"""Kleene's strong logic keeps its laws, and never claims to know more than it was told."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth, all_of, any_of, from_planes, negate, truth_of

TRUTHS = st.sampled_from(Truth)
SEVERAL = st.lists(TRUTHS, max_size=5)


def conjunction(one: Truth, other: Truth) -> Truth:
    return all_of((one, other))


def disjunction(one: Truth, other: Truth) -> Truth:
    return any_of((one, other))


def less_known(one: Truth, other: Truth) -> bool:
    """Whether the first could become the second when somebody learns more."""
    return one in (UNKNOWN, other)


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (NO, NO, NO, NO),
        (NO, UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_the_tables_are_kleenes(one: Truth, other: Truth, both: Truth, either: Truth) -> None:
    assert conjunction(one, other) is conjunction(other, one) is both
    assert disjunction(one, other) is disjunction(other, one) is either


@given(TRUTHS)
def test_no_is_denied_twice(value: Truth) -> None:
    assert negate(negate(value)) is value
    assert (negate(value) is UNKNOWN) is (value is UNKNOWN)


@given(SEVERAL)
def test_de_morgan_holds_for_any_number(values: list[Truth]) -> None:
    assert negate(all_of(values)) is any_of([negate(value) for value in values])
    assert negate(any_of(values)) is all_of([negate(value) for value in values])


@given(SEVERAL)
def test_order_and_repetition_change_nothing(values: list[Truth]) -> None:
    turned = values[::-1] + values
    assert all_of(turned) is all_of(values)
    assert any_of(turned) is any_of(values)


@given(SEVERAL, SEVERAL)
def test_parts_may_be_joined_first(left: list[Truth], right: list[Truth]) -> None:
    assert all_of([all_of(left), all_of(right)]) is all_of(left + right)
    assert any_of([any_of(left), any_of(right)]) is any_of(left + right)


@given(TRUTHS, TRUTHS, TRUTHS)
def test_each_distributes_over_the_other_and_absorbs_it(one: Truth, two: Truth, three: Truth) -> None:
    assert conjunction(one, disjunction(two, three)) is disjunction(conjunction(one, two), conjunction(one, three))
    assert disjunction(one, conjunction(two, three)) is conjunction(disjunction(one, two), disjunction(one, three))
    assert conjunction(one, disjunction(one, two)) is one


def test_the_excluded_middle_and_contradiction_stay_open() -> None:
    assert disjunction(UNKNOWN, negate(UNKNOWN)) is UNKNOWN
    assert conjunction(UNKNOWN, negate(UNKNOWN)) is UNKNOWN


def test_learning_more_never_turns_an_answer() -> None:
    for before, after in product(product(Truth, repeat=2), repeat=2):
        if all(less_known(b, a) for b, a in zip(before, after, strict=True)):
            assert less_known(all_of(before), all_of(after))
            assert less_known(any_of(before), any_of(after))
            assert less_known(negate(before[0]), negate(after[0]))


def test_two_valued_answers_are_those_of_ordinary_logic() -> None:
    for one, other in product((True, False), repeat=2):
        assert conjunction(truth_of(one), truth_of(other)) is truth_of(one and other)
        assert disjunction(truth_of(one), truth_of(other)) is truth_of(one or other)


def test_nothing_at_all_is_neutral() -> None:
    assert all_of([]) is YES
    assert any_of([]) is NO


@pytest.mark.parametrize(("true", "possible", "truth"), [(1, 1, YES), (0, 1, UNKNOWN), (0, 0, NO), (True, False, YES)])
def test_two_planes_are_one_truth(true: int, possible: int, truth: Truth) -> None:
    assert from_planes(true, possible) is truth


def test_a_truth_refuses_to_be_taken_for_a_bool() -> None:
    for value in Truth:
        with pytest.raises(TypeError, match="compare it"):
            bool(value)
