"""Signed provenance: what a re-signature, a part, an input or a stranger's record can and cannot change."""

from __future__ import annotations

import socket

import pytest

from assay.detection.evidence import Claim, Evidence, Integrity, Tier
from assay.detection.judgement import judge
from assay.detection.media import Media
from assay.detection.scanner import Settings
from assay.detection.scanners.c2pa.claims import claim_of_manifest
from assay.detection.scanners.c2pa.codes import Findings, findings_by_manifest
from assay.detection.scanners.c2pa.examples.authority import make_authority
from assay.detection.scanners.c2pa.examples.cases import broken, created, edited, opened, placed, signed_png
from assay.detection.scanners.c2pa.scanner import C2paScanner, build

TRAINED = "trainedAlgorithmicMedia"


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> C2paScanner:
    folder = tmp_path_factory.mktemp("trust")
    (folder / "our-list.pem").write_bytes(make_authority().root)
    return build(Settings(folder))


@pytest.fixture(scope="module")
def plain() -> C2paScanner:
    return build(Settings())


def scan(scanner: C2paScanner, content: bytes) -> list[Evidence]:
    return scanner.scan(Media.from_bytes(content, name="a.png"))


def test_a_trusted_signer_confirms_and_an_unknown_one_declares(plain: C2paScanner, trusting: C2paScanner) -> None:
    ours, others = signed_png(created(TRAINED)), signed_png(created(TRAINED), authority=make_authority("Somebody Else"))
    statuses = [
        judge(scan(scanner, content)).synthetic_status for scanner in (plain, trusting) for content in (ours, others)
    ]
    assert statuses == ["declared", "declared", "confirmed", "declared"]


def test_a_changed_file_proves_nothing_whoever_signed_it(trusting: C2paScanner) -> None:
    judgement = judge(scan(trusting, broken(signed_png(created(TRAINED)))))
    assert (judgement.ai_extent, judgement.synthetic_status, judgement.provenance) == (None, "suspected", "broken")


def test_a_trusted_capture_is_authentic_and_an_unknown_one_is_not(trusting: C2paScanner) -> None:
    ours = signed_png(created("digitalCapture"))
    others = signed_png(created("digitalCapture"), authority=make_authority("Somebody Else"))
    edit = signed_png(created("digitalCapture"), edited())
    computed = signed_png(created("computationalCapture"))
    verdicts = [judge(scan(trusting, content)) for content in (ours, others, edit, computed)]
    assert [(each.ai_extent, each.synthetic_status) for each in verdicts] == [
        ("none", "authentic"),
        (None, None),
        (None, None),
        (None, "authentic"),
    ]


def test_a_generated_picture_stays_generated_after_an_edit(trusting: C2paScanner) -> None:
    content = signed_png(opened(), edited(), parent=signed_png(created(TRAINED)))
    top, parent = scan(trusting, content)
    assert (top.claim, parent.claim, parent.scope, parent.tier) == (
        Claim.EDITED,
        Claim.GENERATED,
        "parent",
        Tier.OPERATOR,
    )
    assert judge([top, parent]).ai_extent == "generated"


def test_a_generated_part_makes_the_whole_altered(trusting: C2paScanner) -> None:
    content = signed_png(created("digitalCapture"), placed(), component=signed_png(created(TRAINED)))
    judgement = judge(scan(trusting, content))
    assert (judgement.ai_extent, judgement.synthetic_status) == ("altered", "confirmed")


def test_a_new_signature_does_not_mend_a_broken_parent(trusting: C2paScanner) -> None:
    content = signed_png(opened(), parent=broken(signed_png(created(TRAINED))))
    top, parent = scan(trusting, content)
    assert (top.integrity, top.tier, top.details["ancestors_broken"]) == (Integrity.OK, Tier.OPERATOR, "1")
    assert parent.integrity is Integrity.BROKEN
    judgement = judge([top, parent])
    assert (judgement.ai_extent, judgement.synthetic_status) == (None, "suspected")


def test_a_trusted_signature_does_not_vouch_for_an_unknown_parent(trusting: C2paScanner) -> None:
    stranger = signed_png(created(TRAINED), authority=make_authority("Somebody Else"))
    judgement = judge(scan(trusting, signed_png(opened(), parent=stranger)))
    assert (judgement.provenance, judgement.ai_extent, judgement.synthetic_status) == (
        "signed_trusted",
        "generated",
        "declared",
    )


