"""A new signature launders nothing: each ancestor keeps its own state, and time passes for it, too."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from assay.detection.evidence import Integrity, Tier
from assay.detection.judgement import judge
from assay.detection.media import Media
from assay.detection.scanner import Settings
from assay.detection.scanners.c2pa.codes import Findings
from assay.detection.scanners.c2pa.examples.authority import make_authority
from assay.detection.scanners.c2pa.examples.cases import broken, created, opened, signed_png
from assay.detection.scanners.c2pa.scanner import build
from assay.detection.scanners.c2pa.times import integrity_at, proven_by

NOW = datetime(2026, 11, 22, tzinfo=UTC)
GENERATED = created("trainedAlgorithmicMedia")


@pytest.mark.slow
def test_a_parent_whose_credential_ends_after_it_was_taken_in_has_expired(tmp_path: Path) -> None:
    short, ours = make_authority("Short-lived", seconds=3), make_authority()
    (tmp_path / "ours.pem").write_bytes(ours.root + short.root)
    scanner = build(Settings(tmp_path))
    content = signed_png(opened(), parent=signed_png(GENERATED, authority=short))
    media = Media.from_bytes(content, name="a.png")
    before = [(each.scope, each.integrity) for each in scanner.scan(media)]
    time.sleep(4.5)
    top, parent = scanner.scan(media)
    assert before == [("asset", Integrity.OK), ("parent", Integrity.OK)]
    assert (top.integrity, parent.integrity, top.tier) == (Integrity.OK, Integrity.EXPIRED, Tier.OPERATOR)
    judgement = judge([top, parent])
    assert (judgement.ai_extent, judgement.synthetic_status) == ("generated", "declared")


def test_a_broken_grandparent_stays_broken_under_two_sound_signatures() -> None:
    inner = broken(signed_png(GENERATED))
    content = signed_png(opened(), parent=signed_png(opened(), parent=inner))
    found = build(Settings()).scan(Media.from_bytes(content, name="a.png"))
    assert [(each.scope, each.details["own_integrity"]) for each in found] == [("asset", "ok"), ("parent", "broken")]
    assert found[0].details["ancestors_broken"] == "1"


def chain_until(days: int) -> tuple[bytes, ...]:
    authority = make_authority(f"Until {days}", seconds=86_400 * days)
    (certificate, *_) = x509.load_pem_x509_certificates(authority.chain)
    return (certificate.public_bytes(Encoding.DER),)


@pytest.mark.parametrize(
    ("integrity", "proven_in_days", "expected"),
    [
        (Integrity.OK, 5, Integrity.OK),
        (Integrity.OK, 15, Integrity.EXPIRED),
        (Integrity.BROKEN, 15, Integrity.BROKEN),
        (Integrity.UNSIGNED, 15, Integrity.UNSIGNED),
    ],
)
def test_a_credential_is_held_against_the_time_that_is_proved(
    integrity: Integrity, proven_in_days: int, expected: Integrity
) -> None:
    proven = datetime.now(UTC) + timedelta(days=proven_in_days)
    assert integrity_at(integrity, chain_until(10), proven) is expected
    assert integrity_at(integrity, (), proven) is integrity
    assert integrity_at(integrity, (b"no certificate",), proven) is integrity


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (Findings({"timeStamp.trusted"}), datetime(2026, 1, 1, tzinfo=UTC)),
        (Findings(recorded_success={"timeStamp.trusted"}), datetime(2026, 1, 1, tzinfo=UTC)),
        (Findings({"timeStamp.validated"}), NOW),
        (Findings(recorded_success={"timeStamp.trusted"}, informational={"timeStamp.untrusted"}), NOW),
        (Findings({"timeStamp.trusted"}, {"timeStamp.mismatch"}), NOW),
    ],
)
def test_only_a_trusted_stamp_proves_a_time(findings: Findings, expected: datetime) -> None:
    manifest = {"signature_info": {"time": "2026-01-01T00:00:00+00:00"}}
    assert proven_by(manifest, findings, NOW) == expected
    assert proven_by({"signature_info": {"time": "yesterday"}}, findings, NOW) == NOW


def test_what_an_older_file_holds_is_no_younger_than_it() -> None:
    above = datetime(2025, 1, 1, tzinfo=UTC)
    manifest = {"signature_info": {"time": "2026-01-01T00:00:00+00:00"}}
    assert proven_by(manifest, Findings({"timeStamp.trusted"}), above) == above
