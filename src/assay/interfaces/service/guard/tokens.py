"""A bearer token: its name, what it allows, and the digests of its secrets. It never holds a secret."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from assay.interfaces.service.guard.gates import Scope

PREFIX = b"assay"
SECRET_BYTES = 32
# `Bearer assay_`, an id and a secret come to some 80 characters; what is much longer is none of ours.
LONGEST_CREDENTIAL = 200
CLIENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of a token, as it is kept.

    Its SHA-256, without salt and without stretching: those slow down whoever guesses what people think up, and 32
    random bytes are guessed by nobody. A slow hash for each request would only serve whoever floods the service.
    """

    digest: bytes = field(repr=False)
    created: int
    expires: int | None = None

    def holds_at(self, now: int) -> bool:
        """Whether it is valid at an instant in microseconds."""
        return self.expires is None or now < self.expires


@dataclass(frozen=True, slots=True)
class Token:
    """What a client may do, and until when.

    id       by which it is looked up; no secret
    client   name of the client, for limits and idempotency; several tokens may be of one client
    secrets  one, or for a while two after a rotation
    """

    id: str
    client: str
    scopes: frozenset[Scope]
    secrets: tuple[Secret, ...]
    created: int
    expires: int | None = None
    revoked: int | None = None

    def holds_at(self, now: int) -> bool:
        """Whether it is valid at an instant in microseconds."""
        return self.revoked is None and (self.expires is None or now < self.expires)


# Who names a token that is not there is compared with this, so that the answer takes the same time.
NOBODY = Token("", "", frozenset(), (Secret(secrets.token_bytes(32), 0),), 0, revoked=0)


def new_id() -> str:
    """A token's id, of 12 letters and digits."""
    return secrets.token_hex(6)


def new_secret(now: int, expires: int | None = None) -> tuple[str, Secret]:
    """A secret to hand out once, and what is kept of it."""
    text = secrets.token_urlsafe(SECRET_BYTES)
    return text, Secret(digest_of(text.encode("ascii")), now, expires)


def digest_of(secret: bytes) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret).digest()


def written(token: str, secret: str) -> str:
    """A credential as a client sends it."""
    return f"{PREFIX.decode()}_{token}_{secret}"


def parted(header: bytes) -> tuple[bytes, bytes] | None:
    """The id and the secret in an `Authorization` header, or None where it holds no token of ours."""
    if len(header) > LONGEST_CREDENTIAL or header[:7].lower() != b"bearer ":
        return None
    # A secret may itself hold the sign that parts.
    parts = header[7:].strip().split(b"_", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == PREFIX else None


def is_held(token: Token, secret: bytes, now: int) -> bool:
    """Whether a secret is one of a token's that hold now. Every one is compared, in the same time."""
    given = digest_of(secret)
    found = False
    for kept in token.secrets:
        found |= hmac.compare_digest(given, kept.digest) and kept.holds_at(now)
    return found and token.holds_at(now)
