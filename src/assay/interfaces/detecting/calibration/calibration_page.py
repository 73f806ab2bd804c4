"""Renders a calibration as one HTML page: what scores say, how sure that is, where it ends. It fits nothing."""

from __future__ import annotations

from dataclasses import dataclass

from assay.detection.calibration.calibration import Calibration, Fitted
from assay.detection.calibration.measures.resampled import Figure
from assay.detection.calibration.worded import band_words, example_scores, quality_of, sentence_of, times
from assay.interfaces.detecting.calibration.charts import charts_of
from assay.interfaces.look.page import environment_of, footer_of, style_of

PACKAGE = "assay.interfaces.detecting.calibration"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure with its interval and what it says."""

    name: str
    figure: Figure
    words: str


@dataclass(frozen=True, slots=True)
class BucketView:
    """One bucket's figures; without any, why those of all items count for it."""

    name: str
    fitted: Fitted | None
    upper: str
    lower: str
    why: str


def render_calibration(calibration: Calibration) -> str:
    """The whole page; it fetches nothing and runs nothing."""
    whole = calibration.whole
    return (
        environment_of(PACKAGE)
        .get_template("calibration.html")
        .render(
            calibration=calibration,
            whole=whole,
            quality=quality_of(whole),
            figures=_told(whole),
            sentences=[sentence_of(calibration, score) for score in example_scores(calibration)],
            verdicts=[words.split(": ", 1) for words in band_words(whole)],
            upper=times(whole.bounds.upper),
            lower=times(whole.bounds.lower),
            charts=charts_of(calibration),
            buckets=_buckets(calibration),
            style=style_of(PACKAGE),
            footer=footer_of(f"Calibration of {calibration.detector}, {calibration.origin.made_on}"),
        )
    )


def _told(fitted: Fitted) -> tuple[Told, ...]:
    figures = fitted.figures
    return (
        Told("Cllr", figures.cllr, "cost in bits: 0 is perfect, 1 is what saying nothing costs"),
        Told("Cllr min", figures.cllr_min, "of it, what the detector itself costs; the rest is calibration"),
        Told("ECE", figures.error, "how far off a probability at even odds is, on average"),
        Told("AUC", figures.auc, "how often an item by AI scores higher than another"),
    )


def _buckets(calibration: Calibration) -> tuple[BucketView, ...]:
    own = [
        BucketView(name, one, times(one.bounds.upper), times(one.bounds.lower), "")
        for name, one in sorted(calibration.buckets.items())
    ]
    few = [BucketView(name, None, "", "", why) for name, why in sorted(calibration.too_small.items())]
    return (*own, *few)
