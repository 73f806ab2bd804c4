"""Scores are weighed by Bayes' rule from a surface's prior; what is correlated counts once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.calibration.calibration import Count
from assay.detection.calibration.joint.model import Joint, Member
from assay.detection.calibration.measures.bounds import Bounds
from assay.detection.calibration.measures.resampled import Figure
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.fusion.scores import Scores, weigh
from assay.detection.weighing.settings import DEFAULT, Weighing

_FIGURE = Figure(0.5, 0.4, 0.6)


def answer(log10_lr: float, name: str = "one", group: str = "pixels", calibration: str = "sha256:one") -> Evidence:
    verdict, claim = ("for", Claim.AI_UNSPECIFIED) if log10_lr > 0 else ("against", Claim.UNCLEAR)
    details = {
        "score": "0.5",
        "log10_lr": format(log10_lr, ".6g"),
        "cap": "2",
        "calibration": calibration,
        "group": group,
        "verdict": verdict,
    }
    return Evidence(Kind.DETECTOR, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, f"detectors:{name}", details)


def joint(one: float, two: float) -> Weighing:
    members = (Member("one", "sha256:one", one), Member("two", "sha256:two", two))
    alone, count = (_FIGURE, _FIGURE), Count(100, 90.0)
    model = Joint(
        "pixels", members, Bounds(-2, 2), _FIGURE, alone, _FIGURE, count, count, "sha256:s", "2026-01-01", "sha256:j"
    )
    return Weighing(joints={"pixels": model})


def total(scores: Scores) -> float:
    return round(scores.log10_lr, 6)


@given(st.floats(0.01, 0.99), st.floats(-2, 2).filter(lambda value: abs(value) > 0.001))
def test_the_posterior_is_that_of_bayes(prior: float, log10_lr: float) -> None:
    # Counted in uploads rather than odds: of a million uploads so many are AI's, and the score comes with that many.
    ratio = 10 ** float(format(log10_lr, ".6g"))
    ai, other = prior * ratio, 1 - prior
    scores = weigh([answer(log10_lr)], Weighing(prior=prior))
    assert scores.posterior == pytest.approx(ai / (ai + other))


def test_twins_count_once_and_other_groups_add_up() -> None:
    assert total(weigh([answer(0.8), answer(0.6, "two")], DEFAULT)) == 0.8
    assert total(weigh([answer(0.8), answer(-0.6, "two")], DEFAULT)) == 0.2
    assert total(weigh([answer(0.8), answer(0.6, "two", "sound")], DEFAULT)) == 1.4


def test_a_fitted_model_weighs_its_detectors_and_one_that_is_missing_says_nothing() -> None:
    weighing = joint(0.5, 0.75)
    one, two = answer(0.8), answer(0.6, "two", calibration="sha256:two")
    assert total(weigh([one, two], weighing)) == 0.85
    assert total(weigh([one], weighing)) == 0.4
    assert weigh([one, two], weighing).groups[0].fitted == 2


def test_a_weight_holds_for_the_calibration_it_was_fitted_on_and_for_no_other() -> None:
    weighing = joint(0.5, 0.75)
    newer = answer(0.9, "two", calibration="sha256:newer")
    scores = weigh([answer(0.8), newer], weighing)
    assert (total(scores), scores.groups[0].fitted) == (0.9, 1)


def test_no_claim_goes_beyond_the_cap() -> None:
    loud = answer(1.5)
    bounded = Evidence(
        loud.kind, loud.claim, loud.integrity, loud.tier, loud.source, {**loud.details, "log10_lr": "900", "cap": "1.1"}
    )
    assert total(weigh([bounded], DEFAULT)) == 1.1
    endless = Evidence(
        loud.kind, loud.claim, loud.integrity, loud.tier, loud.source, {**loud.details, "log10_lr": "900", "cap": "900"}
    )
    assert total(weigh([endless], DEFAULT)) == 6.0


def test_where_ai_is_common_a_score_must_still_speak_for_it() -> None:
    common = Weighing(prior=0.9)
    assert not weigh([answer(-0.1)], common).suspects
    assert weigh([answer(0.1)], common).suspects


def test_a_surface_has_its_own_share_and_others_the_general_one() -> None:
    weighing = Weighing(prior=0.1, surfaces={"advert": 0.3})
    assert [weighing.prior_on(each) for each in (None, "feed", "advert")] == [0.1, 0.1, 0.3]
