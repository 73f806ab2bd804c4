"""`assay detector evaluate`: how well a detector works on files whose truth is known. It never changes a detector."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.evidence.detector.measured import as_json, print_card
from assay.interfaces.cli.evidence.detector.named import day_of, detector_named, end_with, place_of
from assay.interfaces.cli.terminal import Waiting, counted, printable, write_file, wrong_use

if TYPE_CHECKING:
    from assay.detection.detectors.configured import Configured
    from assay.detection.measuring.card import DetectorCard
    from assay.detection.measuring.labelled import Labelled
    from assay.detection.measuring.scoring import Scores

CARD, TABLE = "card.toml", "scores.parquet"
_SHOWN_FAULTS = 5


@dataclass(frozen=True, slots=True)
class _Run:
    """How a detector is measured, as the options say; without `cache`, scores are kept beside the detector."""

    labels: Path
    pattern: str | None
    workers: int
    seconds: float
    cache: Path | None


_Labels = Annotated[Path, typer.Option(help="A folder with ai and real, a CSV file (file,truth,…), or lines of texts.")]
_Detectors = Annotated[Path | None, typer.Option(help="The folder of detectors, where the detector is named.")]
_Pattern = Annotated[
    str | None, typer.Option(help="A regular expression on file names with groups family, corruption or group.")
]
_Name = Annotated[str | None, typer.Option(help="What the card calls the files; without it, the labels' name.")]
_Cache = Annotated[Path | None, typer.Option(help="Where scores are kept; without it, beside the detector.")]
_Pack = Annotated[Path | None, typer.Option(help="For a language model's judge: the pack whose questions it answers.")]
_Images = Annotated[Path | None, typer.Option(help="For such a judge: the folder of the items' pictures.")]
_Requests = Annotated[int | None, typer.Option(help="For such a judge: so many requests at the most.", min=1)]
_Repeats = Annotated[int, typer.Option(help="For such a judge: how often each item is asked again.", min=0)]


def evaluate(  # noqa: PLR0913 (its options)
    target: Annotated[str, typer.Argument(metavar="NAME|FOLDER", help="The detector by name, or its own folder.")],
    labels: _Labels,
    detectors: _Detectors = None,
    pattern: _Pattern = None,
    name: _Name = None,
    workers: Annotated[int, typer.Option(help="Processes.", min=1, max=64)] = 2,
    seconds: Annotated[float, typer.Option(help="For one file.", min=1)] = 120.0,
    cache: _Cache = None,
    date: Annotated[str | None, typer.Option(help="The day that the card names; without it, today.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report for people, one HTML file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write no card and no table of scores.")] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
    pack: _Pack = None,
    images: _Images = None,
    requests: _Requests = None,
    repeats: _Repeats = 1,
) -> None:
    """Measure a detector, and write its card and its scores. Ends with 1 where nothing was measured."""
    from assay.interfaces.cli.evidence.detector.judge.measure import Wanted, is_judge, measure_judge

    given = Path(target)
    if pack is not None or is_judge(given):
        if html is not None:
            wrong_use("what is measured of a judge is no page; leave `--html` out")
        wanted = Wanted(day_of(date), repeats, requests, dry_run, json_wanted)
        measure_judge(target=given, labels=labels, pack=pack, cache=cache, images=images, wanted=wanted)
    day, detector = day_of(date), _detector(target, detectors)
    scores = _scored(detector, _Run(labels, pattern, workers, seconds, cache))
    card = _card(detector, scores, name or labels.resolve().name, day)
    if not dry_run:
        _keep(detector, scores, card)
    if html is not None:
        from assay.interfaces.detecting.evaluation.page import render_evaluation

        write_file(html, render_evaluation(card, scores))
    if json_wanted:
        print(as_json(card))
    else:
        kept = f"kept as {place_of(detector.folder / CARD)}, its scores in {TABLE}"
        _say(card, "nothing was kept" if dry_run else kept, html)


def _say(card: DetectorCard, kept: str, html: Path | None) -> None:
    print_card(card)
    print(printable(kept))
    if html is not None:
        print(printable(f"the report is in {html}"))


def _detector(target: str, detectors: Path | None) -> Configured:
    from assay.detection.detectors.configuring.reading import CONFIGURATION
    from assay.detection.detectors.folder import detectors_in, hindrances

    if detectors is not None:
        found = detector_named(target, detectors)
    elif (Path(target) / CONFIGURATION).is_file():
        read = detectors_in(Path(target))
        if read.faults:
            end_with(target, read.faults)
        found = read.detectors[0]
    else:
        wrong_use(
            f"`{target}` is no folder with a {CONFIGURATION}; to name a detector, name their folder by --detectors"
        )
    faults = hindrances(found)
    if faults:
        end_with(str(found.folder), faults)
    return found


def _labelled(labels: Path, pattern: str | None, texts: Path) -> Sequence[Labelled]:
    from assay.detection.measuring.labelled import labels_of

    try:
        form = None if pattern is None else re.compile(pattern)
    except re.error as error:
        wrong_use(f"`{pattern}` is no regular expression: {error}")
    found = labels_of(labels, pattern=form, texts=texts)
    for fault in found.faults[:_SHOWN_FAULTS]:
        place = f"{labels}: {fault.field}" if fault.field else str(labels)
        print(printable(f"{place}: {fault.slug}: {fault.words}"), file=sys.stderr)
    more = len(found.faults) + found.left_out - _SHOWN_FAULTS
    if more > 0:
        print(printable(f"{labels}: and {counted(more, 'fault')} more"), file=sys.stderr)
    if not found.items:
        wrong_use(f"`{labels}` names no labelled file")
    if len({each.is_ai for each in found.items}) < 2:
        # Told before the first file is scored, which for many files is hours before the last.
        missing = "real" if found.items[0].is_ai else "by AI"
        end_with(str(labels), [Fault("nothing-to-compare", f"no file is {missing}; both kinds are needed")])
    return found.items


def _scored(detector: Configured, run: _Run) -> Scores:
    from assay.detection.measuring.scoring import Cache, scores_of

    kept = run.cache or detector.folder / ".scores"
    with tempfile.TemporaryDirectory() as texts:
        items = _labelled(run.labels, run.pattern, Path(texts))
        try:
            with Cache(kept, detector) as cache, Waiting("asking the detector", len(items)) as waiting:
                return scores_of(
                    detector,
                    items,
                    workers=run.workers,
                    seconds=run.seconds,
                    cache=cache,
                    reached=waiting.reached,
                )
        except OSError as error:
            wrong_use(f"`{kept}` cannot be written: {(error.strerror or 'it cannot be opened').lower()}")


def _card(detector: Configured, scores: Scores, data: str, day: str) -> DetectorCard:
    from assay.detection.measuring.card import DetectorCard
    from assay.detection.measuring.measurement import measured

    truths = {each.item.is_ai for each in scores.scored if each.score is not None}
    if len(truths) < 2:
        found = ", ".join(sorted({each.fault for each in scores.scored if each.fault})) or "every file scored"
        missing = "neither kind" if not truths else "only files by AI" if truths == {True} else "no file by AI"
        words = f"{missing} could be scored ({found}); both kinds are needed"
        end_with(detector.name, [Fault("nothing-to-compare", words)])
    with Waiting("measuring", None) as waiting:
        measurement = measured(scores, waiting.reached)
    return DetectorCard(detector.name, detector.version, detector.digest, data, scores.data_digest, day, measurement)


def _keep(detector: Configured, scores: Scores, card: DetectorCard) -> None:
    from assay.detection.measuring.table import write_scores

    try:
        write_scores(scores, detector.folder / TABLE)
    except OSError as error:
        wrong_use(f"`{detector.folder}` cannot be written to: {(error.strerror or 'it cannot be opened').lower()}")
    write_file(detector.folder / CARD, card.text())
