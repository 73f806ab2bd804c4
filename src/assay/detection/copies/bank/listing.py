"""The banks in a folder of banks, with those that cannot be read. It opens none of them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from assay.detection.copies.bank.bank import digest_of, read_settings
from assay.detection.copies.bank.settings import BANK_FILE, BankSettings
from assay.detection.copies.bank.unusable import UnusableBank
from assay.engine.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class Listed:
    """One bank's folder: its settings, or what is wrong with them."""

    folder: Path
    settings: BankSettings | None
    faults: tuple[Fault, ...] = ()


def banks_in(folder: Path) -> tuple[Listed, ...]:
    """Every bank whose folder lies in this one, by name; none where it is no folder."""
    if not folder.is_dir():
        return ()
    found = sorted(path.parent for path in folder.glob(f"*/{BANK_FILE}"))
    listed = [_listed(each) for each in found]
    names = [each.settings.name for each in listed if each.settings is not None]
    return tuple(_alone(each, names) for each in listed)


def digest_of_banks(folder: Path) -> str:
    """64 hexadecimal characters that change with the settings or the entries of any bank in the folder.

    The folder may be a bank itself. What cannot be read counts as what is wrong with it; compacting changes nothing.
    """
    found = (_listed(folder),) if (folder / BANK_FILE).is_file() else banks_in(folder)
    told = [(each.folder.name, _digest(each)) for each in found]
    return hashlib.sha256(json.dumps(told).encode("utf-8")).hexdigest()


def _digest(listed: Listed) -> str:
    try:
        if not listed.faults:
            return digest_of(listed.folder)
    except UnusableBank as unusable:
        return str(unusable)
    return str(UnusableBank(listed.faults))


def _listed(folder: Path) -> Listed:
    try:
        return Listed(folder, read_settings(folder))
    except UnusableBank as unusable:
        return Listed(folder, None, unusable.faults)


def _alone(listed: Listed, names: list[str]) -> Listed:
    if listed.settings is None or names.count(listed.settings.name) == 1:
        return listed
    words = f"another bank in the folder is named `{listed.settings.name}`, too; give each its own name"
    return Listed(listed.folder, None, (Fault("same-name", words, "name"),))
