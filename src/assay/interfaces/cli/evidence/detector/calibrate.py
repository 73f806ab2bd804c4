"""`assay detector calibrate`: labelled scores into likelihood ratios that they support. It asks no detector."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.detection.calibration.choices import ALPHA, Method
from assay.interfaces.cli.evidence.detector.named import (
    SCORES,
    day_of,
    detector_at,
    end_with,
    place_of,
    refuse_another_model,
    scores_of,
    written_to,
)
from assay.interfaces.cli.terminal import Waiting, print_table, print_title, printable, wrapped, write_file

if TYPE_CHECKING:
    from assay.detection.calibration.calibration import Calibration, Fitted, Origin
    from assay.detection.calibration.fitting import Wanted
    from assay.detection.calibration.sample import Sample
    from assay.detection.detectors.configured import Configured


_Detectors = Annotated[Path | None, typer.Option(help="The folder of detectors, where the detector is named.")]
_Scores = Annotated[
    Path | None, typer.Option(help="Labelled scores, CSV or Parquet; without it, those of the last evaluation.")
]
_Accused = Annotated[float, typer.Option(help="Share of items not made by AI that a verdict may accuse, such as 0.01.")]
_Cleared = Annotated[float, typer.Option(help="Share of items made by AI that a verdict may clear, such as 0.05.")]


def calibrate(  # noqa: PLR0913 (its options)
    target: Annotated[str, typer.Argument(metavar="NAME|FOLDER", help="The detector by name, or its own folder.")],
    detectors: _Detectors = None,
    scores: _Scores = None,
    method: Annotated[Method, typer.Option(help="How likelihood ratios are fitted.")] = Method.LOGISTIC,
    accused: _Accused = ALPHA,
    cleared: _Cleared = ALPHA,
    date: Annotated[str | None, typer.Option(help="The day it is made on; without it, today.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report for people, one HTML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the calibration as JSON.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Keep nothing; only show what it would be.")] = False,
) -> None:
    """Fit and keep what a detector's scores are worth. Ends with 1 where they cannot say."""
    from assay.detection.calibration.fitting import Wanted
    from assay.detection.calibration.keeping import KEPT, PRESENT, keep_calibration
    from assay.detection.calibration.stored import to_json

    day, detector = day_of(date), detector_at(target, detectors)
    found = _fitted(detector, scores or detector.folder / SCORES, day, Wanted(method, accused, cleared))
    with written_to(detector.folder):
        kept = None if dry_run else keep_calibration(detector.folder, found)
    if html is not None:
        from assay.interfaces.detecting.calibration.calibration_page import render_calibration

        write_file(html, render_calibration(found))
    if as_json:
        print(to_json(found), end="")
        return
    print_calibration(found)
    print()
    where = f"kept as {place_of(detector.folder / PRESENT)}, and for appeals in {KEPT}/"
    print(printable(where if kept is not None else "nothing was kept"))
    if html is not None:
        print(printable(f"the report is in {html}"))


def _fitted(detector: Configured, path: Path, day: str, wanted: Wanted) -> Calibration:
    from assay.detection.calibration.fitting import fit
    from assay.detection.calibration.scores.gathered import sample_from

    read = scores_of(path, labelled=True)
    refuse_another_model(read, detector, path)
    sample = sample_from(read)
    if isinstance(sample, list):
        end_with(str(place_of(path)), sample)
    origin = _origin(detector.name, detector.digest, path, day, sample)
    with Waiting("fitting", None) as waiting:
        found = fit(sample, origin, wanted, waiting.reached)
    if isinstance(found, list):
        end_with(str(place_of(path)), found)
    return found


def _origin(name: str, digest: str, path: Path, day: str, sample: Sample) -> Origin:
    from assay.detection.calibration.calibration import Origin

    # The path is left out: it names a place on somebody's machine, and the digest says which rows they were.
    return Origin(name, digest, sample.digest(), day, path.name)


def print_calibration(calibration: Calibration) -> None:
    """A calibration at the terminal: what it says, how well, how far it reaches, and when it keeps silent."""
    from assay.detection.calibration.worded import band_words, example_scores, quality_of, sentence_of

    whole = calibration.whole
    items = f"{whole.ai.rows:,} items by AI and {whole.other.rows:,} others"
    worth = f"worth {whole.ai.worth:,.0f} and {whole.other.worth:,.0f} independent ones"
    print(wrapped(f"{calibration.detector}, {calibration.method} calibration on {items}, {worth}"))
    print_title(wrapped(quality_of(whole)))
    print()
    print_table(("figure", "held out", "95 % interval", "what it says"), _figures(whole))
    print_title("\nWhat a score says")
    for score in example_scores(calibration):
        print(wrapped(sentence_of(calibration, score), "", "  "))
    print_title("\nVerdicts")
    for words in band_words(whole):
        print(wrapped(words, "", "  "))
    print("any other score abstains, which says nothing")
    if calibration.buckets or calibration.too_small:
        print_title("\nBuckets")
        print_table(("bucket", "AI", "others", "Cllr", "for at most", "against at most"), _buckets(calibration))


def _figures(fitted: Fitted) -> list[tuple[str, ...]]:
    figures = fitted.figures
    told = (
        ("Cllr", figures.cllr, "cost in bits: 0 is perfect, 1 is what saying nothing costs"),
        ("Cllr min", figures.cllr_min, "of it, what the detector itself costs"),
        ("ECE", figures.error, "how far off a probability at even odds is, on average"),
        ("AUC", figures.auc, "how often an item by AI scores higher than another"),
    )
    return [(name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}", words) for name, one, words in told]


def _buckets(calibration: Calibration) -> list[tuple[str, ...]]:
    from assay.detection.calibration.worded import times

    rows: list[tuple[str, ...]] = [
        (
            printable(name),
            f"{one.ai.worth:,.0f}",
            f"{one.other.worth:,.0f}",
            str(one.figures.cllr),
            f"{times(one.bounds.upper)} times",
            f"{times(one.bounds.lower)} times",
        )
        for name, one in sorted(calibration.buckets.items())
    ]
    few = sorted(calibration.too_small.items())
    return rows + [(printable(name), "", "", f"all items' figures count: {why}", "", "") for name, why in few]
