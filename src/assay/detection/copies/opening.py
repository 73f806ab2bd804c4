"""The banks that an operator named, opened for searching, or what stands against opening them. It adds nothing."""

from __future__ import annotations

from pathlib import Path

from assay.detection.copies.bank.bank import Bank
from assay.detection.copies.bank.listing import banks_in
from assay.detection.copies.bank.settings import BANK_FILE
from assay.detection.copies.bank.unusable import UnusableBank


class UnusableBanks(ValueError):
    """A folder of banks cannot be used; the text says why, and what to do."""


def open_banks(folder: Path) -> tuple[Bank, ...]:
    """Every bank in the folder, by name, or the folder's own where it is a bank itself.

    raises  UnusableBanks where one of them cannot be searched

    A bank that cannot be opened must be told: scanning without it would look as if nothing in it had been found.
    """
    told = refusals(folder)
    if told:
        raise UnusableBanks("; ".join(told[:3]))
    return tuple(Bank.open(each) for each in _folders(folder))


def refusals(folder: Path) -> list[str]:
    """What stands against scanning with these banks, a sentence each with its next step; empty where nothing does."""
    if folder.is_file():
        return [f"`{folder}` is a file; name a bank, or a folder of banks"]
    if not folder.is_dir():
        return [f"there is no folder `{folder}`; `assay bank create {folder}/NAME` makes a bank in it"]
    folders = _folders(folder)
    if not folders:
        return [f"`{folder}` holds no bank; `assay bank create {folder}/NAME` makes one"]
    told = []
    for each in folders:
        try:
            Bank.open(each).close()
        except UnusableBank as unusable:
            told += [f"`{each}`: {fault.slug}: {fault.words}" for fault in unusable.faults]
    return told


def _folders(folder: Path) -> list[Path]:
    return [folder] if (folder / BANK_FILE).is_file() else [each.folder for each in banks_in(folder)]
