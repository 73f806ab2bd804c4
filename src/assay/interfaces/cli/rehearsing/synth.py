"""`assay history synth`: past uploads made up, with everything about them known. It reads nobody's uploads."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.terminal import Waiting, counted, sound_pack, wrong_use

if TYPE_CHECKING:
    from assay.interfaces.histories.synth.make import Made
    from assay.interfaces.histories.synth.recipe import Recipe


def synth(  # noqa: PLR0913 (its options)
    pack: Annotated[
        list[Path], typer.Option(help="The pack in force; once more for each that shall read the history.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The history to write, as Parquet.")],
    rows: Annotated[int, typer.Option(help="How many uploads there were.")] = 100_000,
    seed: Annotated[int, typer.Option(help="The same seed, packs and options give the same bytes.")] = 1,
    days: Annotated[int, typer.Option(help="How many days the uploads span.")] = 30,
    first_day: Annotated[str, typer.Option(help="The first of these days.")] = "2026-10-01",
    design: Annotated[
        str, typer.Option(help="How uploads are taken: census, simple, stratified or poisson.")
    ] = "census",
    sample: Annotated[float | None, typer.Option(help="How many are taken: below 1 a share, else rows.")] = None,
    labels: Annotated[float, typer.Option(help="The share of uploads taken that people judged.")] = 0.05,
    missing: Annotated[float, typer.Option(help="The share of signals that nobody knows, on average.")] = 0.08,
    drift: Annotated[bool, typer.Option("--drift", help="Let uploads and detectors change over the days.")] = False,
    markets: Annotated[str, typer.Option(help="Markets that views are counted for, with commas between.")] = "",
    truth: Annotated[Path | None, typer.Option(help="Where all uploads go, with all that is known of them.")] = None,
) -> None:
    """Make up a history: uploads, who saw them, what was known, what was done and what people found."""
    from assay.interfaces.histories.synth.make import synthesise
    from assay.interfaces.histories.synth.recipe import Recipe

    codes = tuple([code.strip() for code in markets.split(",") if code.strip()])
    recipe = Recipe(rows, seed, days, _day(first_day), design, sample, labels, missing, drift, codes)
    packs = [sound_pack(folder) for folder in pack]
    if truth is not None and truth.resolve() == out.resolve():
        wrong_use("the truth needs a file of its own")
    began = time.monotonic()
    try:
        with Waiting("Making up uploads", rows) as waiting:
            made = synthesise(packs, recipe, out, truth, waiting.reached)
    except OSError as error:
        # What was being written has a name of its own until it is whole.
        place = truth if truth is not None and truth.name in str(error.filename) else out
        wrong_use(f"`{place}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")
    if isinstance(made, list):
        wrong_use("; ".join(f"{fault.field}: {fault.words}" if fault.field else fault.words for fault in made))
    _show(made, recipe, out, truth, time.monotonic() - began)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        wrong_use(f"`{given}` is no date; write `2026-10-01`")


def _show(made: Made, recipe: Recipe, out: Path, truth: Path | None, seconds: float) -> None:
    typer.echo(f"{out}: {counted(made.rows, 'upload')} of {made.of:,}, {recipe.design}, seed {recipe.seed}")
    if len(made.strata) > 1:
        for name, (rows, stands_for) in made.strata.items():
            typer.echo(f"  stratum {name}: {rows:,} of {stands_for:,.0f}")
    span = f"{counted(recipe.days, 'day')} from {recipe.first_day}"
    places = f"{counted(len(made.markets) - 1, 'market')} and everywhere else"
    typer.echo(
        f"  {span}, {places}, {counted(made.signals, 'signal')}, {counted(made.judged, 'upload')} judged by people"
    )
    if made.jumps is not None:
        typer.echo(f"  with drift: AI-made uploads grow, the detector loses its grip, `{made.jumps}` goes missing late")
    if truth is not None:
        typer.echo(f"{truth}: {counted(made.of, 'upload')}, nothing missing")
    typer.echo(f"took {seconds:.1f} s")
