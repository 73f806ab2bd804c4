"""A platform keeps an original's credentials: as its parent, with their own state, and the picture untouched."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from PIL import Image

from assay.detection.credentials.attach import Attached, attach_credentials
from assay.detection.credentials.process import Order, attach_in_process
from assay.detection.credentials.refused import CannotAttach
from assay.detection.credentials.signing import Signing, read_signing
from assay.detection.evidence import Integrity, Tier
from assay.detection.judgement import judge
from assay.detection.labels.wish import Wish
from assay.detection.labels.write import write_label
from assay.detection.media import Media
from assay.detection.scanner import Settings
from assay.detection.scanners.c2pa.examples.authority import CLAIM_SIGNING, EMAIL_PROTECTION, Authority, make_authority
from assay.detection.scanners.c2pa.examples.cases import broken, created, opened, signed_png
from assay.detection.scanners.c2pa.scanner import build
from tests.detection.scanners.c2pa.signing import MANIFEST_AT, plain, sign

PLATFORM = make_authority("Platform")
GENERATED = created("trainedAlgorithmicMedia")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the platform's key, its list, an original and a transcoded file."""
    (tmp_path / "key.pem").write_bytes(PLATFORM.key)
    (tmp_path / "chain.pem").write_bytes(PLATFORM.chain)
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "ours.pem").write_bytes(PLATFORM.root + make_authority().root)
    (tmp_path / "original.png").write_bytes(signed_png(GENERATED))
    (tmp_path / "small.webp").write_bytes(plain("webp"))
    return tmp_path


def signing(desk: Path) -> Signing:
    return read_signing(desk / "key.pem", desk / "chain.pem")


def attach(desk: Path, new: str = "small.webp", parent: str = "original.png", **words: object) -> Attached:
    target = desk / f"out{Path(new).suffix}"
    return attach_credentials(
        desk / new,
        parent=desk / parent,
        out=target,
        signing=signing(desk),
        trust=desk / "trust",
        **words,  # type: ignore[arg-type]
    )


def refusal(desk: Path, new: str = "small.webp", parent: str = "original.png", **words: object) -> str:
    before = sorted(path.name for path in desk.iterdir())
    with pytest.raises(CannotAttach) as refused:
        attach(desk, new, parent, **words)
    assert sorted(path.name for path in desk.iterdir()) == before
    return refused.value.slug


def test_a_generated_original_stays_known_through_a_transcode(desk: Path) -> None:
    attached = attach(desk)
    assert (attached.whole.integrity, attached.whole.tier) == (Integrity.OK, Tier.OPERATOR)
    assert (attached.parent.integrity, attached.manifests) == (Integrity.OK, 2)
    found = build(Settings(desk / "trust")).scan(Media.from_path(attached.out))
    assert [(each.scope, each.claim.value) for each in found] == [("asset", "unclear"), ("parent", "generated")]
    judgement = judge(found)
    assert (judgement.ai_extent, judgement.synthetic_status) == ("generated", "confirmed")


def test_the_picture_is_the_one_that_was_handed_over(desk: Path) -> None:
    attached = attach(desk)
    assert pixels(attached.out) == pixels(desk / "small.webp")
    assert attached.sha256 == hashlib.sha256(attached.out.read_bytes()).hexdigest()
    assert (desk / "small.webp").read_bytes() == plain("webp")


def pixels(path: Path) -> bytes:
    with Image.open(path) as picture:
        return picture.tobytes()


@pytest.mark.parametrize(
    "kind", ["jpeg", "png", "webp", "gif", "tiff", "avif", "svg", "wav", "mp3", "mp4", "mov", "avi"]
)
def test_every_container_keeps_them(desk: Path, kind: str) -> None:
    (desk / f"new.{kind}").write_bytes(plain(kind))
    attached = attach(desk, f"new.{kind}")
    assert (attached.whole.integrity, attached.manifests) == (Integrity.OK, 2)
    if kind in ("jpeg", "png", "gif", "tiff", "avif"):
        assert pixels(attached.out) == pixels(desk / f"new.{kind}")
    if kind in ("wav", "mp3", "mp4", "mov", "avi"):
        assert frames(attached.out) == frames(desk / f"new.{kind}")


