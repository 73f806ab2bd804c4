"""Likelihood ratios are recovered, rise with the score, and never go beyond what the sample supports."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.detection.calibration.calibration import Calibration
from assay.detection.calibration.choices import Method
from assay.detection.calibration.curves.curve import Curve, Floats, Scale
from assay.detection.calibration.curves.isotonic import fit_isotonic
from assay.detection.calibration.fitting import FITS, Wanted, _held_out, fit
from assay.detection.calibration.measures.band import Verdict
from assay.detection.calibration.measures.bounds import Bounds
from assay.detection.calibration.measures.costs import cllr
from assay.detection.calibration.sample import Sample
from assay.detection.calibration.worded import band_words, quality_of, sentence_of, times
from tests.detection.calibration.made import ORIGIN, calibrated, normal, sampled

both = pytest.mark.parametrize("method", list(Method))
few = st.lists(st.integers(-20, 20).map(float), min_size=2, max_size=40)


@both
def test_fitted_ratios_cost_within_five_per_cent_of_the_true_ones(method: Method) -> None:
    found = calibrated(sampled(*normal(1000, seed=3)), method)
    new = sampled(*normal(20_000, seed=2))
    ideal = cllr(2 * new.score / math.log(10), new.ai, new.balanced())
    assert cllr(found.log10_lrs(new.score), new.ai, new.balanced()) <= 1.05 * ideal
    assert found.whole.figures.cllr.low <= ideal <= found.whole.figures.cllr.high


@both
def test_scores_that_are_too_sure_of_themselves_are_put_right(method: Method) -> None:
    by_ai, other = (1 / (1 + np.exp(-4 * scores)) for scores in normal(800, apart=1))
    found = calibrated(sampled(by_ai, other), method)
    # A score of 0.98 claims odds of 50 to 1; its log odds are four times those that are true.
    assert found.log10_lr(0.98) == pytest.approx(math.log10(0.98 / 0.02) / 4, abs=0.15)


@settings(max_examples=25)
@given(few, few, st.sampled_from(list(Method)))
def test_every_curve_rises_whatever_the_scores(by_ai: list[float], other: list[float], method: Method) -> None:
    curve = FITS[method](sampled(by_ai, other))
    told = curve(np.linspace(-25, 25, 101))
    assert (np.diff(told) >= 0).all()
    assert np.isfinite(told).all()


@given(few, few)
def test_pools_do_not_depend_on_the_scale_of_the_score(by_ai: list[float], other: list[float]) -> None:
    plain = fit_isotonic(sampled(by_ai, other))
    stretched = fit_isotonic(sampled([np.exp(one / 9) for one in by_ai], [np.exp(one / 9) for one in other]))
    seen = np.array(sorted({*by_ai, *other}))
    assert plain(seen).tolist() == pytest.approx(stretched(np.exp(seen / 9)).tolist(), abs=1e-8)


@both
def test_kinds_that_never_overlap_have_no_ratio_without_end(method: Method) -> None:
    found = calibrated(sampled(*normal(100, apart=30)), method)
    assert 0.5 < found.log10_lr(15.0) <= math.log10(100)
    assert found.weigh(15.0).cap == found.whole.bounds.upper


def test_beyond_what_was_seen_nothing_is_added() -> None:
    found = calibrated(sampled(*normal(300)))
    assert found.log10_lr(1e9) == found.log10_lr(found.curve.knots[-1])


def test_a_score_that_is_no_number_says_nothing() -> None:
    found = calibrated(sampled(*normal(100))).weigh(float("nan"))
    assert (found.log10_lr, found.verdict) == (0.0, Verdict.ABSTAINS)


def test_how_common_ai_is_in_the_sample_changes_nothing() -> None:
    by_ai, other = normal(4000, seed=5)
    even, rare = calibrated(sampled(by_ai[:400], other[:400])), calibrated(sampled(by_ai[:400], other))
    assert even.log10_lr(1.0) == pytest.approx(rare.log10_lr(1.0), abs=0.12)


def test_a_verdict_always_agrees_with_the_ratio() -> None:
    found = calibrated(sampled(*normal(200, apart=0.4)))
    scores = np.linspace(-4, 4, 81)
    singly = [found.weigh(score) for score in scores.tolist()]
    assert [one.verdict for one in singly] == found.verdicts(scores).tolist()
    assert all(one.log10_lr > 0 for one in singly if one.verdict is Verdict.FOR)
    assert all(one.log10_lr < 0 for one in singly if one.verdict is Verdict.AGAINST)


def test_too_few_items_are_refused_in_words() -> None:
    found = fit(sampled(*normal(49)), ORIGIN)
    assert isinstance(found, list)
    assert [one.slug for one in found] == ["too-few", "too-few"]
    assert "label at least 50" in found[0].words


def test_a_detector_that_is_turned_round_is_refused_with_the_next_step() -> None:
    other, by_ai = normal(100)
    found = fit(sampled(by_ai, other), ORIGIN)
    assert isinstance(found, list)
    assert found[0].slug == "turned-round"
    assert "orientation" in found[0].words


def test_a_promise_that_is_none_is_refused() -> None:
    found = fit(sampled(*normal(60)), ORIGIN, Wanted(alpha_for=0.0, alpha_against=0.9))
    assert isinstance(found, list)
    assert [one.field for one in found] == ["alpha_for", "alpha_against"]


def test_a_useless_detector_gets_a_calibration_that_says_nothing() -> None:
    found = calibrated(sampled(*normal(300, apart=0.0, seed=8)))
    assert found.whole.figures.cllr.value == pytest.approx(1.0, abs=0.02)
    assert abs(found.log10_lr(2.0)) < 0.2


def test_where_the_ratio_says_nothing_no_verdict_is_given() -> None:
    found = calibrated(sampled(*normal(200)))
    assert (found.verdict(4.0), found.verdict(-4.0)) == (Verdict.FOR, Verdict.AGAINST)
    silent = replace(found, whole=replace(found.whole, bounds=Bounds(0.0, 0.0)))
    assert {silent.verdict(4.0), silent.verdict(-4.0), *silent.verdicts(np.array([4.0, -4.0]))} == {Verdict.ABSTAINS}


@both
def test_scores_that_fall_with_ai_are_given_no_weight(method: Method) -> None:
    other, by_ai = normal(200)
    assert np.abs(FITS[method](sampled(by_ai, other))(np.linspace(-3, 3, 9))).max() < 0.01


# ---------------------------------------------------------------------- buckets


def bucketed(counts: dict[str, tuple[int, float]]) -> Calibration:
    by_ai: list[Floats] = []
    other: list[Floats] = []
    names: list[str] = []
    for place, (count, apart) in enumerate(counts.values()):
        one, two = normal(count, apart=apart, seed=place)
        by_ai.append(one)
        other.append(two)
    for _ in range(2):
        names += [name for name, (count, _) in counts.items() for _ in range(count)]
    return calibrated(sampled(np.concatenate(by_ai), np.concatenate(other), buckets=names))


def test_a_kind_of_item_on_which_the_detector_is_blind_is_told_apart() -> None:
    found = bucketed({"clean": (500, 2.5), "squeezed": (500, 0.0)})
    assert abs(found.log10_lr(1.5, "squeezed")) < 0.15 < found.log10_lr(1.5) < found.log10_lr(1.5, "clean")
    assert found.weigh(1.5, "clean").bucket == "clean"


def test_a_bucket_that_is_too_small_falls_back_and_says_so() -> None:
    found = bucketed({"photo": (200, 2.0), "": (100, 2.0), "sketch": (20, 2.0)})
    assert found.too_small["sketch"].startswith("20 items by AI and 20 others")
    assert found.weigh(1.0, "sketch") == found.weigh(1.0) == found.weigh(1.0, "never seen")
    assert list(found.buckets) == ["photo"]


def test_a_bucket_like_the_rest_is_drawn_towards_it() -> None:
    found = bucketed({"one": (60, 2.0), "two": (1000, 2.0)})
    assert found.log10_lr(0.8, "one") == pytest.approx(found.log10_lr(0.8), abs=0.15)


# ------------------------------------------------------------------------ words


def curved(values: tuple[float, float]) -> Calibration:
    """The same calibration with a straight curve from -3 to 3."""
    found = calibrated(sampled(*normal(300)))
    return replace(found, curve=Curve(Scale.PLAIN, (-3.0, 3.0), values))


def test_a_sentence_says_how_many_times_and_how_far_that_goes() -> None:
    found = curved((-0.6128, 0.6128))
    assert sentence_of(found, 3.0).startswith(
        "a score of 3 is 4.1 times as frequent among items by AI as among others; this sample supports no more"
    )
    assert sentence_of(found, -3.0).startswith(
        "a score of -3 is 4.1 times as frequent among items not by AI as among those by AI"
    )
    assert sentence_of(found, 0.0) == "a score of 0 is about as frequent among items by AI as among others"
    assert sentence_of(curved((-9.0, 9.0)), 3.0).endswith("as among others, as much as this sample supports")


@pytest.mark.parametrize(
    ("log10_lr", "told"), [(0.301, "1.9"), (1.0, "10"), (1.2, "15"), (-2.1, "120"), (3.129, "1,300")]
)
def test_times_are_never_rounded_up(log10_lr: float, told: str) -> None:
    assert times(log10_lr) == told


def test_words_do_not_praise_what_says_nothing() -> None:
    assert "say very much" in quality_of(calibrated(sampled(*normal(200, apart=6))).whole)
    blind = calibrated(sampled(*normal(300, apart=0.0, seed=8)))
    assert "say much" not in quality_of(blind.whole)


def test_a_promise_that_cannot_be_given_says_how_many_items_it_needs() -> None:
    found = calibrated(sampled(*normal(60)), alpha=0.01)
    assert band_words(found.whole)[0] == "never `for`: 60 items not made by AI are too few to promise 1.0 %; 99 do"


def test_no_row_is_read_by_a_curve_that_was_fitted_on_its_source() -> None:
    by_ai, other = normal(60)
    groups = [f"source {place // 3}" for place in range(120)]
    sample = sampled(by_ai, other, groups)
    folds = sample.folds()
    seen: list[set[int]] = []

    def remembering(rest: Sample) -> Curve:
        seen.append(set(rest.group.tolist()))
        return Curve(Scale.PLAIN, (0.0,), (float(len(seen)),))

    held = _held_out(sample, folds, remembering)
    for number, sources in enumerate(seen, 1):
        assert sources.isdisjoint(sample.group[held == number].tolist())
    assert sorted({*held.tolist()}) == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_a_score_at_a_threshold_abstains_one_by_one_and_in_rows() -> None:
    found = calibrated(sampled(*normal(300)))
    band = found.whole.band
    assert band.above.beyond is not None and band.below.beyond is not None
    edges = [band.above.beyond, band.below.beyond]
    at = np.array([*edges, *np.nextafter(edges, [np.inf, -np.inf])])
    verdicts = found.verdicts(at).tolist()
    assert verdicts == [Verdict.ABSTAINS, Verdict.ABSTAINS, Verdict.FOR, Verdict.AGAINST]
    assert [found.verdict(score) for score in at.tolist()] == verdicts
