"""Keys of signers: made, kept, trusted, revoked. One algorithm, Ed25519, and no field that could name another."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import SLUG
from assay.interfaces.packs.aside import write_aside
from assay.interfaces.packs.bundles import file_content

PUBLIC, REVOKED = ".pub", "revoked"
SIGNATURE_BYTES = 64
_LARGEST_KEY = 10_000
_MOST_KEYS = 1_000
_ID = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; it is shown by its id alone."""

    id: str
    private: Ed25519PrivateKey = field(repr=False)

    def sign(self, domain: str, content: bytes) -> bytes:
        """A signature over content of one kind; `domain` keeps it from being taken for one of another kind."""
        return self.private.sign(_signed(domain, content))

    @property
    def alone(self) -> Keys:
        """This key as the only one that is trusted."""
        return Keys({self.id: TrustedKey(self.id, self.id, self.private.public_key())})


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key by its name, as people know who holds it."""

    id: str
    name: str
    public: Ed25519PublicKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """Who is trusted, and whose keys no longer are.

    fingerprint  changes with whatever stands in the folder
    """

    trusted: Mapping[str, TrustedKey]
    revoked: frozenset[str] = frozenset()
    fingerprint: str = ""

    def check(self, identity: object, domain: str, content: bytes, signature: bytes) -> TrustedKey | Fault:
        """The key that signed, or why its signature counts for nothing."""
        if not isinstance(identity, str) or not _ID.match(identity):
            return Fault("bad-signature", "a signature does not name its key by 32 hexadecimal digits")
        if identity in self.revoked:
            named = self.trusted.get(identity)
            return Fault("revoked-key", f"the key `{named.name if named else identity}` that signed it was revoked")
        key = self.trusted.get(identity)
        if key is None:
            return Fault("unknown-key", f"the key `{identity}` that signed it is none of those trusted here")
        if len(signature) != SIGNATURE_BYTES:
            return Fault("bad-signature", f"the signature by `{key.name}` is not {SIGNATURE_BYTES} bytes long")
        try:
            key.public.verify(signature, _signed(domain, content))
        except InvalidSignature:
            return Fault("bad-signature", f"the signature by `{key.name}` is not of what stands there")
        return key


def _signed(domain: str, content: bytes) -> bytes:
    # The domain ends with a byte that none contains, so that no content can move the place where it begins.
    return domain.encode() + b"\x00" + content


def key_id(public: Ed25519PublicKey) -> str:
    """What names a key in signatures: half of the digest of its bytes."""
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]


def make_key(name: str, private_file: Path, *, passphrase: str = "") -> tuple[str, Path] | Fault:
    """Write a new key's two files; the id of the key and the public file beside the private one.

    passphrase  encrypts the private file where it is not empty
    """
    if not SLUG.match(name):
        return Fault("bad-name", f"`{name[:60]}` cannot name a key; use a-z, digits and hyphens")
    public_file = private_file.parent / f"{name}{PUBLIC}"
    for path in (private_file, public_file):
        if path.exists():
            return Fault("key-exists", f"`{path}` is there already, and a key that is lost cannot be made again")
    private = Ed25519PrivateKey.generate()
    guard: KeySerializationEncryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    try:
        write_aside(private_file, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, guard), mode=0o600)
        public = private.public_key()
        write_aside(public_file, public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    except OSError as error:
        return Fault(
            "unwritable", f"`{private_file}` cannot be written: {(error.strerror or 'no reason given').lower()}"
        )
    return key_id(private.public_key()), public_file


def read_signing_key(path: Path, *, passphrase: str = "") -> SigningKey | Fault:
    """The private key in a file that only its owner may read."""
    content = file_content(path, _LARGEST_KEY)
    if isinstance(content, Fault):
        return content
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Fault("open-key", f"others may read `{path}`; make it yours alone by `chmod 600`, or make a new key")
    try:
        private = load_pem_private_key(content, passphrase.encode() or None)
    except TypeError:
        words = "needs its passphrase" if not passphrase else "has no passphrase, and one is given"
        return Fault("bad-passphrase", f"`{path}` {words} (in `ASSAY_KEY_PASSPHRASE`)")
    except (ValueError, UnsupportedAlgorithm):
        return Fault("bad-key", f"`{path}` is no private key, or its passphrase is another one")
    if not isinstance(private, Ed25519PrivateKey):
        return Fault("wrong-algorithm", f"`{path}` is no Ed25519 key; `assay bundle keygen` makes one")
    return SigningKey(key_id(private.public_key()), private)


def read_keys(folder: Path) -> Keys | list[Fault]:
    """The keys in a folder: `NAME.pub` each, and `revoked`, a list of names or ids; or all that is wrong with them."""
    if not folder.is_dir():
        return [Fault("no-keys", f"there is no folder `{folder}` of trusted keys")]
    faults: list[Fault] = []
    trusted: dict[str, TrustedKey] = {}
    seen = hashlib.sha256()
    paths = sorted(folder.glob(f"*{PUBLIC}"))[: _MOST_KEYS + 1]
    if len(paths) > _MOST_KEYS:
        return [Fault("too-many-keys", f"`{folder}` holds more than {_MOST_KEYS} keys")]
    for path in paths:
        found = _read_public(path, seen)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            trusted[found.id] = found
    revoked = _read_revoked(folder / REVOKED, trusted, seen)
    if isinstance(revoked, list):
        return faults + revoked
    if not trusted and not faults:
        faults.append(Fault("no-keys", f"`{folder}` holds no key; put a file `NAME{PUBLIC}` there"))
    return faults or Keys(trusted, revoked, seen.hexdigest())


def _read_public(path: Path, seen: hashlib._Hash) -> TrustedKey | Fault:
    content = file_content(path, _LARGEST_KEY)
    if isinstance(content, Fault):
        return content
    seen.update(path.name.encode() + b"\x00" + content)
    try:
        public = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        return Fault("bad-key", f"`{path}` is no public key in PEM")
    if not isinstance(public, Ed25519PublicKey):
        return Fault("wrong-algorithm", f"`{path}` is no Ed25519 key, and no other kind signs bundles")
    return TrustedKey(key_id(public), path.name.removesuffix(PUBLIC), public)


def _read_revoked(path: Path, trusted: Mapping[str, TrustedKey], seen: hashlib._Hash) -> frozenset[str] | list[Fault]:
    if not path.exists():
        return frozenset()
    content = file_content(path, _LARGEST_KEY * 10)
    if isinstance(content, Fault):
        return [content]
    seen.update(b"\x00revoked\x00" + content)
    by_name = {key.name: key.id for key in trusted.values()}
    lines = [line.partition("#")[0].strip() for line in content.decode("utf-8", errors="replace").splitlines()]
    faults = [
        # A name spelt wrong would leave a key trusted that somebody meant to revoke.
        Fault("bad-revocation", f"`{path}` names `{line[:60]}`, which is neither a key in this folder nor a key's id")
        for line in lines
        if line and line not in by_name and not _ID.match(line)
    ]
    return faults or frozenset(by_name.get(line, line) for line in lines if line)