def frames(path: Path) -> str:
    """A digest of all that a player would show or play."""
    digest = hashlib.sha256()
    with av.open(io.BytesIO(path.read_bytes()), "r") as media:
        for frame in media.decode(media.streams[0]):
            assert isinstance(frame, (av.AudioFrame, av.VideoFrame))
            digest.update(frame.to_ndarray().tobytes())
    return digest.hexdigest()


def test_a_broken_original_stays_broken(desk: Path) -> None:
    (desk / "original.png").write_bytes(broken(signed_png(GENERATED)))
    attached = attach(desk)
    assert (attached.whole.integrity, attached.parent.integrity) == (Integrity.OK, Integrity.BROKEN)
    found = build(Settings(desk / "trust")).scan(Media.from_path(attached.out))
    assert judge(found).ai_extent is None


@pytest.mark.slow
def test_an_expired_original_stays_expired(desk: Path) -> None:
    import time

    short = make_authority("Brief", seconds=3)
    (desk / "trust" / "brief.pem").write_bytes(short.root)
    (desk / "original.png").write_bytes(signed_png(GENERATED, authority=short))
    time.sleep(4.5)
    attached = attach(desk)
    assert (attached.whole.integrity, attached.parent.integrity) == (Integrity.OK, Integrity.EXPIRED)
    found = build(Settings(desk / "trust")).scan(Media.from_path(attached.out))
    assert judge(found).synthetic_status == "declared"


def test_an_unknown_signers_original_stays_unknown(desk: Path) -> None:
    (desk / "original.png").write_bytes(signed_png(GENERATED, authority=make_authority("Somebody Else")))
    attached = attach(desk)
    assert (attached.parent.tier, attached.whole.tier) == (Tier.VALID, Tier.OPERATOR)


def test_every_ancestor_of_the_original_is_kept(desk: Path) -> None:
    (desk / "original.png").write_bytes(signed_png(opened(), parent=signed_png(GENERATED)))
    assert attach(desk).manifests == 3


def test_the_steps_are_what_was_said_and_no_more(desk: Path) -> None:
    attached = attach(desk, steps=("transcoded", "resized.proportional"), complete=True, program="Clips/3")
    (top, *_rest) = build(Settings()).inspect(Media.from_path(attached.out))
    rows = dict(top.children[0].rows)
    assert (rows["step 1"], rows["step 2"], rows["step 3"]) == ("opened", "transcoded", "resized in proportion")
    assert rows["program"] == "Clips 3"
    assert attached.whole.details["signals"] == "nonEditorial"


def test_nothing_is_overwritten(desk: Path) -> None:
    (desk / "out.webp").write_bytes(b"mine")
    assert refusal(desk) == "file-exists"
    assert (desk / "out.webp").read_bytes() == b"mine"


def test_what_cannot_be_kept_is_refused_and_nothing_is_written(desk: Path) -> None:
    signed, store = sign("png")
    contents: Mapping[str, bytes] = {
        "plain.png": plain("png"),
        "remote.png": sign("png", remote=MANIFEST_AT)[0],
        "signed.webp": sign("webp")[0],
        "text.txt": b"a hill",
        "torn.png": signed.replace(store[8:60], bytes(52)),
    }
    for name, content in contents.items():
        (desk / name).write_bytes(content)
    assert refusal(desk, parent="plain.png") == "no-credentials"
    assert refusal(desk, parent="remote.png") == "remote-credentials"
    assert refusal(desk, parent="torn.png") == "unreadable-credentials"
    assert refusal(desk, parent="gone.png") == "unreadable-file"
    assert refusal(desk, new="signed.webp") == "already-signed"
    assert refusal(desk, new="text.txt") == "unsupported-container"
    assert refusal(desk, steps=("improved",)) == "unknown-step"
    assert refusal(desk, steps=()) == "unknown-step"


