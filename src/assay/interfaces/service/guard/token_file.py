"""The file of tokens: read strictly, written so that a reader sees the old or the new one. It holds no secret."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.interfaces.service.guard.gates import Scope
from assay.interfaces.service.guard.tokens import CLIENT_NAME, Secret, Token

VERSION = 1
LARGEST_FILE = 16 * 1024 * 1024


class _SecretIn(msgspec.Struct, forbid_unknown_fields=True):
    sha256: str
    created: str
    expires: str | None = None


class _TokenIn(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    client: str
    scopes: list[str]
    created: str
    secrets: list[_SecretIn]
    expires: str | None = None
    revoked: str | None = None


class _FileIn(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    tokens: list[_TokenIn]


def read_tokens(path: Path) -> tuple[Token, ...] | list[Fault]:
    """Every token in a file, or all that is wrong with it."""
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                return [Fault("bad-token-file", f"`{path}` is no plain file", "tokens")]
            if status.st_mode & 0o022:
                words = f"others may write `{path}`, and so make themselves tokens; `chmod 600` it"
                return [Fault("open-token-file", words, "tokens")]
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return [Fault("no-token-file", f"there is no file `{path}`; `assay token create` makes it", "tokens")]
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        return [Fault("bad-token-file", f"`{path}` cannot be read: {reason}", "tokens")]
    if len(content) > LARGEST_FILE:
        return [Fault("bad-token-file", f"`{path}` is larger than {LARGEST_FILE:,} bytes", "tokens")]
    return tokens_in(content, path)


def tokens_in(content: bytes, path: Path) -> tuple[Token, ...] | list[Fault]:
    """Every token in a file's content, or all that is wrong with it."""
    try:
        read = msgspec.json.decode(content, type=_FileIn)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # The library names the place and the kind of fault, and never the value that stands there.
        return [Fault("bad-token-file", f"`{path}` is no file of tokens: {str(error).lower().rstrip('.')}", "tokens")]
    if read.version != VERSION:
        return [Fault("bad-token-file", f"`{path}` is of version `{read.version}`; this is {VERSION}", "tokens")]
    faults: list[Fault] = []
    tokens: list[Token] = []
    for place, one in enumerate(read.tokens):
        found = _token(one, f"tokens[{place}]")
        tokens += [found] if isinstance(found, Token) else []
        faults += found if isinstance(found, list) else []
    if len({token.id for token in tokens}) < len(tokens):
        faults.append(Fault("bad-token-file", f"`{path}` has two tokens of one id", "tokens"))
    return faults or tuple(tokens)


def _token(one: _TokenIn, place: str) -> Token | list[Fault]:
    faults: list[Fault] = []

    def bad(words: str) -> None:
        faults.append(Fault("bad-token", words, place))

    def instant(text: str | None) -> int | None:
        found = None if text is None else parse_instant(text)
        if text is not None and found is None:
            bad(f"`{text[:40]}` is no time such as `2026-12-15T10:00:00Z`")
        return found

    if not (one.id.isascii() and one.id.isalnum() and len(one.id) <= 32):
        bad("`id` is made of letters and digits")
    if CLIENT_NAME.fullmatch(one.client) is None:
        bad(f"`{one.client[:40]}` is no name of a client: letters, digits, `.`, `_` and `-`")
    scopes = scopes_named(one.scopes)
    if isinstance(scopes, Fault):
        bad(scopes.words)
    made: list[Secret] = []
    for each in one.secrets:
        digest = _digest(each.sha256)
        if digest is None:
            bad("`sha256` is 64 hexadecimal digits")
        made.append(Secret(digest or b"", instant(each.created) or 0, instant(each.expires)))
    created, expires, revoked = instant(one.created), instant(one.expires), instant(one.revoked)
    if faults or isinstance(scopes, Fault):
        return faults
    return Token(one.id, one.client, scopes, tuple(made), created or 0, expires, revoked)


def _digest(text: str) -> bytes | None:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        return None
    return found if len(found) == 32 else None


def scopes_named(names: Sequence[str]) -> frozenset[Scope] | Fault:
    """The scopes that some names stand for."""
    known = [scope.value for scope in Scope]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            words = f"no scope is named `{name[:40]}`" + (f"; {hint}" if hint else f"; there are {', '.join(known)}")
            return Fault("unknown-scope", words, "scopes")
    if not names:
        return Fault("no-scope", f"a token without a scope allows nothing; name {', '.join(known)}", "scopes")
    return frozenset(Scope(name) for name in names)


def write_tokens(path: Path, tokens: Sequence[Token]) -> None:
    """Put a file of tokens where an old one may stand, for this user's eyes only; raises OSError."""
    content = msgspec.json.format(
        msgspec.json.encode({"version": VERSION, "tokens": [_as_json(token) for token in tokens]}), indent=2
    )
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else changes the file meanwhile; raises OSError where its folder cannot be opened."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _as_json(token: Token) -> Mapping[str, object]:
    kept: list[Mapping[str, object]] = [
        {"sha256": each.digest.hex(), "created": format_instant(each.created), **_maybe("expires", each.expires)}
        for each in token.secrets
    ]
    return {
        "id": token.id,
        "client": token.client,
        "scopes": sorted(scope.value for scope in token.scopes),
        "created": format_instant(token.created),
        **_maybe("expires", token.expires),
        **_maybe("revoked", token.revoked),
        "secrets": kept,
    }


def _maybe(name: str, instant: int | None) -> Mapping[str, str]:
    return {} if instant is None else {name: format_instant(instant)}
