"""What is checked of a request's head before anything else: its host, its doubled fields, its id. It reads no body."""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count

from assay.interfaces.service.kinds import refused
from assay.interfaces.service.problems import Problem

Headers = Sequence[tuple[bytes, bytes]]
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# Of which two would let two readers of the same request see two requests.
SINGLE_FIELDS = frozenset(
    {
        *(b"authorization", b"content-encoding", b"content-length", b"content-type", b"host", b"idempotency-key"),
        *(b"if-none-match", b"prefer", b"transfer-encoding", b"x-request-id"),
    }
)
MOST_HOSTS_REMEMBERED = 256


class Numbering:
    """Ids for requests that bring none: apart from those of any other process, and cheap."""

    def __init__(self) -> None:
        self._process = secrets.token_hex(5)
        self._numbers = count(1)

    def of(self, given: bytes | None) -> str:
        """The id that a request brings where it can be used, else a new one."""
        if given is not None and REQUEST_ID.fullmatch(given) is not None:
            return given.decode("ascii")
        return f"{self._process}-{next(self._numbers):x}"


class Hosts:
    """By which names the service may be called.

    A name outside the list may have been pointed at this machine by a stranger, so that a browser here calls it
    (DNS rebinding). An address cannot, and is always accepted.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._every = "*" in allowed
        self._allowed = frozenset(name.lower().rstrip(".") for name in allowed)
        self._accepted: set[bytes] = set()

    def accept(self, host: bytes | None) -> bool:
        """Whether a `Host` field names the service."""
        if self._every or host in self._accepted:
            return True
        if host is None or len(host) > 300:
            return False
        name = _without_port(host.decode("latin-1").lower())
        if name.rstrip(".") not in self._allowed and not _is_address(name):
            return False
        if len(self._accepted) < MOST_HOSTS_REMEMBERED:
            self._accepted.add(host)
        return True


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    if colon and port.isascii() and (port.isdigit() or not port) and (":" not in name or name.endswith("]")):
        return name
    return host


def _is_address(name: str) -> bool:
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return False
    return (found.version == 6) == (bare != name)


def doubled(headers: Headers) -> Problem | None:
    """The problem of a head that says one thing twice."""
    counts = Counter(name for name, _ in headers)
    for name in sorted(SINGLE_FIELDS):
        if counts[name] > 1:
            return refused("bad-header", f"the header `{name.decode()}` comes twice; send it once")
    return None


def declared_length(named: Mapping[bytes, bytes]) -> int | None:
    """How long the body will be, where the head says it."""
    given = named.get(b"content-length")
    return int(given) if given is not None and given.isdigit() and len(given) < 20 else None
