"""`assay inspect`: one file's evidence for a reviewer, to read, as a page or as JSON. It decides nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.evidence.bank.folders import check_banks
from assay.interfaces.cli.evidence.detector.folders import check_detectors
from assay.interfaces.cli.terminal import print_title, printable, wrapped, write_file, wrong_use

if TYPE_CHECKING:
    from assay.detection.scanner import Settings
    from assay.interfaces.inspection.inspected import Inspected, Reader


def inspect(  # noqa: PLR0913 (its options)
    file: Annotated[Path, typer.Argument(help="The file to look into.")],
    trust: Annotated[Path | None, typer.Option(help="A folder of trust lists (PEM).")] = None,
    weights: Annotated[Path | None, typer.Option(help="A folder with the weights of watermark readers.")] = None,
    banks: Annotated[Path | None, typer.Option(help="A folder of banks of known items.")] = None,
    detectors: Annotated[Path | None, typer.Option(help="A folder of configured detectors.")] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A host that may be asked for a manifest; may be repeated.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file.")] = None,
    with_picture: Annotated[bool, typer.Option("--with-picture", help="Show a small grey, blurred picture.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show all evidence in one file, and what nobody looked at. Ends with 1 where it could not be read to its end."""
    from assay.detection.scanner import Settings, UnusableTrust
    from assay.interfaces.inspection.inspected import inspect as inspect_one
    from assay.interfaces.inspection.written import as_json as written

    _check(file, trust, weights)
    check_banks(banks)
    check_detectors(detectors)
    if with_picture and html is None:
        wrong_use("`--with-picture` is for a page: name one with --html")
    settings = Settings(
        trust=trust, allowed_hosts=tuple(allow_host or ()), weights=weights, banks=banks, detectors=detectors
    )
    try:
        inspected = inspect_one(file, settings, datetime.now(UTC), _readers(settings))
    except UnusableTrust as unusable:
        wrong_use(str(unusable))
    if html is not None:
        write_file(html, _page(inspected, file if with_picture else None))
    if as_json:
        print(json.dumps(written(inspected), ensure_ascii=False).encode("utf-8", "backslashreplace").decode())
    else:
        _print(inspected, html)
    raise typer.Exit(1 if inspected.result.faults else 0)


def _readers(settings: Settings) -> tuple[Reader, ...]:
    from assay.detection.registry import scanner_names

    return tuple(_reader(name, settings) for name in scanner_names())


def _reader(name: str, settings: Settings) -> Reader:
    from assay.detection.registry import load_scanner
    from assay.detection.scanner import READY, UnusableTrust, readiness_of
    from assay.interfaces.inspection.inspected import Reader

    try:
        scanner = load_scanner(name, settings)
        return Reader(name, scanner.card, readiness_of(scanner))
    except UnusableTrust:
        raise
    except Exception:  # noqa: BLE001
        # The outer edge: a plug-in that cannot be loaded is told as a fault of the scan, and is only named here.
        return Reader(name, None, READY)


def _check(file: Path, trust: Path | None, weights: Path | None) -> None:
    if not file.is_file():
        wrong_use(f"there is no file `{file}`" + ("; `assay scan` takes a folder" if file.is_dir() else ""))
    if trust is not None and not trust.is_dir():
        wrong_use(f"there is no folder `{trust}`; `assay trust update {trust}` makes one")
    if weights is not None and not weights.is_dir():
        wrong_use(f"there is no folder `{weights}`")


def _page(inspected: Inspected, shown: Path | None) -> str:
    from assay.interfaces.inspection.page.inspection_page import render_inspection
    from assay.interfaces.inspection.picture import blurred_picture

    return render_inspection(inspected, picture=blurred_picture(shown) if shown is not None else None)


def _print(inspected: Inspected, html: Path | None) -> None:
    from assay.interfaces.inspection.lines import lines_of
    from assay.interfaces.inspection.words import STANDPOINTS

    standpoint = STANDPOINTS[inspected.verdict.standpoint][1]
    print_title(printable(f"{inspected.name} · {standpoint[:1].lower()}{standpoint[1:]}"))
    for line in lines_of(inspected, wrapped):
        print(printable(line) if line and "\n" not in line else line)
    if html is not None:
        print(f"\nThe page is in {printable(str(html))}")
