"""A folder of detectors as an option of other commands: usable as a whole, or refused before work begins. No asking."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from assay.interfaces.cli.terminal import printable, wrong_use


def check_detectors(folder: Path | None) -> None:
    """End with 2 where a folder of detectors is named and any of them could not be asked, with every reason."""
    if folder is None:
        return
    from assay.detection.detectors.folder import refusals

    if not folder.is_dir():
        wrong_use(f"there is no folder `{folder}`; a folder of detectors holds `NAME/detector.toml`")
    told = refusals(folder)
    for words in told:
        print(printable(f"assay: {words}"), file=sys.stderr)
    if told:
        raise typer.Exit(2)
