"""Quality by a sample of labels within a sample of items, against a population of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.labels.opinions import DONE, NOT
from assay.engine.backtest.estimate.labels.quality import (
    Found,
    Part,
    Parts,
    Rows,
    overturn,
    precision,
    prevalence,
    recall,
)
from assay.engine.backtest.moments import Stratum

SIZE, DRAWN, WEIGHT = 30_000, 3_000, 10.0
DESIGN = Design.of({"a": Stratum("a", DRAWN, WEIGHT * DRAWN, WEIGHT**2 * DRAWN, equal=True)})


def rows_of(rows: int) -> Rows:
    return Rows(rows, WEIGHT * rows, WEIGHT**2 * rows)


def found_of(rows: int, right: int) -> Found:
    w, ww = WEIGHT, WEIGHT**2
    return Found(rows, right, w * rows, ww * rows, w * right, ww * right, ww * right)


def parts_of(done: NDArray[np.bool_], right: NDArray[np.bool_], labelled: NDArray[np.bool_]) -> Parts:
    return tuple(
        Part(
            "a",
            state,
            rows_of(int(here.sum())),
            found_of(int((here & labelled).sum()), int((here & labelled & right).sum())),
        )
        for state, here in ((NOT, ~done), (DONE, done))
    )


def test_the_textbooks_double_sample() -> None:
    # Cochran 1977, equation 12.3 and its variance 12.24 without the finite population's part: two strata of a first
    # sample of 1,000 with weights 0.3 and 0.7; 50 of 100 labelled, and 10 of 200.
    strata = {"a": Stratum("a", 1_000, 1e9, 1e15, equal=True)}
    big = 1e6
    parts = tuple(
        Part(
            "a",
            state,
            Rows(rows, big * rows, big**2 * rows),
            Found(seen, hits, *[k * seen for k in (big, big**2)], *[k * hits for k in (big, big**2, big**2)]),
        )
        for state, rows, seen, hits in ((NOT, 700, 200, 10), (DONE, 300, 100, 50))
    )
    found = prevalence(Design.of(strata), parts)
    assert found.value == pytest.approx(0.3 * 0.5 + 0.7 * 0.05)
    within = 0.3**2 * 0.25 / 99 + 0.7**2 * 0.0475 / 199
    between = (0.3 * (0.5 - 0.185) ** 2 + 0.7 * (0.05 - 0.185) ** 2) / 999
    assert found.low is not None and found.high is not None
    assert (found.high - found.low) / (2 * 1.975) == pytest.approx((within + between) ** 0.5, rel=0.02)


def test_one_hundred_of_one_hundred_leave_three_in_a_hundred_open() -> None:
    done = np.ones(100, np.bool_)
    strata = {"a": Stratum("a", 100, 100 * WEIGHT, 100 * WEIGHT**2, equal=True)}
    found = precision(Design.of(strata), parts_of(done, done, done))
    assert found.value == found.high == 1.0
    assert found.low == pytest.approx(0.97, abs=1e-3)


def test_nothing_done_has_no_precision_and_nothing_right_no_recall() -> None:
    no = np.zeros(100, np.bool_)
    assert not precision(DESIGN, parts_of(no, ~no, ~no)).known
    assert not recall(DESIGN, parts_of(~no, no, ~no)).known
    assert not prevalence(DESIGN, ()).known


@pytest.mark.slow
@pytest.mark.parametrize(
    ("done_share", "precise", "missed", "looked_at"),
    [(0.1, 0.8, 0.03, (0.8, 0.3)), (0.05, 0.85, 0.004, (0.9, 0.5)), (0.3, 0.95, 0.2, (1.0, 1.0))],
)
def test_intervals_hold_the_truth_as_often_as_they_say(
    done_share: float, precise: float, missed: float, looked_at: tuple[float, float]
) -> None:
    chance = np.random.default_rng(3)
    done = chance.random(SIZE) < done_share
    right = chance.random(SIZE) < np.where(done, precise, missed)
    kinds = {
        precision: right[done].mean(),
        recall: done[right].mean(),
        prevalence: right.mean(),
        overturn: (~right)[done].mean(),
    }
    hits = dict.fromkeys(kinds, 0)
    for _ in range(1_000):
        drawn = chance.choice(SIZE, DRAWN, replace=False)
        labelled = chance.random(DRAWN) < np.where(done[drawn], *looked_at)
        parts = parts_of(done[drawn], right[drawn], labelled)
        for kind, truth in kinds.items():
            found = kind(DESIGN, parts)
            assert found.low is not None and found.high is not None
            hits[kind] += found.low <= truth <= found.high
    assert {kind.__name__: count / 1_000 for kind, count in hits.items() if not 930 <= count <= 970} == {}
