"""What findings amount to: who may say what, and what nothing may say."""

from __future__ import annotations

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


def test_a_score_suspects_and_nothing_more() -> None:
    score = Evidence(Kind.DETECTOR, Claim.GENERATED, Integrity.UNSIGNED, Tier.UNVERIFIED, "score")
    assert said(score) == {("synthetic_status", "suspected", "detector")}


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
            assert (signal, value) == ("synthetic_status", "suspected")


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