def test_a_failing_key_service_leaves_nothing_behind(desk: Path) -> None:
    def fail(content: bytes) -> bytes:
        raise ConnectionError("the key service is away")

    before = sorted(path.name for path in desk.iterdir())
    with pytest.raises(CannotAttach) as refused:
        attach_credentials(
            desk / "small.webp",
            parent=desk / "original.png",
            out=desk / "out.webp",
            signing=Signing(fail, "ES256", PLATFORM.chain.decode()),
        )
    assert refused.value.slug == "cannot-sign"
    assert sorted(path.name for path in desk.iterdir()) == before


def certified(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> Authority:
    """A signer with any kind of key, below the platform's own root."""
    since = datetime.now(UTC) - timedelta(days=1)
    root_key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, each)]) for each in ("Root", "Signer")]
    chain = []
    for subject, public, is_root in ((names[1], key.public_key(), False), (names[0], root_key.public_key(), True)):
        usage = x509.KeyUsage(not is_root, False, False, False, False, is_root, is_root, False, False)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(names[0]).public_key(public)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(since)
        builder = builder.not_valid_after(since + timedelta(days=30)).add_extension(usage, critical=True)
        builder = builder.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        builder = builder.add_extension(above, critical=False)
        if not is_root:
            meant_for = x509.ExtendedKeyUsage([CLAIM_SIGNING, EMAIL_PROTECTION])
            builder = builder.add_extension(meant_for, critical=False)
        chain.append(builder.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Authority(chain[1], b"".join(chain), key.private_bytes(*form))


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (ec.generate_private_key(ec.SECP521R1()), "ES512"),
        (rsa.generate_private_key(65537, 2048), "PS256"),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
    ],
)
def test_every_kind_of_key_signs(
    desk: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey, algorithm: str
) -> None:
    who = certified(key)
    (desk / "key.pem").write_bytes(who.key)
    (desk / "chain.pem").write_bytes(who.chain)
    (desk / "trust" / "more.pem").write_bytes(who.root)
    assert signing(desk).algorithm == algorithm
    assert signing(desk).signer == "O=Signer"
    assert attach(desk).whole.tier is Tier.OPERATOR


def test_a_key_that_cannot_sign_is_told_before_anything_is_done(desk: Path) -> None:
    locked = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"a")
    )
    odd = ec.generate_private_key(ec.SECP256K1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for content, slug in ((locked, "unusable-key"), (b"none", "unusable-key"), (odd, "unusable-certificates")):
        (desk / "key.pem").write_bytes(content)
        with pytest.raises(CannotAttach) as refused:
            signing(desk)
        assert refused.value.slug == slug
    (desk / "key.pem").write_bytes(make_authority("Somebody Else").key)
    with pytest.raises(CannotAttach, match="is not the key's"):
        signing(desk)
    with pytest.raises(CannotAttach, match="is no address"):
        (desk / "key.pem").write_bytes(PLATFORM.key)
        read_signing(desk / "key.pem", desk / "chain.pem", "ftp://stamps.example")


def test_it_is_done_in_a_process_of_its_own_with_the_same_outcome(desk: Path) -> None:
    order = Order(desk / "small.webp", desk / "original.png", desk / "out.webp", desk / "key.pem", desk / "chain.pem")
    attached = attach_in_process(order)
    assert (attached.whole.integrity, attached.manifests) == (Integrity.OK, 2)
    with pytest.raises(CannotAttach) as refused:
        attach_in_process(order)
    assert (refused.value.slug, refused.value.hint) == ("file-exists", "name a new file: none is overwritten")


def test_an_original_that_was_only_labelled_keeps_its_credentials_as_its_parent(desk: Path) -> None:
    wish = Wish(label="1", propagator="00119144030008867405X210001", content_id="7")
    write_label(desk / "original.png", out=desk / "labelled.png", wish=wish, break_credentials=True)
    attached = attach(desk, new="labelled.png", steps=("edited.metadata",))
    assert (attached.whole.integrity, attached.parent.integrity) == (Integrity.OK, Integrity.OK)
    assert attached.manifests == 2
