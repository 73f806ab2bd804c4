"""A channel behind an http(s) address. It follows no redirect to another host and takes no more than it asked for."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assay.engine.kernel.digest import sha256_of
from assay.engine.kernel.errors import Fault
from assay.interfaces.packs.channel.places import ABSENT, UNREACHABLE, Reading, Unchanged

if TYPE_CHECKING:
    import httpx

MOST_REDIRECTS = 3
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


def is_address(named: str) -> bool:
    """Whether a channel is named by an address and not by a folder."""
    return named.startswith(("http://", "https://"))


class WebPlace:
    """Files by GET and PUT below an address.

    token    shown as a bearer token; empty shows none
    seconds  how long one file may take in all, however slowly it comes
    """

    def __init__(
        self, address: str, *, token: str = "", seconds: float = 20.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        import httpx

        self._address, self._seconds = address.rstrip("/"), seconds
        self._sent = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            timeout=seconds,
            follow_redirects=False,
            transport=transport,
            # Packed, a small answer could become a large one; these files are small enough as they are.
            headers={"accept-encoding": "identity", "user-agent": "assay"},
        )

    @property
    def title(self) -> str:
        # What stands before the `@` may be a password.
        return _shown(self._address)

    def read(self, name: str, *, most: int, known: str | None = None) -> Reading | Unchanged | Fault:
        import httpx

        headers = {"if-none-match": known} if known is not None and not known.startswith("sha256:") else {}
        try:
            found = self._read(f"{self._address}/{name}", most, headers)
        except httpx.HTTPError as error:
            return Fault(UNREACHABLE, f"`{self.title}/{name}` cannot be fetched: {_why(error)}")
        except httpx.InvalidURL:
            return Fault(UNREACHABLE, f"`{self.title}` is no address that can be fetched from")
        if isinstance(found, Reading) and known == found.tag:
            return Unchanged()
        return found

    def write(self, name: str, content: bytes, *, instead_of: str | None = None) -> Fault | None:
        import httpx

        headers: dict[str, str] = {"content-type": "application/json", **self._sent}
        if instead_of is not None and not instead_of.startswith("sha256:"):
            headers |= {"if-match": instead_of} if instead_of else {"if-none-match": "*"}
        try:
            answer = self._client.put(f"{self._address}/{name}", content=content, headers=headers)
        except httpx.HTTPError as error:
            return Fault("channel-unwritable", f"`{self.title}/{name}` cannot be written: {_why(error)}")
        if answer.status_code == 412:
            return Fault("channel-moved", "somebody else pushed a release meanwhile; look, and push again")
        if answer.is_success:
            return None
        return Fault("channel-unwritable", f"`{self.title}/{name}` was answered with {answer.status_code}")

    def close(self) -> None:
        self._client.close()

    def _read(self, address: str, most: int, headers: Mapping[str, str]) -> Reading | Unchanged | Fault:
        ends = time.monotonic() + self._seconds
        for _ in range(MOST_REDIRECTS + 1):
            with self._client.stream("GET", address, headers={**headers, **self._sent}) as answer:
                if not answer.has_redirect_location:
                    return self._answered(answer, most, ends)
                target = str(answer.url.join(answer.headers["location"]))
            if _origin(target) != _origin(address):
                words = (
                    f"`{_shown(address)}` leads to another host, which is not followed: name that one as the channel"
                )
                return Fault(UNREACHABLE, words)
            address = target
        return Fault(UNREACHABLE, f"`{self.title}` leads in circles")

    def _answered(self, answer: httpx.Response, most: int, ends: float) -> Reading | Unchanged | Fault:
        shown = _shown(str(answer.url))
        if answer.status_code == 304:
            return Unchanged()
        if answer.status_code in (404, 410):
            return Fault(ABSENT, f"`{shown}` is not there")
        if answer.status_code != 200:
            return Fault(UNREACHABLE, f"`{shown}` was answered with {answer.status_code}")
        if answer.headers.get("content-encoding", "identity").lower() != "identity":
            return Fault(UNREACHABLE, f"`{shown}` came packed, which was not asked for")
        content = bytearray()
        # Piece by piece as they come, so that an answer that drips is seen to be late.
        for chunk in answer.iter_bytes():
            content += chunk
            if len(content) > most:
                return Fault("too-large", f"`{shown}` is larger than {most:,} bytes, and nothing of its kind is")
            if time.monotonic() > ends:
                return Fault(UNREACHABLE, f"`{shown}` did not come whole within {self._seconds:g} seconds")
        # Not every server names its files' versions; then what it holds names them.
        return Reading(bytes(content), answer.headers.get("etag") or sha256_of(bytes(content)))


def token_in_the_clear(address: str, token: str) -> Fault | None:
    """Why a token may not be sent to an address: anybody on the way could read it."""
    parts = urlsplit(address)
    if not token or parts.scheme == "https" or parts.hostname in _OWN_MACHINE:
        return None
    return Fault("token-in-the-clear", "a token is only sent by https; write the channel's address with `https://`")


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _shown(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _why(error: Exception) -> str:
    """An error in a few words, without an address that may hold a password."""
    name = type(error).__name__
    known = {"ConnectError": "nobody answers there", "ConnectTimeout": "nobody answers there in time"}
    return known.get(
        name, "the answer did not come in time" if "Timeout" in name else f"the connection failed ({name})"
    )
