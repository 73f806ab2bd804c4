"""Scores labelled files in the pool of processes, each score kept, so that a stopped run goes on. It judges none."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Self

from assay.detection.detectors.configured import Configured, Endpoint
from assay.detection.measuring.labelled import Labelled
from assay.detection.result import ScanResult
from assay.detection.run import scan_files
from assay.detection.scanner import Settings
from assay.engine.kernel.digest import canonical_json, sha256_of

SCANNER = "detectors"
SECONDS = 120.0
UNFIT = "unfit"
CONTRADICTORY, TWICE = "contradictory-label", "labelled-twice"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a detector said of a file's bytes; without a score it is not fit for them."""

    score: float | None
    bucket: str


@dataclass(frozen=True, slots=True)
class Scored:
    """One labelled file and what came of it; without a score, `fault` says why."""

    item: Labelled
    sha256: str
    score: float | None
    bucket: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """All files in the order of their labels.

    asked    files that the detector was asked about in this run; the others were known
    seconds  what that took, all processes together
    """

    detector: Configured
    scored: tuple[Scored, ...]
    asked: int
    seconds: float

    @property
    def data_digest(self) -> str:
        """Of the files by content, with their truth, family, corruption, group and weight."""
        rows = [
            [each.sha256, each.item.is_ai, each.item.family, each.item.corruption, each.item.group, each.item.weight]
            for each in self.scored
        ]
        return sha256_of(canonical_json(sorted(rows, key=str)))


class Cache:
    """Scores by content, one JSON line each, of one detector as it is now. A torn last line is left out."""

    def __init__(self, folder: Path, detector: Configured) -> None:
        self._path = folder / f"{_asked_of(detector).removeprefix('sha256:')[:24]}.jsonl"
        self._low, self._high = detector.scale.low, detector.scale.high
        self._known: dict[str, Kept] = {}
        self._stream: IO[bytes] | None = None
        with suppress(FileNotFoundError):
            for line in self._path.read_bytes().split(b"\n"):
                self._remember(line)

    def get(self, sha256: str) -> Kept | None:
        """What was said of these bytes before."""
        return self._known.get(sha256)

    def keep(self, sha256: str, kept: Kept) -> None:
        """Written at once, so that a kill loses one file's work at the most."""
        if self._stream is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("ab")
            # After a kill in the middle of a line, the next one must not be added to its torn end.
            if self._stream.tell():
                self._stream.write(b"\n")
        self._known[sha256] = kept
        line = {"sha256": sha256, "score": kept.score, "bucket": kept.bucket}
        self._stream.write(json.dumps(line).encode() + b"\n")
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _remember(self, line: bytes) -> None:
        try:
            row = json.loads(line)
            score = row["score"]
            kept = Kept(None if score is None else float(score), str(row["bucket"]))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return
        # What no detector may say is not believed because it was written down.
        if kept.score is None or self._low <= kept.score <= self._high:
            self._known[str(row["sha256"])] = kept


def _asked_of(detector: Configured) -> str:
    """Of all that an answer depends on: the score, and also which files the detector is asked about at all."""
    how = detector.how
    most = how.most_request_bytes if isinstance(how, Endpoint) else 0
    return sha256_of(canonical_json([detector.digest, asdict(detector.fitness), most]))


def scores_of(
    detector: Configured,
    items: Sequence[Labelled],
    *,
    workers: int,
    seconds: float = SECONDS,
    cache: Cache | None = None,
    reached: Callable[[int], None] = lambda _done: None,
) -> Scores:
    """What a detector says of each file; a file that it fails on costs itself.

    workers  processes
    seconds  for one file
    cache    holds what is known already, and takes what is not; only what went well is kept
    reached  is told how many files are done
    """
    digests = []
    for each in items:
        digests.append(_sha256(each.path))
        # Reading millions of files takes long by itself; whoever waits is shown that something is going on.
        reached(0)
    refused = _refused(items, digests)
    known = {} if cache is None else {each: kept for each in digests if each and (kept := cache.get(each))}
    waiting = [place for place, each in enumerate(digests) if place not in refused and each and each not in known]
    begun = time.monotonic()
    done = len(items) - len(waiting)
    reached(done)
    faults: dict[int, str] = {}
    results = _results(detector, [items[place].path for place in waiting], workers, seconds)
    for number, (place, result) in enumerate(zip(waiting, results, strict=True), 1):
        kept, fault = _taken(detector, result)
        if kept is None:
            faults[place] = fault
        else:
            known[digests[place]] = kept
            if cache is not None:
                cache.keep(digests[place], kept)
        reached(done + number)
    took = time.monotonic() - begun
    scored = tuple(
        _scored(item, digests[place], known, refused.get(place) or faults.get(place, ""))
        for place, item in enumerate(items)
    )
    return Scores(detector, scored, len(waiting), took * workers)


def _results(detector: Configured, paths: Sequence[Path], workers: int, seconds: float) -> Iterator[ScanResult]:
    if not paths:
        return iter(())
    settings = Settings(detectors=detector.folder)
    # More processes than files would only load more models.
    return scan_files(paths, workers=min(workers, len(paths)), seconds=seconds, settings=settings, scanners=[SCANNER])


def _taken(detector: Configured, result: ScanResult) -> tuple[Kept | None, str]:
    if result.faults:
        return None, result.faults[0].slug
    for each in result.evidence:
        if each.source == f"{SCANNER}:{detector.name}":
            return Kept(float(each.details["score"]), each.details["bucket"]), ""
    return Kept(None, ""), ""


def _scored(item: Labelled, sha256: str, known: dict[str, Kept], fault: str) -> Scored:
    kept = known.get(sha256)
    if fault or kept is None:
        return Scored(item, sha256, None, "", fault or "unreadable-file")
    return Scored(item, sha256, kept.score, kept.bucket, "" if kept.score is not None else UNFIT)


def _refused(items: Sequence[Labelled], digests: Sequence[str]) -> dict[int, str]:
    """The same bytes count once, and not at all where one label says AI and another does not."""
    truths: dict[str, set[bool]] = {}
    for item, sha256 in zip(items, digests, strict=True):
        truths.setdefault(sha256, set()).add(item.is_ai)
    refused: dict[int, str] = {}
    seen: set[str] = set()
    for place, sha256 in enumerate(digests):
        if not sha256:
            refused[place] = "unreadable-file"
        elif len(truths[sha256]) > 1:
            refused[place] = CONTRADICTORY
        elif sha256 in seen:
            refused[place] = TWICE
        seen.add(sha256)
    return refused


def _sha256(path: Path) -> str:
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
