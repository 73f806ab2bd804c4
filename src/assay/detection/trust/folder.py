"""The operator's folder of trust lists, with the record of where each came from. It never changes a list it reads."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from assay.detection.scanner import UnusableTrust
from assay.detection.trust.lists import MAXIMUM_LIST, Keeper, Purpose, TrustList, UnreadableList, parse_list

RECORD = "trust.json"
_VERSION = 1
_MAXIMUM_RECORD = 1024 * 1024
_OFFICIAL = re.compile(r"c2pa-(tsa-)?trust-list", re.IGNORECASE)
_TIMES = re.compile(r"(?:^|[-_. ])(?:tsa|time-?stamps?|times)(?:[-_. ]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kept:
    """Where one list came from: an address, a package or a file's name, and the day on which it was taken."""

    file: str
    keeper: Keeper
    purpose: Purpose
    source: str
    fetched: str
    sha256: str
    certificates: int


def load_lists(folder: Path) -> tuple[TrustList, ...]:
    """Every `*.pem` in the folder, in the order of their names.

    raises  UnusableTrust where there is no folder or no list, where one cannot be read, or where one is no longer what
            the folder's record says was taken
    """
    if not folder.is_dir():
        raise UnusableTrust(f"`{folder.name}` is no folder of trust lists")
    paths = sorted(folder.glob("*.pem"))
    if not paths:
        raise UnusableTrust(f"`{folder.name}` holds no trust list (*.pem)")
    kept = read_record(folder)
    return tuple(_load(path, kept.get(path.name)) for path in paths)


def _load(path: Path, kept: Kept | None) -> TrustList:
    try:
        content = read_bounded(path)
        anchors = parse_list(content)
    except UnreadableList as unreadable:
        raise UnusableTrust(f"`{path.name}` cannot be used: {unreadable}") from unreadable
    digest = hashlib.sha256(content).hexdigest()
    if kept is not None and kept.sha256 != digest:
        raise UnusableTrust(f"`{path.name}` is not the list that was taken; `assay trust verify` says more")
    keeper, purpose = (kept.keeper, kept.purpose) if kept else told_by_name(path.name)
    return TrustList(path.name, keeper, purpose, digest, anchors)


def read_bounded(path: Path) -> bytes:
    """A list's bytes; raises UnreadableList where it cannot be read or is far too large."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAXIMUM_LIST + 1)
    except OSError as error:
        raise UnreadableList("it cannot be opened") from error
    if len(content) > MAXIMUM_LIST:
        raise UnreadableList("it is larger than any true trust list")
    return content


def told_by_name(name: str) -> tuple[Keeper, Purpose]:
    """Whose list a file is and what for, where no record says so: by the names under which the lists are published."""
    purpose = Purpose.TIMES if _TIMES.search(name) else Purpose.SIGNERS
    if "interim" in name.lower():
        return Keeper.INTERIM, purpose
    return Keeper.OFFICIAL if _OFFICIAL.search(name) else Keeper.OPERATOR, purpose


def read_record(folder: Path) -> dict[str, Kept]:
    """What is recorded of each list, by file name; empty where there is no record, UnusableTrust where it is broken."""
    path = folder / RECORD
    if not path.exists():
        return {}
    try:
        kept = _parse_record(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnusableTrust(f"`{RECORD}` in `{folder.name}` is not the record of trust lists") from error
    return {each.file: each for each in kept}


def _parse_record(content: bytes) -> list[Kept]:
    raw = json.loads(content)
    if len(content) > _MAXIMUM_RECORD or raw["version"] != _VERSION:
        raise ValueError
    return [_kept(row) for row in raw["lists"]]


def _kept(row: Mapping[str, object]) -> Kept:
    file, certificates = str(row["file"]), row["certificates"]
    if Path(file).name != file or not isinstance(certificates, int):
        raise ValueError(file)
    keeper, purpose = Keeper(str(row["keeper"])), Purpose(str(row["purpose"]))
    return Kept(file, keeper, purpose, str(row["source"]), str(row["fetched"]), str(row["sha256"]), certificates)


def record_text(kept: Mapping[str, Kept]) -> str:
    """The record as it is written: one list after the other, by file name."""
    rows = [asdict(kept[file]) for file in sorted(kept)]
    return json.dumps({"version": _VERSION, "lists": rows}, indent=2, ensure_ascii=False) + "\n"
