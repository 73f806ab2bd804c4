"""What findings amount to: who may say what, and what nothing may say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detection.container import Modality
from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.judgement import assertions, judge
from assay.detection.result import ScanResult
from assay.detection.weighing.standing import Standing, standing_of

Said = set[tuple[str, object, str]]


def signed(
    claim: Claim, integrity: Integrity = Integrity.OK, tier: Tier = Tier.TRUSTED, scope: str = "asset", **details: str
) -> Evidence:
    return Evidence(Kind.SIGNED_PROVENANCE, claim, integrity, tier, "c2pa", {"scope": scope, **details})


def declared(claim: Claim, kind: Kind = Kind.DECLARATION, **details: str) -> Evidence:
    return Evidence(kind, claim, Integrity.UNSIGNED, Tier.UNVERIFIED, "metadata:xmp", details)


def looked(kind: Kind, **details: str) -> Evidence:
    return Evidence(kind, Claim.NONE, Integrity.NONE, Tier.UNVERIFIED, "any", {"read": "whole", **details})


def said(*evidence: Evidence, modality: Modality | None = None) -> Said:
    result = ScanResult(Path("a"), evidence=evidence, modality=modality)
    return {(each.signal, each.value, each.by) for each in assertions(result)}


def test_nothing_found_asserts_nothing_of_the_content() -> None:
    assert said() == set()
    nothing = (looked(Kind.SIGNED_PROVENANCE), looked(Kind.DECLARATION, gb_label="none"))
    assert said(*nothing) == {("provenance", "none", "platform"), ("gb_label", "none", "platform")}


def test_no_provenance_is_asserted_only_when_both_scanners_read_the_whole_file() -> None:
    assert said(looked(Kind.SIGNED_PROVENANCE)) == set()


def test_a_trusted_signature_speaks_as_evidence() -> None:
    assert said(signed(Claim.GENERATED, generator="Example 1")) == {
        ("ai_extent", "generated", "evidence"),
        ("synthetic_status", "confirmed", "evidence"),
        ("provenance", "signed_trusted", "evidence"),
        ("generator", "Example 1", "evidence"),
    }


@pytest.mark.parametrize(
    ("integrity", "tier", "provenance"),
    [
        (Integrity.OK, Tier.VALID, "signed"),
        (Integrity.OK, Tier.UNVERIFIED, "signed"),
        (Integrity.EXPIRED, Tier.UNVERIFIED, "expired"),
    ],
)
def test_a_weak_signature_speaks_as_a_mark(integrity: Integrity, tier: Tier, provenance: str) -> None:
    assert said(signed(Claim.ALTERED, integrity, tier)) == {
        ("ai_extent", "altered", "mark"),
        ("synthetic_status", "declared", "mark"),
        ("provenance", provenance, "evidence"),
    }


def test_a_broken_signature_is_at_most_a_suspicion() -> None:
    assert said(signed(Claim.GENERATED, Integrity.BROKEN, Tier.UNVERIFIED)) == {
        ("synthetic_status", "suspected", "mark"),
        ("provenance", "broken", "evidence"),
    }
    assert said(signed(Claim.EDITED, Integrity.BROKEN, Tier.UNVERIFIED)) == {("provenance", "broken", "evidence")}


def test_what_a_generator_was_fed_says_nothing_of_what_it_made() -> None:
    top = signed(Claim.UNCLEAR)
    assert said(top, signed(Claim.GENERATED, scope="input")) == said(top)


def test_each_speaker_speaks_for_itself() -> None:
    evidence = (
        signed(Claim.ALTERED),
        declared(Claim.GENERATED, generator="Elsewhere"),
        declared(Claim.NO_AI, Kind.UPLOADER_DECLARATION, where="none"),
    )
    assert said(*evidence) >= {
        ("ai_extent", "altered", "evidence"),
        ("ai_extent", "generated", "mark"),
        ("ai_extent", "none", "uploader"),
        ("creator_disclosed", "none", "uploader"),
        ("generator", "Elsewhere", "mark"),
    }
    assert judge(evidence).ai_extent == "altered"


def test_an_uploader_who_denies_ai_makes_nothing_authentic() -> None:
    denial = declared(Claim.NO_AI, Kind.UPLOADER_DECLARATION, where="none")
    assert said(denial) == {("ai_extent", "none", "uploader"), ("creator_disclosed", "none", "uploader")}


def test_anybodys_tag_of_a_camera_makes_nothing_authentic() -> None:
    assert said(declared(Claim.CAPTURED)) == {("provenance", "declared", "mark")}


@pytest.mark.parametrize(
    "against",
    [
        declared(Claim.GENERATED),
        declared(Claim.MAY_BE, gb_label="may_be"),
        declared(Claim.GENERATED, Kind.UPLOADER_DECLARATION),
        signed(Claim.GENERATED, scope="component"),
    ],
)
def test_a_signed_capture_is_not_authentic_where_anything_speaks_of_ai(against: Evidence) -> None:
    capture = signed(Claim.CAPTURED, source_type="digitalCapture")
    assert judge([capture]).synthetic_status == "authentic"
    assert judge([capture, against]).synthetic_status != "authentic"


def test_disagreeing_labels_are_both_asserted_and_only_suspect() -> None:
    labels = [
        declared(Claim.GENERATED, gb_label="is", conflict="1,3"),
        declared(Claim.MAY_BE, gb_label="suspected", conflict="1,3"),
    ]
    assert said(*labels) == {
        ("gb_label", "is", "mark"),
        ("gb_label", "suspected", "mark"),
        ("synthetic_status", "suspected", "mark"),
        ("provenance", "declared", "mark"),
    }


def test_a_weaker_label_says_may_be_and_never_how_far() -> None:
    assert said(declared(Claim.MAY_BE, gb_label="may_be")) == {
        ("gb_label", "may_be", "mark"),
        ("synthetic_status", "suspected", "mark"),
        ("provenance", "declared", "mark"),
    }


def score(log10_lr: str, name: str = "one", **details: str) -> Evidence:
    said = {"score": "0.97", "log10_lr": log10_lr, "cap": "1.5", "calibration": "sha256:aa", "group": "pixels"}
    return Evidence(
        Kind.DETECTOR,
        Claim.AI_UNSPECIFIED,
        Integrity.UNSIGNED,
        Tier.UNVERIFIED,
        f"detectors:{name}",
        said | {"verdict": "for"} | details,
    )


def test_a_calibrated_score_suspects_and_nothing_more() -> None:
    assert said(score("1.2")) == {
        ("synthetic_status", "suspected", "detector"),
        ("detector.score", 0.637811, "detector"),
    }


def test_a_score_that_nothing_ties_to_labels_asserts_nothing() -> None:
    bare = Evidence(Kind.DETECTOR, Claim.GENERATED, Integrity.UNSIGNED, Tier.UNVERIFIED, "score")
    assert said(bare) == set()


def test_a_score_of_a_scanner_that_is_no_configured_detector_counts_for_nothing() -> None:
    assert said(replace(score("1.2"), source="others:one")) == set()


def test_a_copy_that_another_scanner_claims_to_know_is_a_trace_alone() -> None:
    details = {"exact": "yes", "asserts:person.consent": "absent"}
    known = Evidence(Kind.COPY, Claim.GENERATED, Integrity.UNSIGNED, Tier.OPERATOR, "copies:bank", details)
    assert ("synthetic_status", "declared", "mark") in said(known)
    assert ("person.consent", "absent", "evidence") in said(known)
    assert said(replace(known, source="others")) == {("synthetic_status", "suspected", "mark")}


def test_a_label_found_anywhere_is_not_outweighed_by_a_scanner_that_found_none() -> None:
    looked_in_vain = looked(Kind.DECLARATION, gb_label="none")
    assert ("gb_label", "none", "platform") not in said(looked_in_vain, declared(Claim.GENERATED, gb_label="is"))


def test_a_label_that_disagrees_with_others_asserts_them_too_and_is_a_trace_alone() -> None:
    label = declared(Claim.MAY_BE, gb_label="may_be", conflict="2,3", disagrees_on="Label")
    assert {value for signal, value, _ in said(label) if signal == "gb_label"} == {"may_be", "suspected"}
    assert judge([label]).china == "suspected"


def test_a_denial_discloses_nothing_whatever_place_it_names() -> None:
    denial = declared(Claim.NO_AI, Kind.UPLOADER_DECLARATION, where="toggle")
    assert ("creator_disclosed", "none", "uploader") in said(denial)


def test_a_trace_does_not_take_the_place_of_the_uploaders_declaration() -> None:
    word = declared(Claim.GENERATED, Kind.UPLOADER_DECLARATION, where="toggle")
    trace = declared(Claim.GENERATED, Kind.VISIBLE_MARK)
    assert ("synthetic_status", "suspected", "mark") not in said(word, trace)
    assert judge([word, trace]).synthetic_status == "declared"


def bank(exact: str, **asserts: str) -> Evidence:
    details = {"bank": "fakes", "exact": exact} | {f"asserts:{name}": value for name, value in asserts.items()}
    return Evidence(Kind.COPY, Claim.UNCLEAR, Integrity.UNSIGNED, Tier.OPERATOR, "copies:fakes", details)


def test_a_bank_speaks_of_its_items_and_weaker_of_what_is_like_them() -> None:
    assert said(bank("yes", impersonation="claims_to_be")) == {("impersonation", "claims_to_be", "evidence")}
    assert said(bank("no", impersonation="claims_to_be")) == {("impersonation", "claims_to_be", "mark")}


def test_a_bank_never_says_how_content_was_made() -> None:
    assert said(bank("yes", ai_extent="generated", synthetic_status="confirmed", gb_label="is")) == set()


def test_ai_use_without_an_extent_declares_without_one() -> None:
    assert said(declared(Claim.AI_UNSPECIFIED)) == {
        ("synthetic_status", "declared", "mark"),
        ("provenance", "declared", "mark"),
    }


def test_the_kind_of_media_is_the_platforms_fact() -> None:
    assert said(modality=Modality.AUDIO) == {("modality", "audio", "platform")}


def test_assertions_name_their_evidence_strongest_first() -> None:
    weak, strong = declared(Claim.GENERATED, Kind.GENERATOR_METADATA), declared(Claim.GENERATED)
    first = assertions(ScanResult(Path("a"), evidence=(weak, strong)))[0]
    assert first.evidence == (strong.identifier, weak.identifier)


def test_reasons_are_sentences_for_people() -> None:
    reasons = judge(
        [declared(Claim.GENERATED), signed(Claim.GENERATED, signer="Example Ltd", generator="Model 1")]
    ).reasons
    assert reasons == (
        "Signed and intact, by a signer on the trust list (Example Ltd) says: AI generated it, naming Model 1.",
        "An unsigned declaration in the file says: AI generated it.",
    )


ANY_EVIDENCE = st.builds(
    Evidence,
    st.sampled_from(Kind),
    st.sampled_from(Claim),
    st.sampled_from(Integrity),
    st.sampled_from(Tier),
    st.sampled_from(["c2pa", "metadata:xmp"]),
    st.dictionaries(
        st.sampled_from(["scope", "gb_label", "conflict", "where", "generator"]),
        st.sampled_from(["asset", "parent", "component", "input", "is", "none", "toggle"]),
    ),
)


@given(st.lists(ANY_EVIDENCE, max_size=6))
def test_only_conclusive_evidence_confirms_or_clears(evidence: list[Evidence]) -> None:
    conclusive = [each for each in evidence if standing_of(each) is Standing.EVIDENCE]
    for signal, value, by in said(*evidence):
        if (signal, value) in {("synthetic_status", "confirmed"), ("synthetic_status", "authentic")}:
            assert conclusive
        if by == "evidence" and signal == "ai_extent":
            assert conclusive
        if by == "detector":
            assert signal == "detector.score" or (signal, value) == ("synthetic_status", "suspected")


@given(st.lists(ANY_EVIDENCE, max_size=6))
def test_the_order_of_findings_does_not_matter_to_extent_and_status(evidence: list[Evidence]) -> None:
    forwards, backwards = judge(evidence), judge(evidence[::-1])
    assert (forwards.ai_extent, forwards.synthetic_status) == (backwards.ai_extent, backwards.synthetic_status)


@given(st.lists(ANY_EVIDENCE, max_size=4), st.text(max_size=2000), st.text(max_size=100))
def test_evidence_is_bounded_and_its_identifier_stable(evidence: list[Evidence], value: str, key: str) -> None:
    wild = Evidence(
        Kind.COPY, Claim.UNCLEAR, Integrity.NONE, Tier.VALID, "a", {key: value} | {str(n): "" for n in range(99)}
    )
    assert len(wild.details) <= 24
    assert all(len(each) <= 400 and each.isprintable() for each in wild.details.values())
    assert len({each.identifier for each in [*evidence, wild]}) == len({repr(each) for each in [*evidence, wild]})
    assert hash(wild) == hash(Evidence(wild.kind, wild.claim, wild.integrity, wild.tier, wild.source, wild.details))
