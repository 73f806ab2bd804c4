"""The key that signs heads: made where there is none, read where it is its owner's alone. It never shows it.

One algorithm, Ed25519. What is signed begins with words that say what it is, so that no signature passes for another.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from assay.engine.kernel.errors import Fault

DOMAIN = b"assay-ledger/1 head\x00"
_LARGEST_KEY = 10_000


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; it is shown by its id alone."""

    id: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> Ed25519PublicKey:
        """Its public half."""
        return self.private.public_key()

    def sign(self, content: bytes) -> bytes:
        """A signature over a statement."""
        return self.private.sign(DOMAIN + content)


def holds(public: Ed25519PublicKey, content: bytes, signature: bytes) -> bool:
    """Whether a signature over a statement is by this key."""
    try:
        public.verify(signature, DOMAIN + content)
    except InvalidSignature:
        return False
    return True


def key_id(public: Ed25519PublicKey) -> str:
    """What names a key: half of the digest of its bytes."""
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]


def public_text(public: Ed25519PublicKey) -> str:
    """A public key as PEM, for whoever checks."""
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_or_make_key(path: Path) -> SigningKey | Fault:
    """The key in a file; at the first use it is made, with its public half beside it as `NAME.pub`."""
    if not path.exists():
        made = _make_key(path)
        if made is not None:
            return made
    return read_key(path)


def read_key(path: Path) -> SigningKey | Fault:
    """The private key in a file that only its owner may read."""
    try:
        with path.open("rb") as stream:
            mode, content = os.fstat(stream.fileno()).st_mode, stream.read(_LARGEST_KEY)
    except OSError as error:
        return Fault("unreadable", f"`{path}` cannot be read: {(error.strerror or 'no reason given').lower()}")
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Fault("open-key", f"others may read `{path}`; make it yours alone by `chmod 600`, or make a new key")
    try:
        private = load_pem_private_key(content, None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return Fault("bad-key", f"`{path}` is no private key without a passphrase; name another file")
    if not isinstance(private, Ed25519PrivateKey):
        return Fault("wrong-algorithm", f"`{path}` is no Ed25519 key, and no other kind signs the ledger")
    return SigningKey(key_id(private.public_key()), private)


def _make_key(path: Path) -> Fault | None:
    private = Ed25519PrivateKey.generate()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        if _place(path, written):
            _place(_public_file(path), public_text(private.public_key()).encode(), mode=0o644)
    except OSError as error:
        return Fault("unwritable", f"`{path}` cannot be written: {(error.strerror or 'no reason given').lower()}")
    return None


def _public_file(path: Path) -> Path:
    return path.with_suffix(".pub") if path.suffix != ".pub" else path.with_name(path.name + ".pub")


def _place(path: Path, content: bytes, *, mode: int = 0o600) -> bool:
    """Put a file where none is, whole or not at all. False where another process was first: then that one holds."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
    try:
        with os.fdopen(number, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        # A link, and not a rename, fails where the name is taken.
        os.link(name, path)
    except FileExistsError:
        return False
    finally:
        Path(name).unlink(missing_ok=True)
    return True
