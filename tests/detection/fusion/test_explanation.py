"""The explanation names every piece of evidence, what it can show and what it cannot, and how all were put together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.fusion.written import judgement_as_json
from assay.detection.judgement import Judgement, assertions, judge
from assay.detection.result import ScanResult
from assay.detection.weighing.settings import Weighing
from tests.conftest import Golden
from tests.detection.fusion.cases import PIECES

TEXTS = {
    "nothing": ("looked-for-signature", "looked-for-label", "looked-for-watermark"),
    "a_trusted_signer": ("trusted-altered", "tag-generated", "uploader-denies", "looked-for-label"),
    "a_capture_in_dispute": ("trusted-capture", "same-as-generated", "score-strong", "score-weak-of-sound"),
    "watermark_against_signer": ("trusted-algorithmic", "keyed-watermark", "tag-generated"),
    "declarations": ("valid-generated", "expired-generated", "tag-generated", "settings-of-a-generator", "tag-capture"),
    "labels_that_differ": ("label-is-contradicted", "label-suspected-contradicted"),
    "traces": ("broken-generated", "visible-label", "copy-of-generated", "copy-of-capture", "strangers-copy"),
    "scores": ("score-strong", "score-twin", "score-against", "score-abstains", "score-uncalibrated", "score-hostile"),
    "the_uploader": ("uploader-generated", "uploader-denies", "visible-may-be"),
    "weak_words": ("public-watermark", "remote", "broken-capture", "trusted-input-generated", "label-malformed"),
}


def written(judged: Judgement) -> str:
    lines = list(judged.sentences)
    for piece in judged.pieces:
        lines += ["", f"{piece.says} [{piece.counts}]", f"  {piece.weight}", f"  {piece.shows}", f"  {piece.cannot}"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", TEXTS)
def test_the_explanation_reads_as_it_was_approved(name: str, golden: Golden) -> None:
    golden(f"fusion/{name}.txt", written(judge([PIECES[each] for each in TEXTS[name]])))


def test_the_json_form_says_the_same_as_the_judgement() -> None:
    judged = judge([PIECES[each] for each in TEXTS["scores"]])
    said = json.loads(json.dumps(judgement_as_json(judged)))
    assert (said["synthetic_status"], said["china"], said["at_least"]) == (None, None, None)
    assert said["sentences"] == list(judged.sentences)
    assert [each["counts"] for each in said["explanation"]] == ["score"] * 3 + ["nothing"] * 3
    assert said["conflicts"][0]["name"] == "detectors-differ"
    assert said["scores"]["groups"] == [
        {"group": "pixels", "log10_lr": 1.2, "detectors": ["one", "twin"], "fitted": 0},
        {"group": "sound", "log10_lr": -1.1, "detectors": ["calm"], "fitted": 0},
    ]
    assert judgement_as_json(judge([]))["scores"] is None


def test_a_score_says_what_it_is_worth_on_this_surface() -> None:
    weighing = Weighing(surfaces={"advert": 0.4})
    evidence = [PIECES["score-weak"]]
    assert judge(evidence, weighing).synthetic_status is None
    judged = judge(evidence, weighing, "advert")
    assert judged.synthetic_status == "suspected"
    (sentence,) = (each for each in judged.sentences if "Together such scores" in each)
    assert "Of 100 uploads on this surface 40 are taken to be AI's; if so, of 100 with such scores 77 are." in sentence
    said = {(each.signal, each.value) for each in assertions(scan(evidence), weighing, "advert")}
    assert ("synthetic_status", "suspected") in said


def scan(evidence: list[Evidence]) -> ScanResult:
    return ScanResult(Path("a"), evidence=tuple(evidence))


def test_what_a_bank_says_of_a_match_is_told() -> None:
    details = {"bank": "fakes", "near": "8 bits apart, where at most 31 count as a copy", "means": "a known fake"}
    copy = Evidence(Kind.COPY, Claim.GENERATED, Integrity.UNSIGNED, Tier.OPERATOR, "copies:fakes", details)
    (piece,) = judge([copy]).pieces
    assert piece.weight.endswith("The bank says what a match means: a known fake.")
    assert "8 bits apart" in piece.shows


@pytest.mark.parametrize("text", ["nan", "inf", "1_0", "", "٣", "1e400", "0x1", " 1", "1 "])
def test_a_likelihood_ratio_that_is_no_plain_number_counts_for_nothing_and_is_named(text: str) -> None:
    strong = PIECES["score-strong"]
    hostile = Evidence(
        strong.kind, strong.claim, strong.integrity, strong.tier, strong.source, {**strong.details, "log10_lr": text}
    )
    judged = judge([hostile])
    assert judged.synthetic_status is None
    assert judged.scores.posterior is None
    assert judged.pieces[0].counts == "nothing"
    assert "its likelihood ratio is no number" in judged.pieces[0].weight


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"cap": "many"}, "its cap is no number"),
        ({"cap": "0"}, "its calibration claims nothing for such a score"),
        ({"log10_lr": "0"}, "its calibration claims nothing for such a score"),
        ({"calibration": ""}, "its calibration is not named"),
        ({"verdict": "against"}, "its verdict and its likelihood ratio contradict each other"),
        ({"verdict": "certain"}, "nothing ties its score to labels of this platform"),
        ({"verdict": "uncalibrated", "why": "old"}, "nothing ties its score to labels of this platform (old)"),
    ],
)
def test_an_answer_that_is_not_whole_counts_for_nothing_and_says_why(changed: dict[str, str], reason: str) -> None:
    strong = PIECES["score-strong"]
    details = {**strong.details, **changed}
    judged = judge([Evidence(strong.kind, strong.claim, strong.integrity, strong.tier, strong.source, details)])
    assert judged.grade is None
    assert judged.pieces[0].weight == f"It counts for nothing: {reason}."


def test_of_uploads_with_such_scores_never_all_are_said_to_be_by_ai() -> None:
    (sentence,) = (
        each
        for each in judge([PIECES["score-strong"]], Weighing(prior=0.9999)).sentences
        if "Together such scores" in each
    )
    assert "of 100 with such scores more than 99.9 are" in sentence
