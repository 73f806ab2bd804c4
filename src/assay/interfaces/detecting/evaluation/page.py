"""Renders an evaluation as one HTML page: figures, warnings, charts. It measures nothing."""

from __future__ import annotations

from assay.detection.measuring.card import DetectorCard
from assay.detection.measuring.scoring import Scores
from assay.detection.measuring.worded import (
    header_of,
    interval,
    part_row,
    percent,
    precision_sentences,
    warnings_of,
)
from assay.interfaces.detecting.evaluation.charts import charts_of
from assay.interfaces.look.page import environment_of, footer_of, style_of

PACKAGE = "assay.interfaces.detecting.evaluation"


def render_evaluation(card: DetectorCard, scores: Scores) -> str:
    """The whole page; it fetches nothing and runs nothing."""
    measurement = card.measurement
    return (
        environment_of(PACKAGE)
        .get_template("evaluation.html")
        .render(
            card=card,
            detector=scores.detector,
            whole=measurement.whole,
            figures=_figures(card),
            warnings=list(warnings_of(measurement)),
            header=header_of(measurement),
            rows=[part_row(part) for part in measurement.parts],
            sentences=list(precision_sentences(measurement)),
            charts=charts_of(measurement, scores),
            style=style_of(PACKAGE),
            footer=footer_of(f"Evaluation of {card.detector} {card.version}, {card.measured_on}"),
        )
    )


def _figures(card: DetectorCard) -> list[tuple[str, str, str]]:
    """Each figure with its interval, or why there is none."""
    whole = card.measurement.whole
    area = whole.area
    figures = []
    if area is not None:
        words = "AUC: how often a file by AI scores above a real one; guessing gives 0.5"
        figures.append((f"{area.value:.3f}", interval(area), words))
    for point in whole.points:
        words = f"of AI's files found where at most {percent(point.share, 0)} of real ones are accused"
        if point.found is None:
            figures.append(("–", point.words, words))
        else:
            figures.append((percent(point.found.value), interval(point.found, in_percent=True), words))
    return figures
