"""Who carries an excess is found by what would be left without them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.deciding.rails.blame import rules_that_impose, to_hold
from tests.interfaces.deciding.small_service import small_bundle

RULES = ("a", "b", "c", "d")
SETS = st.dictionaries(st.frozensets(st.sampled_from(RULES), min_size=1), st.integers(1, 50), min_size=1)


def left_without(imposed: Counter[frozenset[str]], held: tuple[str, ...]) -> int:
    return sum(count for rules, count in imposed.items() if rules - set(held))


@given(SETS, st.floats(0, 1))
def test_what_is_left_is_inside_and_no_rule_was_held_in_vain(given_: dict[frozenset[str], int], keep: float) -> None:
    imposed = Counter(given_)
    held = to_hold(imposed, keep)
    wanted = sum(imposed.values()) * keep
    assert left_without(imposed, held) <= wanted
    assert not held or left_without(imposed, held[:-1]) > wanted


def test_the_largest_comes_first() -> None:
    imposed = Counter({frozenset("a"): 60, frozenset("b"): 30, frozenset("c"): 10})
    assert to_hold(imposed, 0.5) == ("a",)
    assert to_hold(imposed, 0.2) == ("a", "b")
    assert to_hold(imposed, 1.0) == ()


def test_what_two_rules_impose_together_is_left_until_both_are_held() -> None:
    imposed = Counter({frozenset("ab"): 80, frozenset("c"): 20})
    assert to_hold(imposed, 0.5) == ("a", "b")


def test_rules_of_other_markets_are_spared() -> None:
    bundle = small_bundle()
    assert rules_that_impose(bundle, "removed", None) == ("likeness/intimate",)
    assert rules_that_impose(bundle, "label:ai", "rest") == ("likeness/label",)
    assert rules_that_impose(bundle, "not_recommended", None) == ()
