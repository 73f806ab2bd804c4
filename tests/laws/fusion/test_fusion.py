"""Whatever is found and however it is weighed: what more evidence, absence, order and scores can do, and what not."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from assay.detection.calibration.joint.model import strongest as strongest_of_calibration
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.fusion.china import ChinaTier
from assay.detection.fusion.findings import GRADES
from assay.detection.fusion.scores import strongest
from assay.detection.fusion.written import judgement_as_json
from assay.detection.judgement import Judgement, assertions, judge
from assay.detection.result import ScanResult
from assay.detection.weighing.settings import Weighing
from assay.engine.kernel.digest import canonical_json
from tests.laws.fusion.evidence import any_evidence, for_ai, pieces, scores, weighings

SURFACES = st.sampled_from([None, "feed", "advert", "elsewhere"])


def grade_rank(grade: str | None) -> int:
    return -1 if grade is None else GRADES.index(grade)


def tier_rank(tier: ChinaTier | None) -> int:
    return -1 if tier is None else list(ChinaTier).index(tier)


def is_in_dispute(judged: Judgement) -> bool:
    return any("synthetic_status" in each.signals for each in judged.conflicts)


@given(any_evidence(), for_ai(), weighings(), SURFACES)
def test_adding_evidence_for_ai_never_lowers_the_tier(
    evidence: list[Evidence], more: Evidence, weighing: Weighing, surface: str | None
) -> None:
    before, after = judge(evidence, weighing, surface), judge([*evidence, more], weighing, surface)
    assert tier_rank(after.china) >= tier_rank(before.china)
    assert grade_rank(after.grade) >= grade_rank(before.grade)
    if before.synthetic_status in GRADES and after.synthetic_status in GRADES:
        assert grade_rank(after.synthetic_status) >= grade_rank(before.synthetic_status)
    if before.synthetic_status is not None and after.synthetic_status is None:
        assert is_in_dispute(after)
    if is_in_dispute(before) and more.kind is not Kind.SIGNED_PROVENANCE:
        assert is_in_dispute(after)


@given(any_evidence(), weighings())
def test_the_status_is_the_grade_or_something_conclusive_stands_against_it(
    evidence: list[Evidence], weighing: Weighing
) -> None:
    judged = judge(evidence, weighing)
    if judged.synthetic_status == "authentic":
        assert judged.grade is None
    elif is_in_dispute(judged):
        assert judged.synthetic_status is None
        assert judged.ai_extent is None
    else:
        assert judged.synthetic_status == judged.grade


@given(any_evidence(), st.lists(st.sampled_from(list(Kind)), max_size=3), weighings(), SURFACES)
def test_absence_changes_nothing(
    evidence: list[Evidence], kinds: list[Kind], weighing: Weighing, surface: str | None
) -> None:
    looked = [
        Evidence(kind, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, "any", {"read": "whole", "gb_label": "none"})
        for kind in kinds
        if kind is not Kind.DETECTOR
    ]
    before, after = judge(evidence, weighing, surface), judge([*evidence, *looked], weighing, surface)
    for name in ("ai_extent", "synthetic_status", "grade", "china", "conflicts", "scores", "pieces"):
        assert getattr(before, name) == getattr(after, name), name


@given(any_evidence(), st.randoms(use_true_random=False), weighings(), SURFACES)
def test_order_of_arrival_and_repetition_change_nothing(
    evidence: list[Evidence], chance: Random, weighing: Weighing, surface: str | None
) -> None:
    shuffled = [*evidence, *evidence[: len(evidence) // 2]]
    chance.shuffle(shuffled)
    one, other = judge(evidence, weighing, surface), judge(shuffled, weighing, surface)
    assert canonical_json(judgement_as_json(one)) == canonical_json(judgement_as_json(other))
    assert asserted(evidence, weighing) == asserted(shuffled, weighing)


def asserted(evidence: list[Evidence], weighing: Weighing) -> object:
    return assertions(ScanResult(Path("a"), evidence=tuple(evidence)), weighing)


@given(st.lists(scores(), min_size=1, max_size=6), weighings(), SURFACES)
def test_scores_alone_never_do_more_than_suspect(
    evidence: list[Evidence], weighing: Weighing, surface: str | None
) -> None:
    judged = judge(evidence, weighing, surface)
    assert judged.ai_extent is None
    assert judged.synthetic_status in (None, "suspected")
    assert judged.china in (None, ChinaTier.SUSPECTED)
    assert judged.grade in (None, "suspected")


@given(any_evidence(8), weighings())
def test_nothing_unsigned_confirms_or_clears_anything(evidence: list[Evidence], weighing: Weighing) -> None:
    unsigned = [each for each in evidence if each.integrity is not Integrity.OK or not each.tier.is_trusted]
    judged = judge(unsigned, weighing)
    assert judged.synthetic_status not in ("confirmed", "authentic")
    assert judged.grade != "confirmed"


@given(any_evidence(), weighings())
def test_whatever_leaves_a_signal_unknown_is_named_with_both_sides(
    evidence: list[Evidence], weighing: Weighing
) -> None:
    judged = judge(evidence, weighing)
    if judged.grade is not None and judged.synthetic_status is None:
        assert is_in_dispute(judged)
    if judged.synthetic_status == "confirmed":
        assert not is_in_dispute(judged)
    known = {each.identifier for each in judged.pieces}
    for conflict in judged.conflicts:
        assert conflict.words.strip()
        assert all(side and set(side) <= known for side in conflict.sides)
        assert len(conflict.sides) == 2 or conflict.name in ("labels-differ", "declarations-differ")


@given(any_evidence(), weighings())
def test_a_denial_that_findings_contradict_is_named(evidence: list[Evidence], weighing: Weighing) -> None:
    word = Evidence(Kind.UPLOADER_DECLARATION, Claim.NO_AI, Integrity.UNSIGNED, Tier.UNVERIFIED, "declared")
    assume(not any(each.kind is Kind.UPLOADER_DECLARATION for each in evidence))
    judged = judge([*evidence, word], weighing)
    assert (judged.grade is not None) == any(each.name == "uploader-denies" for each in judged.conflicts)


@given(any_evidence(), weighings())
def test_every_finding_is_explained_once_with_its_limits(evidence: list[Evidence], weighing: Weighing) -> None:
    judged = judge(evidence, weighing)
    assert sorted(each.identifier for each in judged.pieces) == sorted({e.identifier for e in evidence if e.found})
    for piece in judged.pieces:
        assert piece.says.endswith(".")
        assert piece.weight.endswith(".")
        assert piece.shows.startswith("It can show")
        assert piece.cannot.startswith("It cannot show")
    assert all(sentence.endswith(".") for sentence in judged.sentences)


@given(st.lists(st.floats(-6, 6), max_size=6))
def test_twins_count_once_as_calibration_says(values: list[float]) -> None:
    assert abs(strongest(values) - strongest_of_calibration(values)) < 1e-5
    assert strongest([*values, *values]) == strongest(values)


@given(st.lists(pieces(), max_size=4), weighings())
def test_a_score_that_counts_for_nothing_changes_nothing(evidence: list[Evidence], weighing: Weighing) -> None:
    bare = Evidence(
        Kind.DETECTOR, Claim.GENERATED, Integrity.UNSIGNED, Tier.UNVERIFIED, "detectors:raw", {"score": "1"}
    )
    before, after = judge(evidence, weighing), judge([*evidence, bare], weighing)
    assert (before.synthetic_status, before.china, before.grade) == (after.synthetic_status, after.china, after.grade)
    assert before.scores.posterior == after.scores.posterior
