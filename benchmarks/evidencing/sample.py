"""Files whose truth is known, taken from a folder with a `labels.csv`. It copies nothing and opens no media file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = "labels.csv"
TRUST = "trust"
# Kinds of files that hold no content of their own.
_LEFT_OUT = frozenset({"text", "reference list"})
_SIGNED = frozenset({"ok", "expired", "broken"})
_UNSIGNED = frozenset({"unsigned", "none"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """One file and what is true of it.

    group      the folder it lies in: `c2pa-real`, `synthetic-meta`, `attack`
    ai         `yes`, `partial`, `no`, or an empty text where nobody says
    integrity  `ok`, `expired`, `broken`, `remote`, `unsigned` or `none`; an empty text where nobody says
    """

    path: str
    group: str
    ai: str
    integrity: str

    @property
    def signed(self) -> bool:
        """Whether the file itself carries a manifest."""
        return self.integrity in _SIGNED

    @property
    def bare(self) -> bool:
        """Whether the file carries no manifest and names none."""
        return self.integrity in _UNSIGNED


def labelled_files(folder: Path) -> tuple[Labelled, ...]:
    """Every file that `labels.csv` names and that is there; columns `file`, `kind` and `truth` are read."""
    with (folder / LABELS).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return tuple(_labelled(folder, rows))


def trust_of(folder: Path) -> Path | None:
    """The folder of trust lists that lies beside the files, if any."""
    lists = folder / TRUST
    return lists if any(lists.glob("*.pem")) else None


def _labelled(folder: Path, rows: list[dict[str, str]]) -> Iterator[Labelled]:
    for row in rows:
        path = folder / row["file"]
        if row["kind"] not in _LEFT_OUT and path.is_file():
            ai, integrity = _truth(row["kind"], row["truth"])
            yield Labelled(str(path), _group(row, ai), ai, integrity)


def _truth(kind: str, truth: str) -> tuple[str, str]:
    if "=" in truth:
        said = dict(part.partition("=")[::2] for part in truth.split(";"))
        return said.get("ai", ""), said.get("integrity", "")
    if truth == "no manifest":
        return "no", "none"
    if kind == "provenance":
        # Any answer will do, as long as there is one.
        return "", ""
    if truth in ("ai", "real"):
        return ("yes" if truth == "ai" else "no"), "none"
    # Copies are of photographs; a picture may be watermarked without a word on how it was made.
    return ("no" if kind == "copy" else ""), "none"


def _group(row: dict[str, str], ai: str) -> str:
    # What a generator made and nothing in the file tells of is the same to a reader of files as what was stripped.
    untold = row["kind"] != "provenance" and ai == "yes"
    return "stripped" if untold else Path(row["file"]).parent.name
