"""The ledger as a file of lines, written and checked. Checking needs no store and no Django.

    {"format":"assay-ledger/1"}
    {"entry":{…},"hash":"…"}          each entry, in order
    {"head":{…}}                       each signed head, the smallest first
    {"end":{"last":"…","root":"…","sha256":"…","size":…}}     of all lines before

Every line is canonical JSON, so that a file has one form alone and no byte can change unseen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from assay.engine.kernel.digest import canonical_json
from assay.governance.ledger.checking.chain import Chain, Given, summary_of
from assay.governance.ledger.proofs.heads import SignedHead, TrustedKeys, read_head
from assay.governance.ledger.rules import Record, hash_of

FORMAT = "assay-ledger/1"
_HEADER = canonical_json({"format": FORMAT}) + b"\n"
LONGEST_LINE = 1024 * 1024
_ENTRY = frozenset(("actor", "at", "content", "kind", "number", "previous", "subject", "way"))


def export_lines(
    entries: Iterable[tuple[Record, bytes]], heads: Iterable[SignedHead], *, size: int, last: bytes, root: bytes
) -> Iterator[bytes]:
    """The lines of an export."""
    seen = hashlib.sha256(_HEADER)
    yield _HEADER
    for record, hashed in entries:
        line = _entry_line(record.written(), hashed)
        seen.update(line)
        yield line
    for head in heads:
        line = canonical_json({"head": head.written()}) + b"\n"
        seen.update(line)
        yield line
    yield _end_line(size, last, root, seen.hexdigest())


def check_export(
    stream: IO[bytes], keys: TrustedKeys | None = None, reached: Callable[[int], None] = lambda _: None
) -> tuple[Chain, str]:
    """Check an export. Returns the check with its findings, and one line for people.

    stream   binary, at its beginning; it is read twice, since heads stand behind the entries that they are of
    reached  told now and then at which byte it is
    """
    heads, faulty = _read_heads(stream)
    stream.seek(0)
    chain = Chain(heads, keys)
    for place, number, words in faulty:
        chain.find(place, number, "bad-line", words)
    reader = _Reader(chain, reached, signed=keys is not None)
    for line in iter(lambda: stream.readline(LONGEST_LINE), b""):
        reader.read(line)
    reader.finish()
    return chain, summary_of(chain, len(heads), keys)


class _Reader:
    """Goes over the lines of an export."""

    def __init__(self, chain: Chain, reached: Callable[[int], None], *, signed: bool) -> None:
        self._chain, self._reached, self._signed = chain, reached, signed
        self._seen = hashlib.sha256()
        self._line = self._bytes = 0
        self._heads: list[int] = []
        self._ended = False

    def read(self, line: bytes) -> None:
        """One line, with its end."""
        self._line += 1
        self._bytes += len(line)
        if self._line & 1023 == 0:
            self._reached(self._bytes)
        if self._ended:
            self._find("bad-line", "it stands behind the end")
        elif self._line == 1:
            if line != _HEADER:
                self._find("bad-line", f"an export begins with a line that says `{FORMAT}`")
        elif line.startswith(b'{"entry":'):
            self._entry(line)
        elif line.startswith(b'{"end":'):
            self._end(line)
            return
        elif line.startswith(b'{"head":'):
            self._heads.append(self._line)
        else:
            self._find("bad-line", "it is neither an entry nor a signed head nor the end")
        self._seen.update(line)

    def finish(self) -> None:
        """What must be there is there."""
        if not self._ended:
            self._find("no-end", "the line that says how the export ends is not there")
            self._chain.finish(self._chain.expected, b"", f"line {self._line}")

    def _entry(self, line: bytes) -> None:
        if self._heads:
            self._find("out-of-order", "an entry stands behind a signed head")
        found = _read_entry(line)
        if found is None:
            self._find("changed-entry", "it is not written as `assay ledger export` writes an entry")
            # What stood here is not known, and those that follow are checked by their own numbers.
            return
        number, parts, stated = found
        self._chain.add(number, parts, stated, place=f"line {self._line} (entry {number})", canonical=True)

    def _end(self, line: bytes) -> None:
        self._ended = True
        given = _json(line)
        end = given.get("end") if isinstance(given, dict) else None
        last, root = (hash_of(end.get("last")), hash_of(end.get("root"))) if isinstance(end, dict) else (None, None)
        if not isinstance(end, dict) or last is None or root is None or type(end.get("size")) is not int:
            self._find("bad-line", "it is not written as `assay ledger export` writes the end")
            self._chain.finish(self._chain.expected, b"", f"line {self._line}")
            return
        self._chain.finish(end["size"], last, f"line {self._line}")
        if self._chain.expected == end["size"] and self._chain.root() not in (None, root):
            self._find("wrong-root", "the root is not that of the entries")
        digest = self._seen.hexdigest()
        if self._chain.count == 0 and line != _end_line(end["size"], last, root, digest):
            self._changed(end.get("sha256") == digest)

    def _changed(self, same_digest: bool) -> None:
        # Entries were checked one by one, and heads by their signatures where keys are given: the end is left.
        if same_digest or self._signed or not self._heads:
            self._find("bad-line", "it is not written as `assay ledger export` writes the end")
            return
        first, last = self._heads[0], self._heads[-1]
        words = "a signed head or the digest at the end was changed; give the keys to see which"
        self._chain.find(f"lines {first} to {last} or {self._line}", self._chain.expected - 1, "changed-file", words)

    def _find(self, slug: str, words: str) -> None:
        self._chain.find(f"line {self._line}", min(self._chain.expected, max(self._line - 2, 0)), slug, words)


def _read_heads(stream: IO[bytes]) -> tuple[list[Given], list[tuple[str, int, str]]]:
    """Every signed head of an export, and the lines that should be one and are not."""
    heads: list[Given] = []
    faulty: list[tuple[str, int, str]] = []
    for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE), b""), 1):
        if not line.startswith(b'{"head":'):
            continue
        given = _json(line)
        head = read_head(given.get("head")) if isinstance(given, dict) else None
        if head is None or line != canonical_json({"head": head.written()}) + b"\n":
            faulty.append(
                (f"line {number}", number - 2, "it is not written as `assay ledger export` writes a signed head")
            )
        else:
            heads.append(Given(f"line {number} (signed head of {head.size} entries)", head))
    return heads, faulty


def _read_entry(line: bytes) -> tuple[int, tuple[int, str, str, str, str, str, bytes], bytes] | None:
    """Number, parts and stated hash of an entry's line; None where it is not exactly as we write it."""
    given = _json(line)
    entry = given.get("entry") if isinstance(given, dict) else None
    if not isinstance(entry, dict) or set(entry) != _ENTRY or set(given) != {"entry", "hash"}:
        return None
    previous, stated, number = hash_of(entry["previous"]), hash_of(given["hash"]), entry["number"]
    if previous is None or stated is None or type(number) is not int:
        return None
    try:
        written = canonical_json(given) + b"\n"
        content = canonical_json(entry["content"]).decode()
    except (ValueError, RecursionError):
        return None
    if written != line or not isinstance(entry["content"], dict):
        return None
    parts = (entry["at"], entry["actor"], entry["way"], entry["kind"], entry["subject"], content, previous)
    return number, parts, stated


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _entry_line(entry: bytes, hashed: bytes) -> bytes:
    return b'{"entry":' + entry + b',"hash":"' + hashed.hex().encode() + b'"}\n'


def _end_line(size: int, last: bytes, root: bytes, digest: str) -> bytes:
    return canonical_json({"end": {"last": last.hex(), "root": root.hex(), "sha256": digest, "size": size}}) + b"\n"
