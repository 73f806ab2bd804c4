"""The chance of a false alarm is never larger than is said, and never so small that nothing is seen."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from assay.interfaces.deciding.rails.judging.bands import wilson
from assay.interfaces.deciding.rails.judging.evidence import evidence, wanted_evidence


def brought(hits: float, trials: float, edge: float) -> float:
    return float(evidence(np.array([hits]), np.array([trials]), np.array([edge]))[0])


@given(st.integers(1, 5_000), st.data(), st.floats(0.0001, 0.9))
def test_so_many_hits_are_never_likelier_than_the_evidence_says(trials: int, data: st.DataObject, edge: float) -> None:
    hits = data.draw(st.integers(0, trials))
    above = hits / trials >= edge
    likely = binom.sf(hits - 1, trials, edge) if above else binom.cdf(hits, trials, edge)
    assert likely <= exp(-brought(hits, trials, edge)) * (1 + 1e-9)


def test_the_bound_is_not_idle() -> None:
    # 60 hits where 30 are expected: the exact chance is some in ten million, and the bound within a factor of 20.
    likely = float(binom.sf(59, 1_000, 0.03))
    assert likely < exp(-brought(60, 1_000, 0.03)) < 20 * likely


def test_the_normal_curve_would_cry_wolf_over_rare_measures() -> None:
    # At one in ten thousand, 3 hits in 2,000: about once in a thousand looks, and Wilson's bound calls it six sigma.
    trials, edge, z = 2_000, 1e-4, 6.0
    score = (3 / trials - edge) / (edge * (1 - edge) / trials) ** 0.5
    assert score > z
    assert float(binom.sf(2, trials, edge)) > 1e-3
    assert exp(-brought(3, trials, edge)) > 1e-3


def test_every_look_is_paid_for() -> None:
    one = wanted_evidence(false_alarms=1, looks_per_second=1, judged=1)
    many = wanted_evidence(false_alarms=1, looks_per_second=1, judged=1_000)
    assert exp(one) == pytest.approx(365 * 86_400)
    assert exp(many) == pytest.approx(365 * 86_400 * 1_000)


def test_a_hit_where_none_can_be_is_proof_and_none_at_all_is_none() -> None:
    assert brought(1, 100, 0.0) == float("inf")
    assert brought(0, 0, 0.1) == 0.0
    assert brought(0, 100, 0.0) == 0.0
    assert brought(100, 100, 1.0) == 0.0


@given(st.floats(0, 1), st.integers(1, 100_000))
def test_an_interval_holds_its_rate(rate: float, trials: int) -> None:
    low, high = wilson(rate, trials)
    assert 0 <= low <= rate + 1e-12
    assert rate - 1e-12 <= high <= 1
