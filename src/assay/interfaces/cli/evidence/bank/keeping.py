"""`assay bank list`, `delete`, `verify`, `compact`: what banks hold, and that they hold it soundly. It adds nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.evidence.bank.creating import terms_of
from assay.interfaces.cli.evidence.bank.folders import banks_below, opened
from assay.interfaces.cli.terminal import counted, print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.copies.bank.bank import Bank
    from assay.detection.copies.bank.entry import Stored

_SHOWN_OF_A_HASH = 24


def list_banks(
    folder: Annotated[Path, typer.Argument(metavar="BANKS", help="A bank, or a folder of banks.")],
    entries: Annotated[bool, typer.Option("--entries", help="List the entries instead.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="With --entries: how many of each bank.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a bank, or an entry.")] = False,
) -> None:
    """Say which banks there are and what a match in each means."""
    banks = banks_below(folder)
    if entries:
        for bank in banks:
            _print_entries(bank, limit, as_json=as_json)
        return
    if as_json:
        for bank in banks:
            print(json.dumps(_bank_as_json(bank)))
        return
    print_table(("bank", "kind", "entries", "terms", "what a match means", "says", "tier", "for"), map(_row, banks))
    print()
    print(f"{counted(len(banks), 'bank')}, {counted(sum(map(len, banks)), 'entry', 'entries')}")


def _row(bank: Bank) -> tuple[str, ...]:
    told = bank.settings
    terms = terms_of(told)
    return (
        told.name, told.kind.value, f"{len(bank):,}", terms, told.words, told.claim.value, told.tier.value, told.purpose
    )  # fmt: skip


def _bank_as_json(bank: Bank) -> dict[str, object]:
    told = bank.settings
    return {
        "name": told.name,
        "purpose": told.purpose,
        "kind": told.kind.value,
        "entries": len(bank),
        "measure": told.measure,
        "threshold": told.threshold,
        "quality_at_least": told.quality_at_least,
        "claim": told.claim.value,
        "words": told.words,
        "tier": told.tier.value,
        "dihedral": told.dihedral,
        "crops": told.crops,
        "asserts": dict(told.asserts),
    }


def _print_entries(bank: Bank, limit: int, *, as_json: bool) -> None:
    shown = list(islice(bank.entries(), limit))
    if as_json:
        for each in shown:
            print(json.dumps({"bank": bank.settings.name, **_entry_as_json(each)}))
        return
    rows = [(str(each.id), *_entry_cells(each)) for each in shown]
    print_table(("entry", bank.settings.kind.value, "quality", "labels", "note", "source", "added"), rows)
    print()
    rest = f", of which the first {len(shown):,} are shown" if len(shown) < len(bank) else ""
    print(printable(f"{bank.settings.name}: {counted(len(bank), 'entry', 'entries')}{rest}"))


def _entry_cells(each: Stored) -> tuple[str, ...]:
    value = each.value if len(each.value) <= _SHOWN_OF_A_HASH else each.value[:_SHOWN_OF_A_HASH] + "…"
    quality = "" if each.quality is None else str(each.quality)
    return (value, quality, "; ".join(each.labels), each.note, each.source, each.added_at)


def _entry_as_json(each: Stored) -> dict[str, object]:
    names = ("id", "value", "quality", "note", "source", "added_at")
    return {**{name: getattr(each, name) for name in names}, "labels": list(each.labels)}


def delete(
    folder: Annotated[Path, typer.Argument(metavar="BANK", help="The bank's folder.")],
    entries: Annotated[list[int] | None, typer.Argument(metavar="ENTRIES...", help="Numbers of entries.")] = None,
    hash_: Annotated[list[str] | None, typer.Option("--hash", help="The entry of this hash; may be repeated.")] = None,
) -> None:
    """Delete entries by their numbers or their hashes. Ends with 1 where one was not there."""
    from assay.detection.copies.hashing.values import value_of

    if not entries and not hash_:
        wrong_use("there is nothing to delete; name entries by their numbers, or a hash by --hash")
    missing = []
    with opened(folder, writing=True) as bank:
        wanted = list(dict.fromkeys(entries or ()))
        for value in hash_ or ():
            usual = value_of(bank.settings.kind, value)
            if not isinstance(usual, str):
                wrong_use(printable(usual.words))
            found = bank.find(usual)
            wanted += found
            missing += [] if found else [value]
        deleted = bank.delete(wanted, at=datetime.now(UTC))
        held = len(bank)
    for value in missing:
        print(printable(f"{folder}: unknown-entry: no entry has the hash `{value[:80]}`"), file=sys.stderr)
    absent = len(set(wanted)) - deleted
    if absent:
        words = f"{counted(absent, 'entry is', 'entries are')} not in the bank, or deleted already"
        print(
            printable(f"{folder}: unknown-entry: {words}; `assay bank list {folder} --entries` shows all"),
            file=sys.stderr,
        )
    print(f"{counted(deleted, 'entry', 'entries')} deleted; the bank holds {counted(held, 'entry', 'entries')}")
    raise typer.Exit(1 if missing or absent else 0)


def verify(
    folder: Annotated[Path, typer.Argument(metavar="BANKS", help="A bank, or a folder of banks.")],
) -> None:
    """Read banks again from end to end and say what does not fit. Ends with 1 where something does not."""
    banks = banks_below(folder)
    faulty = 0
    for bank in banks:
        faults = bank.verify()
        faulty += bool(faults)
        for fault in faults:
            print(printable(f"{bank.settings.name}: {fault.slug}: {fault.words}"), file=sys.stderr)
        if not faults:
            print(printable(f"{bank.settings.name}: sound: {counted(len(bank), 'entry', 'entries')}"))
    print(_verdict(banks, faulty))
    raise typer.Exit(1 if faulty else 0)


def _verdict(banks: Sequence[Bank], faulty: int) -> str:
    words = f"{counted(len(banks), 'bank')}: {len(banks) - faulty} sound"
    return words + (f", {faulty} not" if faulty else "")


def compact(
    folder: Annotated[Path, typer.Argument(metavar="BANK", help="The bank's folder.")],
) -> None:
    """Write a bank's index anew, without what was deleted."""
    with opened(folder, writing=True) as bank:
        bank.compact()
        print(printable(f"{bank.settings.name}: compacted, {counted(len(bank), 'entry', 'entries')}"))
