"""The tokens in use: who a request is from, and the changes an operator makes. It never says a secret twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import DAY, SECOND
from assay.interfaces.service.guard.token_file import alone, read_tokens, scopes_named, write_tokens
from assay.interfaces.service.guard.tokens import (
    CLIENT_NAME,
    NOBODY,
    Token,
    is_held,
    new_id,
    new_secret,
    parted,
    written,
)

SECONDS_BETWEEN_LOOKS = 1.0
OVERLAP_HOURS = 24.0
Version = tuple[int, int, int]
Change = Callable[[Sequence[Token]], list[Token] | Fault]
_LOG = structlog.get_logger("assay.guard")


class TokenBook:
    """The tokens that a file holds. It is looked at again every second, so that a revocation needs no restart."""

    def __init__(self, tokens: Sequence[Token], path: Path | None = None, seen: Version | None = None) -> None:
        self.fault: Fault | None = None
        self._path, self._seen = path, seen
        self._by_id: dict[bytes, Token] = {}
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        self._take(tokens)

    def find(self, header: bytes | None, now: int) -> Token | None:
        """Whose request it is by its `Authorization` header; None where that proves nothing.

        now  microseconds since the epoch
        """
        if time.monotonic() >= self._next_look:
            self._look_again()
        parts = None if header is None else parted(header)
        if parts is None:
            return None
        token = self._by_id.get(parts[0], NOBODY)
        return token if is_held(token, parts[1], now) else None

    def __len__(self) -> int:
        return len(self._by_id)

    def _take(self, tokens: Sequence[Token]) -> None:
        self._by_id = {token.id.encode("ascii"): token for token in tokens}

    def _look_again(self) -> None:
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        if self._path is None:
            return
        version = _version_of(self._path)
        if version == self._seen:
            return
        self._seen = version
        found = read_tokens(self._path)
        if isinstance(found, list):
            # The tokens that were in use go on: half a file, seen while somebody edits it, must not lock clients out.
            self.fault = found[0]
            _LOG.warning("tokens-not-read", reason=found[0].words)
            return
        self.fault = None
        self._take(found)
        _LOG.info("tokens-read", tokens=len(found))


def _version_of(path: Path) -> Version | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def open_book(path: Path) -> TokenBook | list[Fault]:
    """The tokens in a file, or all that is wrong with it."""
    # Looked at before it is read: what is written in between is then read again, and not missed.
    seen = _version_of(path)
    found = read_tokens(path)
    return found if isinstance(found, list) else TokenBook(found, path, seen)


@dataclass(frozen=True, slots=True)
class Made:
    """A token just made or rotated, with its credential, to be shown this once."""

    token: Token
    credential: str

    def __repr__(self) -> str:
        return f"Made({self.token!r})"


def make_token(path: Path, client: str, scopes: Sequence[str], days: float | None = None) -> Made | list[Fault]:
    """Add a token to a file, which is made where there is none.

    days  after which it expires; None is never
    """
    allowed = scopes_named(scopes)
    faults = [allowed] if isinstance(allowed, Fault) else []
    if CLIENT_NAME.fullmatch(client) is None:
        words = f"`{client[:40]}` is no name of a client: up to 64 letters, digits, `.`, `_` and `-`"
        faults.append(Fault("bad-client", words, "client"))
    if days is not None and not 0 < days <= 36_500:
        faults.append(Fault("out-of-range", "a token lives for more than 0 and up to 36500 days", "days"))
    if faults or isinstance(allowed, Fault):
        return faults
    now = this_second()
    text, secret = new_secret(now)
    expires = None if days is None else now + int(days * DAY)
    token = Token(new_id(), client, allowed, (secret,), now, expires)
    refused = _change(path, lambda tokens: [*tokens, token], may_be_missing=True)
    return refused or Made(token, written(token.id, text))


def rotate_token(path: Path, named: str, overlap_hours: float = OVERLAP_HOURS) -> Made | list[Fault]:
    """Give a token a new secret. The old one holds for the overlap, so that clients can be changed one by one."""
    if not 0 <= overlap_hours <= 24 * 366:
        return [Fault("out-of-range", "the overlap is from 0 to 8784 hours", "overlap")]
    now = this_second()
    text, secret = new_secret(now)
    until = now + int(overlap_hours * 3600) * SECOND
    made: list[Token] = []

    def change(tokens: Sequence[Token]) -> list[Token] | Fault:
        found = _named(tokens, named, now)
        if isinstance(found, Fault):
            return found
        # Only the newest secret outlives a rotation: three at once would be one too many to keep count of.
        kept = tuple(replace(newest, expires=until) for newest in found.secrets[-1:])
        made.append(replace(found, secrets=(*kept, secret)))
        return [made[0] if token is found else token for token in tokens]

    refused = _change(path, change)
    return refused or Made(made[0], written(made[0].id, text))


def revoke_token(path: Path, named: str) -> Token | list[Fault]:
    """End a token at once. It stays in the file, without its secrets, so that the list tells when it ended."""
    now = this_second()
    made: list[Token] = []

    def change(tokens: Sequence[Token]) -> list[Token] | Fault:
        found = _named(tokens, named, now)
        if isinstance(found, Fault):
            return found
        made.append(replace(found, secrets=(), revoked=now))
        return [made[0] if token is found else token for token in tokens]

    refused = _change(path, change)
    return refused or made[0]


def _named(tokens: Sequence[Token], named: str, now: int) -> Token | Fault:
    for token in tokens:
        if token.id == named:
            if token.holds_at(now):
                return token
            return Fault("ended-token", f"the token `{named}` has already ended; `assay token create` makes another")
    return Fault("unknown-token", f"no token has the id `{named[:40]}`; `assay token list` shows them all")


def _change(path: Path, change: Change, *, may_be_missing: bool = False) -> list[Fault]:
    try:
        if may_be_missing:
            path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path):
            old: Sequence[Token] | list[Fault] = () if may_be_missing and not path.exists() else read_tokens(path)
            if isinstance(old, list):
                return old
            new = change(old)
            if isinstance(new, Fault):
                return [new]
            write_tokens(path, new)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        return [Fault("bad-token-file", f"`{path}` cannot be written: {reason}", "tokens")]
    return []


def this_second() -> int:
    """The clock, cut to the second, in microseconds since the epoch."""
    return time.time_ns() // 1000 // SECOND * SECOND
