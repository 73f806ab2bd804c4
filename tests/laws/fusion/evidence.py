"""Any evidence, sensible and hostile, and any way of weighing it, for laws. It holds no test."""

from __future__ import annotations

from hypothesis import strategies as st

from assay.detection.calibration.calibration import Count
from assay.detection.calibration.joint.model import Joint, Member
from assay.detection.calibration.measures.bounds import Bounds
from assay.detection.calibration.measures.resampled import Figure
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.weighing.settings import Weighing
from tests.detection.fusion.cases import PIECES

_NONE = Figure(0.0, 0.0, 0.0)
_NUMBERS = st.sampled_from(["-2", "-0.4", "0", "0.3", "0.9", "1.2", "2", "9e9", "nan", "inf", "1_0", "٣", "", "x"])
_CALIBRATIONS = st.sampled_from(["sha256:aa", "sha256:bb", ""])
GROUPS, DETECTORS = ("pixels", "sound"), ("one", "two", "three")


def scores() -> st.SearchStrategy[Evidence]:
    """Detectors' answers, of which many contradict themselves."""
    details = st.fixed_dictionaries(
        {"score": _NUMBERS, "log10_lr": _NUMBERS},
        optional={
            "cap": st.sampled_from(["0.9", "1.5", "3", "-1", "0", "1e400", "?"]),
            "calibration": _CALIBRATIONS,
            "group": st.sampled_from(GROUPS),
            "verdict": st.sampled_from(["for", "for", "against", "abstains", "uncalibrated", "sure"]),
        },
    )
    return st.builds(
        Evidence,
        st.just(Kind.DETECTOR),
        st.sampled_from([Claim.AI_UNSPECIFIED, Claim.AI_UNSPECIFIED, Claim.UNCLEAR, Claim.GENERATED]),
        st.just(Integrity.UNSIGNED),
        st.just(Tier.UNVERIFIED),
        st.sampled_from(DETECTORS).map("detectors:{}".format),
        details,
    )


def wild() -> st.SearchStrategy[Evidence]:
    """Findings that no scanner would make, too."""
    details = st.dictionaries(
        st.sampled_from(["scope", "gb_label", "conflict", "where", "generator", "source_type", "exact", "ancestors"]),
        st.sampled_from(
            ["asset", "parent", "component", "input", "is", "none", "may_be", "toggle", "1,3", "yes", "digitalCapture"]
        ),
        max_size=4,
    )
    return st.builds(
        Evidence,
        st.sampled_from([kind for kind in Kind if kind is not Kind.DETECTOR]),
        st.sampled_from(Claim),
        st.sampled_from(Integrity),
        st.sampled_from(Tier),
        st.sampled_from(["c2pa", "metadata:xmp", "copies:fakes"]),
        details,
    )


def pieces() -> st.SearchStrategy[Evidence]:
    """A finding: one of the table's, a detector's answer, or anything at all."""
    return st.one_of(st.sampled_from(list(PIECES.values())), scores(), wild())


def any_evidence(most: int = 6) -> st.SearchStrategy[list[Evidence]]:
    return st.lists(pieces(), max_size=most)


def for_ai() -> st.SearchStrategy[Evidence]:
    """A finding that says that AI had a part in this very content."""
    return pieces().filter(lambda each: each.claim.is_ai and each.scope != "input")


def joints() -> st.SearchStrategy[Joint]:
    weights = st.lists(st.floats(0, 1), min_size=2, max_size=2)
    bounds = st.builds(Bounds, st.floats(-2, 0), st.floats(0, 2))
    return st.builds(_joint, st.sampled_from(GROUPS), weights, bounds)


def _joint(group: str, weights: list[float], bounds: Bounds) -> Joint:
    members = (Member("one", "sha256:aa", weights[0]), Member("two", "sha256:bb", weights[1]))
    alone = (_NONE, _NONE)
    return Joint(group, members, bounds, _NONE, alone, _NONE, Count(9, 9.0), Count(9, 9.0), "sha256:cc", "2026-01-01")


def weighings() -> st.SearchStrategy[Weighing]:
    """Any way an operator can set the weighing, sensible or not."""
    share = st.floats(0.0001, 0.9999)
    models = st.lists(joints(), max_size=2).map(lambda given: {each.group: each for each in given})
    return st.builds(Weighing, share, share, st.dictionaries(st.sampled_from(["feed", "advert"]), share), models)
