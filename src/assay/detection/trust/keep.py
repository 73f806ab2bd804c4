"""Takes trust lists into the operator's folder, whole or not at all. It never lets a lesser list in unasked."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assay.detection.trust.folder import RECORD, Kept, read_bounded, read_record, record_text
from assay.detection.trust.lists import Anchor, UnreadableList, parse_list
from assay.detection.trust.sources import Taken

_NAMED = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one list: `taken`, `unchanged` or `refused`, with the reason and the next step where refused."""

    file: str
    outcome: str
    certificates: int = 0
    added: int = 0
    words: str = ""
    hint: str = ""


def keep_lists(
    folder: Path, taken: Iterable[Taken], *, now: datetime, accept_removal: bool = False
) -> tuple[Outcome, ...]:
    """Writes each list that is sound beside what is there, and the record last; raises UnusableTrust, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    record = read_record(folder)
    outcomes = []
    for each in taken:
        outcome, kept = _keep(folder, each, record.get(each.file), now, accept_removal=accept_removal)
        outcomes.append(outcome)
        if kept is not None:
            record[kept.file] = kept
            # The record follows each list at once: a run that is cut short leaves no list without its record.
            _write(folder / RECORD, record_text(record).encode("utf-8"))
    return tuple(outcomes)


def _keep(
    folder: Path, taken: Taken, before: Kept | None, now: datetime, *, accept_removal: bool
) -> tuple[Outcome, Kept | None]:
    if taken.problem:
        return Outcome(taken.file, "refused", words=taken.problem, hint="what is kept stays as it is"), None
    try:
        anchors = parse_list(taken.content)
    except UnreadableList as unreadable:
        return Outcome(taken.file, "refused", words=str(unreadable), hint="what is kept stays as it is"), None
    standing = _standing(folder / taken.file)
    missing = _missing(standing, anchors, now)
    if missing and not accept_removal:
        return _shrunk(taken.file, missing), None
    digest = hashlib.sha256(taken.content).hexdigest()
    day = now.date().isoformat()
    kept = Kept(taken.file, taken.keeper, taken.purpose, taken.source, day, digest, len(anchors))
    same = before is not None and before.sha256 == digest and standing is not None
    if not same:
        _write(folder / taken.file, taken.content)
    known = {each.sha256 for each in standing or ()}
    added = sum(each.sha256 not in known for each in anchors)
    return Outcome(taken.file, "unchanged" if same else "taken", len(anchors), added), kept


def _standing(path: Path) -> Sequence[Anchor] | None:
    try:
        return parse_list(read_bounded(path))
    except UnreadableList:
        # What cannot be read vouches for nobody, so nothing is lost by replacing it.
        return None


def _missing(standing: Sequence[Anchor] | None, anchors: Sequence[Anchor], now: datetime) -> list[Anchor]:
    there = {each.sha256 for each in anchors}
    return [each for each in standing or () if each.sha256 not in there and each.not_after > now]


def _shrunk(file: str, missing: Sequence[Anchor]) -> Outcome:
    names = ", ".join(f"`{each.name}`" for each in missing[:_NAMED])
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    words = f"it lacks {len(missing)} unexpired of the certificates that are kept: {names}{more}"
    hint = "where its keeper removed them on purpose, say --accept-removal"
    return Outcome(file, "refused", words=words, hint=hint)


def _write(path: Path, content: bytes) -> None:
    """Under another name first, then renamed: a reader sees the old list or the new one and never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".taking-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class Examined:
    """One list as it stands: what is wrong with it, and which of its certificates have expired."""

    file: str
    kept: Kept | None
    certificates: int
    expired: tuple[str, ...]
    fault: str = ""
    sha256: str = ""


def examine(folder: Path, now: datetime) -> tuple[Examined, ...]:
    """Every list in the folder and every one that the record names, digests and certificates looked at again."""
    record = read_record(folder)
    names = sorted({path.name for path in folder.glob("*.pem")} | set(record))
    return tuple(_examined(folder / name, record, now) for name in names)


def _examined(path: Path, record: Mapping[str, Kept], now: datetime) -> Examined:
    kept = record.get(path.name)
    if not path.exists():
        return Examined(path.name, kept, 0, (), "the record names it, and it is not there")
    try:
        content = read_bounded(path)
        anchors = parse_list(content)
    except UnreadableList as unreadable:
        return Examined(path.name, kept, 0, (), str(unreadable))
    expired = tuple(f"{each.name} ({each.not_after.date()})" for each in anchors if each.not_after <= now)
    fault, digest = "", hashlib.sha256(content).hexdigest()
    if kept is not None and kept.sha256 != digest:
        fault = f"it is not what was taken on {kept.fetched} from {kept.source}"
    return Examined(path.name, kept, len(anchors), expired, fault, digest)
