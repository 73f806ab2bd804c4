"""Of what is remembered the older half goes first."""

from __future__ import annotations

from assay.engine.kernel.memory import forget_half


def test_the_older_half_is_forgotten() -> None:
    memo = {number: str(number) for number in range(7)}
    forget_half(memo)
    assert memo == {3: "3", 4: "4", 5: "5", 6: "6"}


def test_one_entry_and_none_are_left_alone() -> None:
    for memo in ({}, {"a": 1}):
        before = dict(memo)
        forget_half(memo)
        assert memo == before
