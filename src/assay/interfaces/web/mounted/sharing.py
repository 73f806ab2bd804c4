"""How many of the workbench's places one caller may hold at once, so that nobody alone keeps out everybody else."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assay.interfaces.web.mounted.plain import Scope
from assay.interfaces.web.site.middleware.proxies import Network, first_untrusted, is_in

# Somebody with one line of this kind has as many addresses as they like under these many first bits.
_ONE_LINE_BITS = 64


class Places:
    """So many places, of which one caller has at most a share."""

    def __init__(self, most: int, share: int) -> None:
        self._most, self._share = most, share
        self._held: Counter[str] = Counter()
        self.taken = 0

    @contextmanager
    def one(self, caller: str) -> Iterator[bool]:
        """A place for as long as the block runs; False where there is none for this caller.

        caller  empty where many come by one address: they are bound together only
        """
        if self.taken >= self._most or (caller and self._held[caller] >= self._share):
            yield False
            return
        self.taken += 1
        self._held[caller] += 1
        try:
            yield True
        finally:
            self.taken -= 1
            self._held[caller] -= 1
            if not self._held[caller]:
                del self._held[caller]


def caller_of(scope: Scope, trusted: Sequence[Network]) -> str:
    """Who called, as far as a trusted proxy says it; empty behind one that says nothing, or by a unix socket."""
    client = scope.get("client")
    if client is None:
        return ""
    address = str(client[0])
    if is_in(address, trusted):
        said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        address = first_untrusted(said.decode("latin-1"), address, trusted)
        if is_in(address, trusted):
            return ""
    return _line_of(address)


def _line_of(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, ipaddress.IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _ONE_LINE_BITS), strict=False).network_address)