def test_what_another_signer_trusts_is_not_what_the_operator_trusts(trusting: C2paScanner) -> None:
    other = make_authority("Somebody Else")
    parent = signed_png(created(TRAINED), authority=other)
    top, below = scan(trusting, signed_png(opened(), parent=parent, trusts=other))
    assert (top.tier, below.tier) == (Tier.OPERATOR, Tier.VALID)
    assert judge([top, below]).synthetic_status == "declared"


def test_no_connection_is_opened_for_a_remote_manifest(plain: C2paScanner, socket_enabled: None) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.3)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/manifest"
        (found,) = scan(plain, signed_png(created(TRAINED), remote=address))
        with pytest.raises(TimeoutError):
            listener.accept()
    assert (found.integrity, found.claim, found.details["address"]) == (Integrity.REMOTE, Claim.UNCLEAR, address)
    assert judge([found]).ai_extent is None


@pytest.mark.parametrize(
    ("failures", "integrity"),
    [
        (["signingCredential.untrusted"], Integrity.OK),
        (["signingCredential.invalid"], Integrity.OK),
        (["signingCredential.expired", "signingCredential.untrusted"], Integrity.EXPIRED),
        (["claimSignature.outsideValidity"], Integrity.EXPIRED),
        (["timeStamp.mismatch"], Integrity.OK),
        (["assertion.dataHash.mismatch", "signingCredential.expired"], Integrity.BROKEN),
        (["claimSignature.mismatch"], Integrity.BROKEN),
        (["assertion.missing"], Integrity.BROKEN),
        (["claim.missing"], Integrity.BROKEN),
        (["assertion.bmffHash.mismatch"], Integrity.BROKEN),
    ],
)
def test_integrity_is_judged_from_codes(failures: list[str], integrity: Integrity) -> None:
    assert Findings({"claimSignature.validated"}, set(failures)).integrity is integrity


def test_a_signature_nobody_could_check_is_none() -> None:
    assert Findings({"assertion.hashedURI.match"}, {"algorithm.unsupported"}).integrity is Integrity.UNSIGNED


def test_an_ingredients_record_cannot_speak_of_the_file_above_it() -> None:
    forged = {"code": "assertion.dataHash.mismatch", "url": "self#jumbf=/c2pa/top/c2pa.assertions/c2pa.hash.data"}
    ingredient = {"active_manifest": "below", "validation_results": {"activeManifest": {"failure": [forged]}}}
    store = {"active_manifest": "top", "manifests": {"top": {"ingredients": [ingredient]}, "below": {}}}
    assert "top" not in findings_by_manifest(store)


@pytest.mark.parametrize(
    ("actions", "claim"),
    [
        ([created(TRAINED)], Claim.GENERATED),
        ([created(TRAINED), edited(TRAINED)], Claim.GENERATED),
        ([opened(), edited(TRAINED)], Claim.ALTERED),
        ([created("compositeWithTrainedAlgorithmicMedia")], Claim.ALTERED),
        ([created("compositeSynthetic")], Claim.ALTERED),
        ([created("algorithmicMedia")], Claim.ALGORITHMIC),
        ([created("digitalCapture")], Claim.CAPTURED),
        ([created("digitalCapture"), {"action": "c2pa.converted"}], Claim.CAPTURED),
        ([created("digitalCapture"), edited()], Claim.EDITED),
        ([created("digitalCapture"), edited("trainedAlgorithmicMedia")], Claim.ALTERED),
        ([created("composite")], Claim.UNCLEAR),
        ([], Claim.UNCLEAR),
        (["nonsense", {"action": 7, "digitalSourceType": 9}], Claim.EDITED),
    ],
)
def test_what_a_manifest_says_is_the_furthest_of_its_actions(actions: list[object], claim: Claim) -> None:
    manifest = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}]}
    assert claim_of_manifest(manifest) is claim


def test_signed_iptc_metadata_counts_as_what_the_signer_says() -> None:
    declared = {"Iptc4xmpExt:DigitalSourceType": f"http://cv.iptc.org/newscodes/digitalsourcetype/{TRAINED}"}
    assert claim_of_manifest({"assertions": [{"label": "cawg.metadata", "data": declared}]}) is Claim.GENERATED
