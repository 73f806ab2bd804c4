"""Fills the demonstration's banks of known items, and says who is made out to have uploaded what. It scans nothing."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.entry import Entry
from assay.detection.copies.bank.settings import BANK_FILE
from assay.detection.copies.clusters.circumstances import COLUMNS
from assay.detection.copies.hashing.fingerprints import fingerprints_of
from assay.detection.copies.kinds import ITSELF
from assay.detection.media import Media
from assay.interfaces.demo.recipe import Workshop
from assay.interfaces.demo.shelves.copies import BANKS, Kept

BANKS_FOLDER = "banks"
UPLOADS = "uploads.csv"
# A fortnight that is over, so that the demonstration shows the same on every day.
_FIRST = datetime(2026, 11, 2, 6, tzinfo=UTC)
_APART = timedelta(hours=5, minutes=37)
_ACCOUNTS = ("amber-fox", "quiet-river", "north-window", "paper-kite", "blue-heron")
_SURFACES = ("feed", "feed", "search", "messages", "profile")
_MARKETS = ("BR", "DE", "IN", "US")


def fill_banks(folder: Path, workshop: Workshop) -> Path:
    """Make the banks anew below `folder`; what the workshop has made is what they know."""
    place = folder / BANKS_FOLDER
    for kept in BANKS:
        _fill(place / kept.settings.name, kept, workshop)
    return place


def _fill(folder: Path, kept: Kept, workshop: Workshop) -> None:
    if (folder / BANK_FILE).is_file():
        shutil.rmtree(folder)
    with Bank.create(folder, kept.settings) as bank:
        bank.add(
            (
                Entry(made.value, made.quality, kept.labels, name)
                for name, make in kept.items
                # Drawn here a moment ago, and no stranger's file.
                for made in fingerprints_of(Media.from_bytes(make(workshop), name=name), [kept.settings.kind])
                if made.place == ITSELF
            ),
            at=_FIRST,
        )


def write_uploads(path: Path, names: Sequence[str]) -> None:
    """Who is made out to have uploaded each file, where and when, as a platform's own record would say it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, name in enumerate(names):
            writer.writerow(_row(number, name).values())


def _row(number: int, name: str) -> Mapping[str, str]:
    """Made up by the file's place in the list, with the pictures of hills and cities left to two accounts."""
    busy = name.startswith(("hills", "city"))
    account = _ACCOUNTS[number % 2] if busy else _ACCOUNTS[number % len(_ACCOUNTS)]
    at = _FIRST + number * _APART
    return {
        "id": name,
        "account": account,
        "surface": _SURFACES[number % len(_SURFACES)],
        "market": _MARKETS[number % len(_MARKETS)],
        "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
    }
