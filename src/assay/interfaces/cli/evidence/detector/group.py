"""The commands of `assay detector`, gathered from their modules. It does nothing by itself."""

from __future__ import annotations

import typer

from assay.interfaces.cli.evidence.detector import calibrate, combine, drift, evaluate, listing
from assay.interfaces.cli.evidence.detector.judge import ask, prompt

detector = typer.Typer(
    name="detector", help="List, measure and calibrate detectors.", no_args_is_help=True, rich_markup_mode=None
)


@detector.callback()
def _group() -> None:
    """List, measure and calibrate detectors."""


detector.command("list")(listing.list_detectors)
detector.command("evaluate")(evaluate.evaluate)
detector.command("ask")(ask.ask)
detector.command("prompt")(prompt.prompt)
detector.command("calibrate")(calibrate.calibrate)
detector.command("combine")(combine.combine)
detector.command("drift")(drift.drift)
