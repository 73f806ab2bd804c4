"""`POST /v1/scan`: a file's evidence. The file is taken in, handed to the pool, and never decoded in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from assay.engine.kernel.errors import Fault
from assay.interfaces.records.json_lines import decode_record
from assay.interfaces.records.reading import Place
from assay.interfaces.service.exchange import (
    JSON,
    Answer,
    ClientGone,
    Receive,
    Scope,
    read_body,
    read_headers,
    read_query,
    request_id,
    send_answer,
)
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Problem, Send, send_problem
from assay.interfaces.service.scanned.references import DIGEST, copy_checked, parts_of
from assay.interfaces.service.scanned.settings import ScanSettings
from assay.interfaces.service.scanned.shelf import Shelf, beside_of

if TYPE_CHECKING:
    from assay.detection.result import ScanResult
    from assay.detection.run import ScanPool
    from assay.detection.weighing.settings import Weighing

LARGEST_ORDER = 128 * 1024
WRITTEN_TOGETHER = 256 * 1024
PARAMETERS = ("deep", "name")
AGAIN = ((b"retry-after", b"2"),)
_LOG = structlog.get_logger("assay.service")
_ORDER_KEYS = ("declared", "digest", "reference")


class Scanner:
    """What scans for the service: the pool, the place for files meanwhile. Both are opened by the first file.

    A service that scans nothing then starts without what scanning takes.
    """

    def __init__(self, settings: ScanSettings, most_bytes: int, weighing: Weighing | None = None) -> None:
        self.settings, self.most_bytes, self.weighing = settings, most_bytes, weighing
        self.shelf = Shelf(settings.folder)
        self._pool: ScanPool | None = None
        self._opening = Lock()
        self._under_way = 0

    @property
    def is_there(self) -> bool:
        """Whether this service scans at all."""
        return self.settings.workers > 0

    def enter(self) -> bool:
        """Take one of the places; False where none is free. Taken before a file is read, so that disks stay free."""
        if self._under_way >= self.settings.workers + self.settings.waiting:
            return False
        self._under_way += 1
        return True

    def leave(self) -> None:
        """Give it back."""
        self._under_way -= 1

    async def scan(self, path: Path, *, deep: bool) -> ScanResult | None:
        """What a process of the pool finds; None where the pool takes no file now."""
        found = await asyncio.to_thread(self._submit, path, deep=deep)
        if found is None:
            return None
        from assay.detection.run import PoolFull

        try:
            return await asyncio.wrap_future(found)
        except PoolFull:
            return None

    def close(self) -> None:
        """Stop the processes and remove their files."""
        with self._opening:
            if self._pool is not None:
                self._pool.close()
        self.shelf.close()

    def _submit(self, path: Path, *, deep: bool) -> Future[ScanResult] | None:
        """In a thread, since the first file starts the processes."""
        from assay.detection.run import PoolFull, ScanPool
        from assay.detection.scanner import Settings

        with self._opening:
            if self._pool is None:
                self._pool = ScanPool(
                    workers=self.settings.workers,
                    seconds=self.settings.seconds,
                    megabytes=self.settings.megabytes,
                    most_waiting=self.settings.waiting,
                    settings=Settings(
                        trust=self.settings.trust,
                        weights=self.settings.weights,
                        banks=self.settings.banks,
                        detectors=self.settings.detectors,
                    ),
                )
        try:
            return self._pool.submit(path, deep=deep)
        except PoolFull:
            return None


def open_scanner(settings: ScanSettings, most_bytes: int) -> Scanner | list[Fault]:
    """What scans, or why it cannot.

    most_bytes  that a file may have
    """
    if settings.workers > 0 and settings.trust is not None:
        from assay.detection.scanner import UnusableTrust
        from assay.detection.trust.folder import load_lists

        try:
            load_lists(settings.trust)
        except UnusableTrust as unusable:
            return [Fault("unusable-trust", str(unusable), "trust")]
    if settings.workers > 0 and settings.banks is not None:
        from assay.detection.copies.opening import refusals

        told = refusals(settings.banks)
        if told:
            return [Fault("unusable-bank", words, "banks") for words in told]
    if settings.workers > 0 and settings.detectors is not None:
        from assay.detection.detectors.folder import refusals as refused_detectors

        told = refused_detectors(settings.detectors)
        if told:
            return [Fault("unusable-detector", words, "detectors") for words in told]
        from assay.detection.weighing.settings import load_weighing

        weighing = load_weighing(settings.detectors)
        if isinstance(weighing, list):
            return [Fault(fault.slug, fault.words, "detectors") for fault in weighing]
        return Scanner(settings, most_bytes, weighing)
    return Scanner(settings, most_bytes)


@dataclass(frozen=True, slots=True)
class _Order:
    """A file named by reference, as its request says it."""

    parts: tuple[str, ...]
    digest: str
    declared: Mapping[str, object] | None


class Scanning:
    """Scans files."""

    def __init__(self, parts: Parts, scanner: Scanner) -> None:
        self._parts, self._scanner = parts, scanner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer a request; returns the status."""
        found = await self._answered(scope, receive)
        if isinstance(found, Problem):
            await send_problem(send, found, request_id(scope))
            return found.status
        await send_answer(send, found)
        return found.status

    async def _answered(self, scope: Scope, receive: Receive) -> Answer | Problem:
        if not self._scanner.is_there:
            return refused("not-configured", "this service scans nothing; its operator sets `[scan] workers`")
        headers = read_headers(scope)
        query = read_query(scope, PARAMETERS)
        if isinstance(headers, Problem):
            return headers
        if isinstance(query, Problem):
            return query
        if query.get("deep", "no") not in ("yes", "no"):
            return refused("bad-parameter", "`deep` is `yes` or `no`")
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        problem = _type_problem(kind, headers)
        if problem is not None:
            return problem
        if not self._scanner.enter():
            return refused("busy", "too many files are waiting to be scanned; try again in a moment", (), AGAIN)
        try:
            with self._scanner.shelf.place(query.get("name", "")) as path:
                taken = self._by_reference(receive, path) if kind == JSON else self._by_bytes(receive, path)
                return await self._scanned(path, taken, deep=query.get("deep") == "yes")
        except OSError as error:
            _LOG.error("scan-not-taken-in", reason=(error.strerror or "unknown").lower(), request=request_id(scope))
            return refused("busy", "there is no room for the file now; try again in a moment", (), AGAIN)
        finally:
            self._scanner.leave()

    async def _scanned(self, path: Path, taken: Awaitable[int | Problem], *, deep: bool) -> Answer | Problem:
        size = await taken
        if isinstance(size, Problem):
            return size
        result = await self._scanner.scan(path, deep=deep)
        if result is None:
            return refused("busy", "too many files are waiting to be scanned; try again in a moment", (), AGAIN)
        from assay.detection.weighing.settings import DEFAULT
        from assay.interfaces.service.scanned.answers import scan_answer

        vocabulary = self._parts.live.lineup.current.decider.vocabulary
        weighing = self._scanner.weighing or DEFAULT
        return Answer(200, scan_answer(result, size, vocabulary, deep=deep, weighing=weighing))

    async def _by_bytes(self, receive: Receive, path: Path) -> int | Problem:
        """Write the body to its place, some hundred kilobytes at a time, in a thread."""
        size, more = 0, True
        with path.open("xb") as stream:
            while more:
                pieces: list[bytes] = []
                waiting = 0
                while more and waiting < WRITTEN_TOGETHER:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGone
                    pieces.append(message.get("body", b""))
                    waiting += len(pieces[-1])
                    more = message.get("more_body", False)
                size += waiting
                if size > self._scanner.most_bytes:
                    return refused("body-too-large", f"the file is longer than {self._scanner.most_bytes:,} bytes")
                await asyncio.to_thread(stream.write, b"".join(pieces))
        if size == 0:
            return refused("invalid-request", "the body is the file to scan, and it is empty")
        return size

    async def _by_reference(self, receive: Receive, path: Path) -> int | Problem:
        """Copy the file that the body names."""
        root = self._scanner.settings.media
        if root is None:
            return refused("not-configured", "this service has no folder of media; its operator sets `[scan] media`")
        body = await read_body(receive, LARGEST_ORDER)
        if isinstance(body, Problem):
            return body
        order = read_order(body)
        if isinstance(order, Problem):
            return order
        most = self._scanner.most_bytes
        copied = await asyncio.to_thread(copy_checked, root, order.parts, order.digest, path, most)
        if isinstance(copied, Fault):
            return refused("invalid-request", copied.words, (copied,))
        if order.declared is not None:
            said = json.dumps(order.declared).encode("ascii")
            await asyncio.to_thread(beside_of(path).write_bytes, said)
        return copied


