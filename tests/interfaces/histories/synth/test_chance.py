"""Chance falls where its weights say, and every name has its own."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assay.interfaces.histories.synth.chance import STEPS, Wheel, bits_of, mixed, shares_of, stream

weights = st.lists(st.floats(0, 100), min_size=1, max_size=300).filter(lambda found: sum(found) > 1e-3)


@given(st.lists(weights, min_size=1, max_size=4), st.integers(0, 1))
def test_a_wheel_gives_each_value_its_share_to_a_step(rows: list[list[float]], first: int) -> None:
    wheel = Wheel.of(rows, first=first)
    every = (np.arange(STEPS) * (65536 // STEPS)).astype(np.uint16)
    for number, row in enumerate(rows):
        codes = wheel.spin(np.full(STEPS, number, np.int64), every)
        counts = np.bincount(codes.astype(np.int64), minlength=first + len(row))[first:]
        assert counts.sum() == STEPS
        assert all(
            abs(count - weight * STEPS / sum(row)) < 1.0 + 1e-6 for count, weight in zip(counts, row, strict=True)
        )


def test_what_weighs_nothing_never_comes_up() -> None:
    wheel = Wheel.of([[0.0, 1.0, 0.0, 2.0]])
    assert set(wheel.table.tolist()) == {1, 3}


def test_one_name_moves_nothing_of_another() -> None:
    assert (bits_of(stream(1, "a"), 100) == bits_of(stream(1, "a"), 100)).all()
    assert (bits_of(stream(1, "a"), 100) != bits_of(stream(1, "b"), 100)).any()
    assert (bits_of(stream(1, "a"), 100) != bits_of(stream(2, "a"), 100)).any()
    # The first bits stay the same however many are asked for.
    assert (bits_of(stream(1, "a"), 100) == bits_of(stream(1, "a"), 1000)[:100]).all()


def test_shares_lie_evenly_between_nothing_and_one() -> None:
    shares = shares_of(stream(3, "even"), 100_000)
    assert shares.min() >= 0 and shares.max() < 1
    counts = np.histogram(shares, 10, (0, 1))[0]
    assert abs(counts - 10_000).max() < 500


def test_scrambled_numbers_are_all_different_and_even() -> None:
    found = mixed(np.arange(100_000, dtype=np.uint64), "creator")
    assert len(set(found.tolist())) == 100_000
    assert abs(np.histogram(found >> np.uint64(60), 16, (0, 16))[0] - 6250).max() < 400


def test_chance_is_the_same_on_every_machine_and_in_every_release() -> None:
    assert bits_of(stream(1, "a", 2), 4).tolist() == [26227, 11665, 11652, 38078]
    assert shares_of(stream(1, "a"), 2).tolist() == [0.5335991270840168, 0.6593293275218457]
    assert mixed(np.arange(2, dtype=np.uint64), "creator").tolist() == [14334908335850582983, 3428580646291096216]
