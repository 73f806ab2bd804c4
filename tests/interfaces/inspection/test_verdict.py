"""The sentence about a file claims what its findings prove, and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.fusion.conclusion import DISPUTE
from assay.detection.judgement import judge
from assay.detection.weighing.settings import Weighing
from assay.interfaces.inspection.verdict import A_SIGNER_S_WORD, ABSENCE, ANYBODY, PARTLY, verdict_of
from tests.interfaces.inspection.made import declared, signed, uploader


def test_a_trusted_signer_is_named_with_the_list_it_is_on() -> None:
    found = verdict_of([signed(generator="Lumen 4")])
    assert found.standpoint == "proved"
    listed = "a signer on the official trust list"
    assert found.sentence == f"Example Pictures, {listed}, says of this file that AI generated it (Lumen 4)."
    assert found.beside == (A_SIGNER_S_WORD,)


def test_what_an_earlier_version_says_is_not_said_of_the_file() -> None:
    found = verdict_of([signed(Claim.EDITED), signed(scope="parent")])
    assert "of what this file was made from that AI generated it" in found.sentence


@pytest.mark.parametrize(
    ("evidence", "standpoint", "part"),
    [
        (signed(integrity=Integrity.BROKEN), "broken", "no longer holds"),
        (signed(integrity=Integrity.EXPIRED, tier=Tier.UNVERIFIED), "declared", "expired and without a trusted time"),
        (signed(tier=Tier.VALID), "declared", "no trust list vouches for"),
        (signed(Claim.UNCLEAR), "signed", "it is as it was signed"),
        (signed(Claim.CAPTURED), "captured", "a camera or microphone captured it"),
        (signed(Claim.UNCLEAR, Integrity.REMOTE, Tier.UNVERIFIED), "elsewhere", "Nobody asked it"),
        (declared(), "declared", "nobody signed that"),
        (declared(kind=Kind.GENERATOR_METADATA), "declared", "what a generator leaves behind"),
        (declared(Claim.MAY_BE), "suspected", "it may be AI-generated"),
        (declared(conflict="2 labels"), "suspected", "contradict each other"),
        (uploader(Claim.ALTERED), "said", "nothing in the file says so"),
        (declared(Claim.CAPTURED), "nothing", "Nothing in the file says that AI had a part in it."),
    ],
)
def test_each_kind_of_finding_has_its_own_sentence(evidence: Evidence, standpoint: str, part: str) -> None:
    found = verdict_of([evidence])
    assert (found.standpoint, part in found.sentence) == (standpoint, True), found


def test_absence_is_never_given_as_an_answer() -> None:
    found = verdict_of([])
    assert (found.standpoint, found.beside) == ("nothing", (ABSENCE,))
    assert verdict_of([], was_read=False).standpoint == "unread"


def test_nothing_is_called_absent_in_a_file_that_was_not_read_to_its_end() -> None:
    assert verdict_of([], wholly=False).standpoint == "partly"
    found = verdict_of([declared()], wholly=False)
    assert (found.standpoint, found.beside[-1]) == ("declared", PARTLY)


def test_a_newer_signature_hides_no_broken_ancestor() -> None:
    found = verdict_of([signed(Claim.EDITED, ancestors="1", ancestors_broken="1")])
    assert any("mends nothing" in sentence for sentence in found.beside)


def test_a_denial_by_the_uploader_is_told_beside_what_the_file_says() -> None:
    found = verdict_of([declared(), uploader(Claim.NO_AI)])
    assert (found.standpoint, found.beside[0]) == ("declared", ANYBODY)
    assert any("AI had no part in it" in sentence for sentence in found.beside)


def score(verdict: str = "for", **details: str) -> Evidence:
    said = {"score": "0.97", "log10_lr": "1.2", "cap": "1.5", "calibration": "sha256:aa", "verdict": verdict}
    return Evidence(
        Kind.DETECTOR, Claim.AI_UNSPECIFIED, Integrity.UNSIGNED, Tier.UNVERIFIED, "detectors:one", said | details
    )


def test_a_camera_that_is_contradicted_is_in_dispute_and_both_sides_are_told() -> None:
    found = verdict_of([signed(Claim.CAPTURED), declared()])
    assert (found.standpoint, found.sentence) == ("disputed", DISPUTE)
    assert "An unsigned declaration in the file says: AI generated it." in found.beside[0]
    assert "a camera or microphone captured it" in found.beside[0]


def test_a_score_suspects_only_where_it_is_calibrated_and_enough() -> None:
    assert verdict_of([score()]).standpoint == "suspected"
    assert verdict_of([score(log10_lr="0.3")]).standpoint == "nothing"
    assert verdict_of([score("uncalibrated")]).standpoint == "nothing"
    rare = Weighing(prior=0.001)
    assert verdict_of([score()], judge([score()], rare)).standpoint == "nothing"


def test_the_uploaders_word_comes_before_a_trace_and_says_that_there_is_one() -> None:
    found = verdict_of([declared(Claim.MAY_BE), uploader(Claim.GENERATED)])
    assert (found.standpoint, "a reason to look" in found.sentence) == ("said", True)
    assert found.beside == ("An unsigned declaration in the file says: it may be AI-generated.",)


def findings() -> st.SearchStrategy[Evidence]:
    return st.builds(
        Evidence,
        st.sampled_from(list(Kind)),
        st.sampled_from(list(Claim)),
        st.sampled_from(list(Integrity)),
        st.sampled_from(list(Tier)),
        st.sampled_from(["c2pa", "metadata:png"]),
        st.dictionaries(st.sampled_from(["signer", "scope", "conflict", "ancestors_broken"]), st.just("parent")),
    )


@given(st.lists(findings(), max_size=6))
def test_any_findings_have_a_verdict_and_only_trusted_or_keyed_ones_prove(evidence: list[Evidence]) -> None:
    found = verdict_of(evidence)
    assert found.sentence.endswith(".")
    assert len(set(found.beside)) == len(found.beside)
    trusted = any(one.tier.is_trusted and one.integrity is Integrity.OK for one in evidence)
    assert trusted or found.standpoint not in {"proved", "captured"}
