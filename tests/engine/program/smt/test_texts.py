"""A text that is made up passes every test it is to pass and fails the others, or there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.program.core import Among, Atom, TextTest
from assay.engine.program.smt.texts import text_that

PARTS = st.text("ab x0-", min_size=1, max_size=3)
TESTS = st.one_of(
    st.builds(TextTest, st.just("p"), st.sampled_from(("contains", "startsWith", "endsWith")), PARTS),
    st.builds(lambda text: Among("p", frozenset((text,))), st.text("ab x", max_size=3)),
)


def up_to(longest: int) -> Callable[[int], bool]:
    return lambda length: length <= longest


@given(st.dictionaries(TESTS.map(Atom), st.booleans(), max_size=5), st.integers(0, 6), st.integers(0, 9))
def test_what_is_found_is_never_wrong(wanted: dict[Atom, bool], longest: int, size: int) -> None:
    found = text_that(wanted, up_to(longest), size)
    if found is not None:
        assert len(found) <= longest
        assert all(atom.passes(found) == said for atom, said in wanted.items())


def begins(part: str) -> Atom:
    return Atom(TextTest("p", "startsWith", part))


def ends(part: str) -> Atom:
    return Atom(TextTest("p", "endsWith", part))


def has(part: str) -> Atom:
    return Atom(TextTest("p", "contains", part))


def equals(text: str) -> Atom:
    return Atom(Among("p", frozenset((text,))))


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {equals("made with AI"): True},
        {equals(""): True},
        {equals(""): False},
        {begins("#ai"): True, ends("ai#"): True},
        {has("guaranteed"): True, begins("guaranteed"): False},
        {has("AI"): True, has("x"): False, ends("AI"): False},
        {has("one"): True, has("two"): True, begins("one"): False, begins("two"): False},
        {begins("a"): True, ends("a"): True},
        {has(" "): False, has("-"): False, equals(""): False},
        {begins("ab"): True, begins("a"): True, has("b"): True, ends("b"): False},
    ],
)
def test_everyday_wishes_are_fulfilled(wanted: dict[Atom, bool]) -> None:
    found = text_that(wanted, up_to(40), 0)
    assert found is not None and all(atom.passes(found) == said for atom, said in wanted.items())


def test_a_text_has_the_length_that_was_asked_for() -> None:
    found = text_that({begins("ab"): True, ends("cd"): True}, lambda length: length == 30, 30)
    assert found is not None and len(found) == 30
    assert text_that({begins("abc"): True}, up_to(2), 2) is None


def test_beginning_and_end_may_share_characters() -> None:
    assert text_that({begins("#ai"): True, ends("ai#"): True}, up_to(4), 4) == "#ai#"
    assert text_that({begins("#ai"): True, ends("ai#"): True}, up_to(3), 3) is None
