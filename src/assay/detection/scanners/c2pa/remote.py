"""Manifests at an address: fetched from hosts that the operator named, and from no other. It follows no redirect."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 8.0
MAXIMUM_MANIFEST = 16 * 1024 * 1024
NOT_ALLOWED = "the operator allows no fetching from this host"


class _Refused(Exception):
    """The fetch was not made or not finished; the text says why."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that may be asked, in lower case; none of them is asked for anything that the file does not name."""

    allowed: frozenset[str] = frozenset()
    ask: Callable[[str, str], bytes] | None = None

    def fetch(self, address: str) -> bytes | str:
        """The bytes at the address, or the words for why there are none."""
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return "the address cannot be read"
        if host not in self.allowed:
            return NOT_ALLOWED
        if parts.scheme != "https" or port not in (None, 443) or parts.username is not None:
            return "only plain HTTPS addresses are asked"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not target.isascii() or not target.isprintable() or " " in target:
            return "the address cannot be read"
        try:
            return (self.ask or _over_https)(host, target)
        except _Refused as refused:
            return str(refused)
        except (OSError, http.client.HTTPException):
            return "the host could not be reached"


def _over_https(host: str, target: str) -> bytes:
    connection = _Pinned(host, timeout=SECONDS, context=ssl.create_default_context())
    try:
        connection.request("GET", target, headers={"Accept": "application/c2pa"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            # An answer that sends elsewhere is an answer without a manifest: only the named host was allowed.
            raise _Refused(f"the host answered with {answer.status}")
        content = answer.read(MAXIMUM_MANIFEST + 1)
    finally:
        connection.close()
    if len(content) > MAXIMUM_MANIFEST:
        raise _Refused("the host sent more than any manifest needs")
    return content


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was looked at, so that a second look-up cannot lead to another machine."""

    def connect(self) -> None:
        address = public_address(self.host)
        plain = socket.create_connection((address, self.port), self.timeout)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def public_address(host: str) -> str:
    """One of the host's addresses, all of which must be public unless the operator named the address itself."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]
    if not found or not all(ipaddress.ip_address(each.partition("%")[0]).is_global for each in found):
        raise _Refused("the host has no public address")
    return found[0]
