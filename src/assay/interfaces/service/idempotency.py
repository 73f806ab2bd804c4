"""Requests that come twice: the decision of the first is answered again. It never answers what was not kept."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from assay.interfaces.service.settings import IdempotencySettings

HEADER = "idempotency-key"
_KEY = re.compile(rb"[\x21-\x7e]{1,255}")
_BUNDLE = re.compile(rb'"bundle":"(sha256:[0-9a-f]{64})"')
_MARK = "http"
# What every key of this room begins with.
PREFIX = f"{_MARK} "
_MEGABYTE = 1 << 20
# What an entry takes beside its bytes: the name, the list, the places in both tables.
_OVERHEAD = 600


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision that was kept under a key.

    digest  of the body that asked for it
    parts   its record in pieces; those at odd places are shared with other records
    bundle  the digest of the bundle that decided
    until   by the monotonic clock
    """

    digest: str
    parts: Sequence[bytes]
    bundle: str
    until: float

    @property
    def record(self) -> bytes:
        """The record's bytes."""
        return b"".join(self.parts)

    @property
    def weight(self) -> int:
        """About how many bytes it takes that nothing else holds."""
        return _OVERHEAD + sum(map(len, self.parts[::2]))


@dataclass(frozen=True, slots=True, eq=False)
class Flying:
    """A request under a key that is being answered; `done` comes to what was kept, or None where nothing was."""

    digest: str
    done: asyncio.Future[Kept | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


Found: TypeAlias = Kept | Flying | None


class Remembered:
    """What was decided lately by the keys of requests, bounded by number, time and bytes. One thread uses it."""

    def __init__(
        self, settings: IdempotencySettings | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        settings = settings or IdempotencySettings()
        self._seconds, self._number = settings.minutes * 60, settings.number
        self._most_bytes, self._clock = settings.megabytes * _MEGABYTE, clock
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._flying: dict[str, Flying] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, name: str) -> Found:
        """What is known of a request's name: what was kept, that it is on its way, or nothing."""
        flying = self._flying.get(name)
        if flying is not None:
            return flying
        kept = self._kept.get(name)
        if kept is not None and kept.until <= self._clock():
            self._forget(name)
            return None
        return kept

    def begin(self, name: str, digest: str) -> None:
        """A request is on its way; `kept` or `failed` must follow."""
        self._flying[name] = Flying(digest)

    def kept(self, name: str, digest: str, parts: Sequence[bytes], bundle: str) -> None:
        """Its record is durable: those that wait get it, and those that come."""
        kept = Kept(digest, parts, bundle, self._clock() + self._seconds)
        self._remember(name, kept)
        self._land(name, kept)

    def failed(self, name: str) -> None:
        """Nothing was kept: whoever waits is on its own again. It does nothing where `kept` was called."""
        self._land(name, None)

    def recall(self, keys: Iterable[tuple[str, bytes]]) -> int:
        """Take up what a store kept before a restart, the oldest first; returns how many are remembered.

        Keys that other rooms wrote are passed over.
        """
        for key, record in keys:
            named, bundle = read_key(key), _BUNDLE.search(record, 0, 400)
            if named is not None and bundle is not None:
                name, digest = named
                until = self._clock() + self._seconds
                self._remember(name, Kept(digest, (record,), bundle[1].decode("ascii"), until))
        return len(self._kept)

    def _remember(self, name: str, kept: Kept) -> None:
        if name in self._kept:
            self._forget(name)
        self._kept[name] = kept
        self.bytes += kept.weight
        now = self._clock()
        while self._kept and (
            len(self._kept) > self._number
            or self.bytes > self._most_bytes
            or next(iter(self._kept.values())).until <= now
        ):
            self._forget(next(iter(self._kept)))

    def _forget(self, name: str) -> None:
        self.bytes -= self._kept.pop(name).weight

    def _land(self, name: str, kept: Kept | None) -> None:
        flying = self._flying.pop(name, None)
        if flying is not None and not flying.done.done():
            flying.done.set_result(kept)


def is_key(given: bytes) -> bool:
    """Whether it is 1 to 255 visible ASCII characters."""
    return _KEY.fullmatch(given) is not None


def name_of(client: str, key: bytes, line: int = 0) -> str:
    """What tells a keyed request from all others; `line` is 0 for a single request.

    A key has no spaces, so that the name can be read from behind, whatever the client is called.
    """
    return f"{_MARK} {client} {key.decode('ascii')} {line}"


def digest_of(body: bytes, asked: bytes = b"") -> str:
    """What tells bodies apart, with what the request says of how to decide them."""
    return hashlib.blake2b(b"%b\x00%b" % (asked, body), digest_size=16).hexdigest()


def write_key(name: str, digest: str) -> str:
    """The key under which a store keeps the record."""
    return f"{name} {digest}"


def read_key(key: str) -> tuple[str, str] | None:
    """Name and digest from a store's key, or None where another room wrote it."""
    name, _, digest = key.rpartition(" ")
    return (name, digest) if name.startswith(PREFIX) and name.count(" ") >= 3 else None
