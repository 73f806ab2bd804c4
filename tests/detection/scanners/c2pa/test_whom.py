"""Whose word a signature is: the lists stay apart, and who only says when vouches for nobody."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from assay.detection.evidence import Evidence, Tier
from assay.detection.media import Media
from assay.detection.scanner import ScanFailed, Settings
from assay.detection.scanners.c2pa.carried.signatures import Signatures
from assay.detection.scanners.c2pa.examples.authority import Authority, make_authority
from assay.detection.scanners.c2pa.examples.cases import created, opened, signed_png
from assay.detection.scanners.c2pa.scanner import C2paScanner, build
from assay.detection.scanners.c2pa.store import as_read
from assay.detection.scanners.c2pa.trust import Trust
from assay.detection.trust.folder import load_lists

GENERATED = created("trainedAlgorithmicMedia")
OFFICIAL, TIMES, INTERIM, OWN = "C2PA-TRUST-LIST.pem", "C2PA-TSA-TRUST-LIST.pem", "interim-anchors.pem", "ours.pem"


def trusting(folder: Path, lists: Mapping[str, bytes]) -> C2paScanner:
    folder.mkdir(exist_ok=True)
    for name, content in lists.items():
        (folder / name).write_bytes(content)
    return build(Settings(folder))


def scan(scanner: C2paScanner, content: bytes) -> list[Evidence]:
    return scanner.scan(Media.from_bytes(content, name="a.png"))


def standing(scanner: C2paScanner, content: bytes) -> list[tuple[Tier, str]]:
    return [(each.tier, each.details.get("trust_list", "")) for each in scan(scanner, content)]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (OFFICIAL, (Tier.TRUSTED, "official")),
        (OWN, (Tier.OPERATOR, "operator")),
        (INTERIM, (Tier.INTERIM, "interim")),
        (TIMES, (Tier.VALID, "")),
    ],
)
def test_the_list_decides_whose_word_it_is(tmp_path: Path, file: str, expected: tuple[Tier, str]) -> None:
    scanner = trusting(tmp_path, {file: make_authority().root})
    assert standing(scanner, signed_png(GENERATED)) == [expected]


def test_who_only_says_when_vouches_for_no_ancestor_either(tmp_path: Path) -> None:
    clock = make_authority("Clocks")
    scanner = trusting(tmp_path, {OWN: make_authority().root, TIMES: clock.root})
    content = signed_png(opened(), parent=signed_png(GENERATED, authority=clock))
    assert standing(scanner, content) == [(Tier.OPERATOR, "operator"), (Tier.VALID, "")]


def test_a_certificate_that_merely_stands_beside_lends_no_name(tmp_path: Path) -> None:
    clock, official = make_authority("Clocks"), make_authority("Official")
    forged = Authority(clock.root, clock.chain + official.chain, clock.key)
    scanner = trusting(tmp_path, {OFFICIAL: official.root, TIMES: clock.root})
    assert standing(scanner, signed_png(GENERATED, authority=forged)) == [(Tier.VALID, "")]
    below = signed_png(opened(), parent=signed_png(GENERATED, authority=forged), authority=official)
    assert standing(scanner, below) == [(Tier.TRUSTED, "official"), (Tier.VALID, "")]


def test_certificates_of_a_store_that_the_library_did_not_take_lend_no_name() -> None:
    mine, official = make_authority("Clocks"), make_authority("Official")
    chains = {name: _chain(who) for name, who in (("a", mine), ("b", official), ("c", official))}
    serial = x509.load_der_x509_certificate(chains["a"][0]).serial_number
    said = {"signature_info": {"cert_serial_number": str(serial)}}
    kept = as_read(Signatures(chains, b"", complete=True), {"manifests": {"a": said, "b": said}})
    assert set(kept.chains) == {"a"}


def _chain(who: Authority) -> tuple[bytes, ...]:
    certificates = x509.load_pem_x509_certificates(who.chain)
    return tuple(each.public_bytes(serialization.Encoding.DER) for each in certificates)


def test_a_signer_on_several_lists_has_the_word_of_the_one_that_says_most(tmp_path: Path) -> None:
    root = make_authority().root
    seen = set()
    for number, names in enumerate([(OFFICIAL, OWN), (OWN, INTERIM), (OFFICIAL, INTERIM, TIMES), (TIMES, OWN)]):
        scanner = trusting(tmp_path / str(number), dict.fromkeys(names, root))
        seen.add((names, *standing(scanner, signed_png(GENERATED))))
    assert seen == {
        ((OFFICIAL, OWN), (Tier.TRUSTED, "official")),
        ((OWN, INTERIM), (Tier.OPERATOR, "operator")),
        ((OFFICIAL, INTERIM, TIMES), (Tier.TRUSTED, "official")),
        ((TIMES, OWN), (Tier.OPERATOR, "operator")),
    }


def test_ancestors_have_each_their_own_list(tmp_path: Path) -> None:
    mine, theirs = make_authority(), make_authority("Somebody Else")
    scanner = trusting(tmp_path, {OFFICIAL: mine.root, INTERIM: theirs.root})
    content = signed_png(opened(), parent=signed_png(GENERATED, authority=theirs))
    assert standing(scanner, content) == [(Tier.TRUSTED, "official"), (Tier.INTERIM, "interim")]


def test_a_list_that_changed_since_it_was_taken_trusts_nobody(tmp_path: Path) -> None:
    from assay.detection.scanner import UnusableTrust
    from assay.detection.trust.keep import keep_lists
    from assay.detection.trust.sources import from_path

    source = tmp_path / "ours.pem"
    source.write_bytes(make_authority().root)
    keep_lists(tmp_path / "trust", from_path(source), now=datetime.now(UTC))
    (tmp_path / "trust" / "ours.pem").write_bytes(make_authority("Somebody Else").root)
    with pytest.raises(UnusableTrust, match="is not the list that was taken"):
        build(Settings(tmp_path / "trust"))


def stamping_root() -> bytes:
    """A root that may issue nothing but time stamps, as a list may hold among its signers."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Stamps Only")])
    since = datetime.now(UTC) - timedelta(days=1)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(since)
    builder = builder.not_valid_after(since + timedelta(days=9)).add_extension(usage, critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def test_a_certificate_for_time_stamps_among_the_signers_counts_as_one_for_times(tmp_path: Path) -> None:
    (tmp_path / OFFICIAL).write_bytes(make_authority().root + stamping_root())
    trust = Trust(load_lists(tmp_path))
    everything = trust.vouching_for(Signatures({}, b"", complete=False), datetime.now(UTC))
    sets = {each["trust_uri"]: each["trust_kind"] for each in trust.as_settings(everything.chosen)}
    assert sets == {"official": "manifest", "times": "tsa"}
    assert not everything.loose


class _All(Trust):
    def _needed(self, signatures: Signatures) -> frozenset[int]:
        return frozenset(range(len(self._listed)))

    def _all_valid(self, signatures: Signatures, chosen: Iterable[int], now: datetime) -> bool:
        return False


def test_the_certificates_left_out_never_matter(shared_test_data: Path) -> None:
    some, every = build(Settings(shared_test_data / "trust")), build(Settings(shared_test_data / "trust"))
    every.store._trust = _All(load_lists(shared_test_data / "trust"))
    with (shared_test_data / "labels.csv").open(encoding="utf-8") as stream:
        names = [row["file"] for row in csv.DictReader(stream) if row["file"].startswith("provenance/c2pa")]
    found = [(name, seen(some, shared_test_data / name), seen(every, shared_test_data / name)) for name in names]
    assert len(found) >= 29
    assert [name for name, one, other in found if one != other] == []


def seen(scanner: C2paScanner, path: Path) -> object:
    try:
        return scanner.scan(Media.from_path(path))
    except ScanFailed as failed:
        return failed.slug


def test_the_library_still_asks_every_list_about_every_signer() -> None:
    # The day this fails, the library tells its lists apart itself, and `Trust` can give a certificate to two sets.
    import io

    anchors = [{"trust_anchors": make_authority().root.decode(), "trust_uri": "times", "trust_kind": "tsa"}]
    settings = {"verify": {"verify_trust": True, "remote_manifest_fetch": False}, "trust": {"anchors": anchors}}
    context = c2pa.Context(c2pa.Settings.from_dict(settings))
    with c2pa.Reader(None, io.BytesIO(signed_png(GENERATED)), None, context) as reader:
        assert reader.get_validation_state() == "Trusted"