def read_order(body: bytes) -> _Order | Problem:
    """What a JSON body asks to have scanned, or all that is wrong with it."""
    record = decode_record(body, Place("line", 1))
    if record.faults:
        return refused("broken-json", record.faults[0].words, record.faults)
    content = record.content
    if not isinstance(content, dict):
        return refused("invalid-request", "the body is an object with `digest` and `reference`")
    faults = [
        Fault(
            "unknown-field",
            f"there is no field `{_quotable(name)}`; there are {', '.join(_ORDER_KEYS)}",
            _quotable(name),
        )
        for name in content
        if name not in _ORDER_KEYS
    ]
    digest, reference, declared = content.get("digest"), content.get("reference"), content.get("declared")
    if not isinstance(digest, str) or DIGEST.fullmatch(digest) is None:
        faults.append(Fault("bad-digest", "`digest` is `sha256:` and 64 hexadecimal digits in lower case", "digest"))
    parts = parts_of(reference) if isinstance(reference, str) else None
    if parts is None:
        faults.append(
            Fault("bad-reference", "`reference` is the path of a file below the folder of media", "reference")
        )
    elif isinstance(parts, Fault):
        faults.append(parts)
    if declared is not None and not isinstance(declared, dict):
        faults.append(Fault("wrong-type", "`declared` is what the uploader declares, as an object", "declared"))
    if faults or not isinstance(parts, tuple) or not isinstance(digest, str):
        return refused("invalid-request", faults[0].words, faults)
    return _Order(parts, digest, declared)


def _type_problem(kind: bytes, headers: Mapping[bytes, bytes]) -> Problem | None:
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
        words = "send the file as it is: compressed bodies are not read"
        return refused("unsupported-encoding", words, (), ((b"accept-encoding", b"identity"),))
    if kind.startswith(b"multipart/") or kind == b"application/x-www-form-urlencoded":
        words = "send the file's bytes themselves as the body, and not a form"
        return refused(
            "unsupported-type", words, (), ((b"accept-post", b"application/octet-stream, application/json"),)
        )
    return None


def _quotable(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text[:60])


def scan_endpoint(scanner: Scanner) -> Callable[[Parts], Scanning]:
    """What makes the endpoint of the route, from the parts of a running service."""
    return lambda parts: Scanning(parts, scanner)
