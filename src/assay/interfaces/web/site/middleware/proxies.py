"""Who really called: what a trusted proxy says of it, and nobody else. It never believes a header of a stranger."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import TypeAlias

from django.http import HttpRequest, HttpResponseBase

from assay.interfaces.web.settings import WorkbenchSettings
from assay.interfaces.web.site.given import told

Answer: TypeAlias = Callable[[HttpRequest], HttpResponseBase]
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_SAID = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


class TrustedProxies:
    """Puts the caller's address into `REMOTE_ADDR`, and drops what an untrusted caller says about itself."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response
        self._trusted = networks(told(WorkbenchSettings).proxies)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Settle who called, and go on."""
        meta = request.META
        caller = str(meta.get("REMOTE_ADDR", ""))
        if is_in(caller, self._trusted):
            meta["REMOTE_ADDR"] = first_untrusted(str(meta.get("HTTP_X_FORWARDED_FOR", "")), caller, self._trusted)
            meta.pop("HTTP_X_FORWARDED_HOST", None)
        else:
            for name in _SAID:
                meta.pop(name, None)
        return self._answer(request)


def networks(proxies: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks as they were set."""
    return tuple(ipaddress.ip_network(each) for each in proxies)


def is_in(address: str, trusted: Sequence[Network]) -> bool:
    """Whether an address lies in one of the networks; what is no address lies in none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in trusted)


def first_untrusted(forwarded: str, caller: str, trusted: Sequence[Network]) -> str:
    """The caller behind trusted proxies: from the right, the first address that none of them has.

    forwarded  `X-Forwarded-For`: each proxy adds at the end who called it; what stands further left may be made up
    """
    for each in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        try:
            address = str(ipaddress.ip_address(each))
        except ValueError:
            return caller
        if not is_in(address, trusted):
            return address
        caller = address
    return caller
