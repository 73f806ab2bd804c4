"""Assertions come to one value or to unknown: by precedence, never by averaging, and conflicts are named."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from assay.engine.decision.assertion import Assertion
from assay.engine.decision.item import Item
from assay.engine.decision.resolve import Resolution, resolve
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.vocabulary import Signal, Vocabulary
from tests.makers import a_signal, a_vocabulary

NOW = 1_000
KIND = a_signal("kind", "choice")
TECHNIQUE = a_signal("technique", "set")


def says(
    value: Value,
    by: str = "reviewer",
    source: str = "ada",
    *,
    sure: float | None = None,
    at: int | None = None,
    signal: str = "kind",
) -> Assertion:
    return Assertion(signal, value, by, source, sure, at)


def resolved(*assertions: Assertion, signal: Signal = KIND, given: MaybeValue = None) -> Resolution:
    vocabulary = a_vocabulary(signal)
    return resolve(Item("upload-1", (given,), {}, assertions), vocabulary, NOW)


def value_of(*assertions: Assertion, signal: Signal = KIND) -> MaybeValue:
    return resolved(*assertions, signal=signal).values[0]


def test_without_assertions_the_values_are_those_given() -> None:
    assert resolved(given="adult") == Resolution(("adult",))


def test_the_stronger_asserter_prevails_over_the_surer_and_the_later() -> None:
    strong, weak = says("adult", "reviewer", sure=0.6, at=1), says("minor", "detector", "d", sure=0.99, at=900)
    found = resolved(weak, strong)
    assert found.values == ("adult",)
    assert found.prevailed == {"kind": strong}
    assert found.conflicts == {}


@pytest.mark.parametrize(
    ("order", "expected"), [(("uploader", "evidence"), "minor"), (("evidence", "uploader"), "adult")]
)
def test_a_signal_may_have_an_order_of_its_own(order: tuple[str, ...], expected: str) -> None:
    signal = replace(KIND, precedence=order)
    assert value_of(says("adult", "evidence"), says("minor", "uploader"), signal=signal) == expected


def test_whoever_the_order_does_not_name_comes_last() -> None:
    signal = replace(KIND, precedence=("detector",))
    assert value_of(says("adult", "reviewer"), says("minor", "detector"), signal=signal) == "minor"
    assert value_of(says("adult", "reviewer"), says("minor", "uploader"), signal=signal) is None


def test_equals_who_differ_leave_it_unknown_and_are_named() -> None:
    ada, bo = says("adult", source="ada"), says("minor", source="bo")
    found = resolved(bo, ada, says("nobody", "detector"))
    assert found.values == (None,)
    assert found.conflicts == {"kind": (ada, bo)}
    assert found.prevailed == {}


def test_equals_who_agree_are_no_conflict() -> None:
    found = resolved(says("adult", source="bo"), says("adult", source="ada"))
    assert found.values == ("adult",)
    assert found.prevailed["kind"].source == "ada"


def test_a_source_that_contradicts_itself_at_one_moment_is_a_conflict() -> None:
    found = resolved(says("adult", at=5), says("minor", at=5))
    assert found.values == (None,)
    assert [one.value for one in found.conflicts["kind"]] == ["adult", "minor"]


def test_of_one_source_the_latest_counts() -> None:
    assert value_of(says("adult", at=5), says("minor", at=6)) == "minor"
    assert value_of(says("minor", at=6), says("adult", at=5)) == "minor"


@pytest.mark.parametrize("at", [1, 0, -5])
def test_what_has_no_time_is_older_than_what_has_one(at: int) -> None:
    assert value_of(says("adult"), says("minor", at=at)) == "minor"
    assert value_of(says("minor", at=at), says("adult")) == "minor"


def test_an_old_contradiction_of_a_source_with_itself_is_overtaken_in_any_order() -> None:
    assertions = (says("adult", at=1), says("minor", at=1), says("nobody", at=2))
    assert {value_of(*order) for order in permutations(assertions)} == {"nobody"}
    assert not any(resolved(*order).conflicts for order in permutations(assertions))


def test_a_strange_source_is_not_mistaken_for_another() -> None:
    found = resolved(says("adult", source="ada"), says("minor", source="ada"), says("nobody", source="ada\x001"))
    assert {one.value for one in found.conflicts["kind"]} == {"adult", "minor", "nobody"}


def test_later_than_the_instant_does_not_count() -> None:
    assert value_of(says("adult", at=NOW)) == "adult"
    assert value_of(says("adult", at=NOW + 1)) is None
    assert value_of(says("minor", "reviewer", at=NOW + 1), says("adult", "detector")) == "adult"


def test_below_the_confidence_a_signal_asks_for_an_assertion_is_set_aside() -> None:
    signal = replace(KIND, confidence_at_least=0.8)
    assert value_of(says("adult", sure=0.8), signal=signal) == "adult"
    assert value_of(says("adult", sure=0.79), signal=signal) is None
    assert value_of(says("adult"), signal=signal) == "adult"
    assert value_of(says("minor", sure=0.5), says("adult", "detector", sure=0.9), signal=signal) == "adult"
    assert value_of(says("minor", source="bo", sure=0.5), says("adult", sure=0.9), signal=signal) == "adult"


def test_whoever_may_not_assert_a_signal_is_not_heard() -> None:
    signal = replace(KIND, asserted_by=("reviewer",))
    assert value_of(says("adult", "detector"), signal=signal) is None


def test_a_value_given_in_signals_is_not_disputed() -> None:
    found = resolved(says("minor"), says("nobody", source="bo"), given="adult")
    assert found == Resolution(("adult",))


def test_sets_are_compared_whole_and_conflicts_stand_in_a_fixed_order() -> None:
    one = says(frozenset({"face_swap", "voice_clone"}), signal="technique")
    other = says(frozenset({"voice_clone"}), signal="technique")
    found = resolved(other, one, signal=TECHNIQUE)
    assert found.conflicts == {"technique": (one, other)}
    assert value_of(one, replace(one, source="bo"), signal=TECHNIQUE) == one.value


def test_signals_are_resolved_apart() -> None:
    vocabulary: Vocabulary = a_vocabulary(KIND, TECHNIQUE)
    assertions = (says("adult"), says("minor", source="bo"), says(frozenset(), "detector", signal="technique"))
    found = resolve(Item("upload-1", (None, None), {}, assertions), vocabulary, NOW)
    assert found.values == (None, frozenset())
    assert set(found.conflicts) == {"kind"}
    assert set(found.prevailed) == {"technique"}


def test_of_those_who_say_the_same_the_surest_is_named_in_any_order() -> None:
    surest = says("adult", sure=0.9)
    others = (says("adult", sure=0.2), says("adult"))
    for order in permutations((surest, *others)):
        assert resolved(*order).prevailed == {"kind": surest}
