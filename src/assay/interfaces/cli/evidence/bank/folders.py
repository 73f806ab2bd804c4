"""Banks as commands are given them: a folder of banks, or one bank. It opens them and changes nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from assay.interfaces.cli.terminal import printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.copies.bank.bank import Bank
    from assay.detection.copies.bank.unusable import UnusableBank


def check_banks(folder: Path | None) -> None:
    """Ends with 2 where files cannot be compared with these banks; nothing is opened where none are named."""
    if folder is None:
        return
    from assay.detection.copies.opening import refusals

    told = refusals(folder)
    if told:
        wrong_use(printable(told[0]))


def opened(folder: Path, *, writing: bool = False) -> Bank:
    """One bank; ends with 2 where there is none or it cannot be used."""
    from assay.detection.copies.bank.bank import Bank
    from assay.detection.copies.bank.settings import BANK_FILE
    from assay.detection.copies.bank.unusable import UnusableBank

    if not (folder / BANK_FILE).is_file():
        inside = sorted(each.parent.name for each in folder.glob(f"*/{BANK_FILE}")) if folder.is_dir() else []
        hint = f"; name one of the banks in it: {', '.join(inside[:5])}" if inside else ""
        wrong_use(printable(f"there is no bank in `{folder}`{hint or f'; `assay bank create {folder}` makes one'}"))
    try:
        return Bank.open(folder, writing=writing)
    except UnusableBank as unusable:
        refuse(folder, unusable)


def banks_below(folder: Path) -> tuple[Bank, ...]:
    """The bank itself, or every bank in a folder of banks; ends with 2 where one of them cannot be used."""
    from assay.detection.copies.opening import UnusableBanks, open_banks

    try:
        return open_banks(folder)
    except UnusableBanks as unusable:
        wrong_use(printable(str(unusable)))


def refuse(folder: Path, unusable: UnusableBank) -> NoReturn:
    """Say all that is wrong with a bank, a line each, and end with 2."""
    for fault in unusable.faults:
        print(printable(f"{folder}: {fault.slug}: {fault.words}"), file=sys.stderr)
    raise typer.Exit(2)
