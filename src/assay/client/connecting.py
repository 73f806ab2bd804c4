"""How both clients connect: the address, the token and what is usual. It opens no connection."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import urlsplit

# Without a sign of the service for so long, a try is given up.
SECONDS = 10.0
# A batch goes in parts of at most this size, so that memory is bounded and a part that failed can be sent again.
MOST_ITEMS, MOST_BYTES = 500, 256 * 1024


def connection(url: str, token: str | None, timeout: float, verify: ssl.SSLContext | bool) -> dict[str, Any]:
    """What a connection is made with.

    raises  ValueError where the address or the token is none
    """
    # Nothing is taken from the surroundings: a proxy or a password file there would see or replace the token.
    return {
        "base_url": checked_address(url),
        "headers": checked_token(token),
        "timeout": timeout,
        "verify": verify,
        "trust_env": False,
    }


def checked_address(url: str) -> str:
    """The service's address.

    raises  ValueError where it is none, or carries a password, which would be in every log on the way
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an address is as in `https://assay.example.org`")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address carries no user and no password; the token is given beside it")
    return url.rstrip("/")


def checked_token(token: str | None) -> dict[str, str]:
    """The headers of every request.

    raises  ValueError where the token could not stand in a header, without showing it
    """
    if token is None:
        return {}
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("a token is one word, as `assay token create` prints it")
    return {"authorization": f"Bearer {token}"}
