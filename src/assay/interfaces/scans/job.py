"""What a process of the pool makes of a file: a finished row. It digests each file once."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path

from assay.detection.evidence import Kind
from assay.detection.result import ScanFault, ScanResult
from assay.detection.run import DECLARATION_SUFFIX
from assay.detection.weighing.settings import DEFAULT, Weighing
from assay.detection.worker import read_media, scan_media
from assay.interfaces.scans.given.entries import Entry
from assay.interfaces.scans.kept.cache import ANY_DAY, CacheReader, Kept
from assay.interfaces.scans.rows import body_of, head_of

STAMP_BYTES = 8
# A declaration is no longer than this; of a longer one as much tells it from another.
_LARGEST_DECLARATION = 64 * 1024 + 1


@dataclass(frozen=True, slots=True)
class Row:
    """A file's row.

    line   the row as JSON, without the end of the line
    key    of the entry
    stamp  of the file as it was when it was scanned
    kept   what a cache may keep of it
    hit    the key under which a cache had it
    """

    line: bytes
    key: bytes
    stamp: bytes
    kept: Kept | None = None
    hit: bytes | None = None

    def __reduce__(self) -> tuple[type[Row], tuple[object, ...]]:
        # As with an entry: a row goes from process to process.
        return Row, (self.line, self.key, self.stamp, self.kept, self.hit)


@dataclass(frozen=True, slots=True)
class Looked:
    """Where rows are looked up before a file is scanned.

    conditions  32 bytes, which are half of each key
    """

    folder: Path
    conditions: bytes
    day: int


@dataclass(slots=True)
class _Open:
    """This process's cache."""

    reader: CacheReader | None = None


_OPEN = _Open()


@dataclass(frozen=True, slots=True)
class MakingRows:
    """The job of a scan that writes rows.

    weighing  how evidence is weighed
    fetches   whether evidence may come from a host, which may answer otherwise tomorrow
    """

    looked: Looked | None = None
    weighing: Weighing = DEFAULT
    fetches: bool = False

    def path(self, entry: Entry) -> Path:
        return Path(entry.path)

    def begin(self) -> None:
        _OPEN.reader = CacheReader(self.looked.folder, self.looked.day) if self.looked else None

    def do(self, entry: Entry) -> Row:
        if entry.fault is not None:
            return self._told(entry, b"", ScanFault(entry.fault.slug, entry.fault.words))
        # Before it is read: a file that changes meanwhile is then not taken for one that is known.
        stamp = stamp_of(entry.path)
        media = read_media(Path(entry.path))
        if isinstance(media, ScanResult):
            return Row(head_of(entry) + self._body(entry, media), entry.key, stamp)
        if entry.sha256 is not None and entry.sha256 != media.sha256:
            words = f"the list names the file with the digest {entry.sha256}, and it has another: {media.sha256}"
            return self._told(entry, stamp, ScanFault("digest-differs", words))
        key = self._key(media.sha256, entry)
        body = _OPEN.reader.get(key) if _OPEN.reader is not None and key is not None else None
        if body is not None:
            return Row(head_of(entry) + body, entry.key, stamp, hit=key)
        result = scan_media(Path(entry.path), media)
        body = self._body(entry, result)
        # What was found in a file that somebody wrote to meanwhile is not what its digest stands for.
        kept = self._kept(key, body, result) if stamp_of(entry.path) == stamp else None
        return Row(head_of(entry) + body, entry.key, stamp, kept)

    def given_up(self, entry: Entry, result: ScanResult) -> Row:
        return Row(head_of(entry) + self._body(entry, result), entry.key, stamp_of(entry.path))

    def _body(self, entry: Entry, result: ScanResult) -> bytes:
        return body_of(result, self.weighing, entry.surface)

    def _told(self, entry: Entry, stamp: bytes, fault: ScanFault) -> Row:
        result = ScanResult(Path(entry.path), faults=(fault,))
        line = head_of(entry) + self._body(entry, result)
        return Row(line, entry.key, stamp or stamp_of(entry.path))

    def _key(self, content: str, entry: Entry) -> bytes | None:
        if self.looked is None:
            return None
        said = _declared(entry.path) + b"\x00" + (entry.surface or "").encode("utf-8", "surrogateescape")
        return sha256(self.looked.conditions + bytes.fromhex(content) + said).digest()

    def _kept(self, key: bytes | None, body: bytes, result: ScanResult) -> Kept | None:
        # What went wrong today may go well tomorrow, so a row with a fault is never kept.
        if key is None or self.looked is None or result.faults:
            return None
        signed = any(one.found and one.kind is Kind.SIGNED_PROVENANCE for one in result.evidence)
        if signed and self.fetches:
            return None
        return Kept(key, body, self.looked.day if signed else ANY_DAY)


def stamp_of(path: str) -> bytes:
    """Size and time of a file and of the declaration beside it, as a digest; the same as long as neither changes."""
    said = repr([_size_and_time(path), _size_and_time(path + DECLARATION_SUFFIX)]) if path else ""
    return blake2b(said.encode(), digest_size=STAMP_BYTES).digest()


def _size_and_time(path: str) -> tuple[int, int] | None:
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def _declared(path: str) -> bytes:
    try:
        with Path(path + DECLARATION_SUFFIX).open("rb") as stream:
            return sha256(stream.read(_LARGEST_DECLARATION)).digest()
    except FileNotFoundError:
        return b""
    except OSError as error:
        return f"errno {error.errno}".encode()
