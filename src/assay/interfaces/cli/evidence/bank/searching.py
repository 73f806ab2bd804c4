"""`assay bank search`: which known items files are copies of, and what that means. It scans for nothing else."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.evidence.bank.adding import media_of
from assay.interfaces.cli.evidence.bank.folders import banks_below, check_banks
from assay.interfaces.cli.terminal import Waiting, counted, print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.detection.copies.bank.entry import Match
    from assay.detection.result import ScanResult

_HEADER = ("file", "bank", "entry", "how near", "recognised", "what a match means", "labels")


def search(
    folder: Annotated[Path, typer.Argument(metavar="BANKS", help="A bank, or a folder of banks.")],
    paths: Annotated[list[Path] | None, typer.Argument(metavar="FILES...", help="Media files, and folders.")] = None,
    hash_: Annotated[list[str] | None, typer.Option("--hash", help="Search for this hash; may be repeated.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that hash.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file or hash.")] = False,
) -> None:
    """Search banks for what files or hashes are copies of. Ends with 1 where a file could not be searched for."""
    from assay.detection.run import scan_files
    from assay.detection.scanner import Settings

    files = list(media_of(paths or ()))
    if not files and not hash_:
        wrong_use("there is nothing to search for; name files, or a hash by --hash")
    check_banks(folder)
    rows: list[tuple[str, ...]] = []
    faulty = found = 0
    for value, matches in _of_hashes(folder, hash_ or ()):
        found += bool(matches)
        _show(value, [_row_of(match) for match in matches], [], rows, as_json=as_json)
    with Waiting("searching", len(files)) as waiting:
        results = scan_files(files, settings=Settings(banks=folder), scanners=("copies",), workers=workers)
        for number, result in enumerate(results if files else (), 1):
            copies = [_row_in(each.details) for each in result.evidence if each.found]
            found += bool(copies)
            faulty += bool(result.faults)
            _show(str(result.path), copies, _faults(result), rows, as_json=as_json)
            waiting.reached(number)
    if not as_json:
        if rows:
            print_table(_HEADER, rows)
            print()
        whole = counted(len(files) + len(hash_ or ()), "item")
        print(f"{whole}: {found} known" + (f", {faulty} with faults" if faulty else ""))
    raise typer.Exit(1 if faulty else 0)


def _of_hashes(folder: Path, values: Sequence[str]) -> Iterator[tuple[str, list[Match]]]:
    from assay.detection.copies.hashing.values import value_of
    from assay.detection.copies.kinds import Fingerprint

    if not values:
        return
    banks = banks_below(folder)
    for value in values:
        fitting = [(bank, value_of(bank.settings.kind, value)) for bank in banks]
        usual = [(bank, found) for bank, found in fitting if isinstance(found, str)]
        if not usual:
            fault = fitting[0][1]
            wrong_use(printable(fault.words if not isinstance(fault, str) else value))
        yield (
            value,
            [match for bank, found in usual for match in bank.search([Fingerprint(bank.settings.kind, found)])],
        )


def _row_of(match: Match) -> dict[str, str]:
    from assay.detection.copies.places import nearness, place_words

    return {
        "bank": match.bank,
        "entry": str(match.entry),
        "near": nearness(match.kind, match.measure, match.distance, match.threshold),
        "place": place_words(match.place),
        "means": match.words,
        "claim": match.claim.value,
        "labels": "; ".join(match.labels),
    }


def _row_in(details: object) -> dict[str, str]:
    told = dict(details) if isinstance(details, dict) else {}
    return {name: str(told.get(name, "")) for name in ("bank", "entry", "near", "place", "means", "labels", "more")}


def _faults(result: ScanResult) -> list[str]:
    return [f"{fault.slug}: {fault.words}" for fault in result.faults]


def _show(
    item: str,
    copies: Sequence[dict[str, str]],
    faults: Sequence[str],
    rows: list[tuple[str, ...]],
    *,
    as_json: bool,
) -> None:
    if as_json:
        print(json.dumps({"item": item, "copies": list(copies), "faults": list(faults)}))
        return
    for fault in faults:
        print(printable(f"{item}: {fault}"), file=sys.stderr)
    nearest: dict[str, dict[str, str]] = {}
    others: Counter[str] = Counter()
    for each in copies:
        if each["bank"] in nearest:
            others[each["bank"]] += 1
        nearest.setdefault(each["bank"], each)
        others[each["bank"]] += int(each.get("more") or 0)
    for number, (bank, each) in enumerate(nearest.items()):
        more = f"\nand {counted(others[bank], 'more item')}" if others[bank] else ""
        named = item if number == 0 else ""
        rows.append((named, bank, each["entry"], each["near"] + more, each["place"], each["means"], each["labels"]))
