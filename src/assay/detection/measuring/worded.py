"""What was measured, in words and short tables for people. It says no more than the files support."""

from __future__ import annotations

import math
from collections.abc import Iterator

from assay.detection.measuring.area import Rate
from assay.detection.measuring.measurement import CORRUPTION, FAMILY, WHOLE, Measurement, Part
from assay.detection.measuring.operating import Operating

_NAMES = {WHOLE: "all files", FAMILY: "generator", CORRUPTION: "corruption"}
_MUCH_ONE_SIDED = 0.2


def header_of(measurement: Measurement) -> tuple[str, ...]:
    """The heads of a table of parts."""
    shares = tuple(f"found at {percent(point.share, 0)} false" for point in measurement.whole.points)
    return ("files", "AI", "real", "AUC", "95 % interval", *shares)


def part_row(part: Part) -> tuple[str, ...]:
    """One part as a row of that table."""
    kind = _NAMES.get(part.of, part.of)
    name = kind if part.of == WHOLE else f"{kind} {part.name}"
    counts = (_counted(part.ai_files, part.ai_items), _counted(part.real_files, part.real_items))
    area = ("-", "-") if part.area is None else (f"{part.area.value:.3f}", interval(part.area, 3))
    points = tuple(point_words(point) for point in part.points) or ("-", "-")
    return (name, *counts, *area, *points)


def point_words(point: Operating) -> str:
    """What is found at one share of false accusations, or that nothing can be told."""
    if point.found is None:
        return f"cannot be told from {point.real_items:,}"
    return f"{percent(point.found.value)} ({interval(point.found, in_percent=True)})"


def percent(share: float, digits: int = 1) -> str:
    """`1.2 %`."""
    return f"{100 * share:.{digits}f} %"


def interval(rate: Rate, digits: int = 3, *, in_percent: bool = False) -> str:
    """`0.536 to 0.802`, or `1.2 % to 3.4 %`."""
    if in_percent:
        return f"{percent(rate.low)} to {percent(rate.high)}"
    return f"{rate.low:.{digits}f} to {rate.high:.{digits}f}"


def warnings_of(measurement: Measurement) -> Iterator[str]:
    """What keeps these figures from meaning what they seem to mean."""
    whole = measurement.whole
    if measurement.is_upside_down:
        yield 'It ranks real files above AI\'s: if that is how it counts, set `higher_means = "real"` in `[scale]`.'
    elif whole.area is not None and whole.area.low <= 0.5:
        yield "On these files it cannot be told from guessing: the interval of its AUC reaches 0.5."
    for point in whole.points:
        if not point.can_tell:
            yield f"What it finds at {percent(point.share, 0)} false accusations {point.words}."
    if measurement.one_sided >= _MUCH_ONE_SIDED:
        yield (
            f"{percent(measurement.one_sided, 0)} of the files lie in buckets of form and size in which all are AI's "
            "or none is: whether it knows AI, or only such files, these figures cannot tell."
        )
    if measurement.overlap:
        names = ", ".join(measurement.overlap)
        yield f"It was trained on files of {names}, too: expect less on generators that it has not seen."
    missing = sum(count for _slug, count in measurement.faults)
    if missing:
        reasons = ", ".join(f"{count:,} {slug}" for slug, count in measurement.faults)
        yield f"{missing:,} of {measurement.files:,} files have no score ({reasons}) and are left out of every figure."


def precision_sentences(measurement: Measurement) -> Iterator[str]:
    """What its figures mean where AI is rare."""
    for each in measurement.precisions:
        one_in = f"1 upload in {round(1 / each.prevalence):,}"
        right = f"{_of_thousand(each.right.value)} ({_of_thousand(each.right.low)} to {_of_thousand(each.right.high)})"
        called = f"of 1,000 files that it calls AI at {percent(each.share, 0)} false"
        yield f"Where AI made {one_in}, {called}, AI made {right}."


def cost_words(measurement: Measurement) -> str:
    """How long a file takes, or an empty text where every score was known."""
    if measurement.milliseconds_per_file is None:
        return ""
    seconds = measurement.milliseconds_per_file / 1000
    took = f"{seconds:,.1f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"
    return f"It took {took} a file in one process on this machine."


def _of_thousand(share: float) -> str:
    return f"{math.floor(1_000 * share + 0.5):,}"


def _counted(files: int, items: int) -> str:
    return f"{files:,}" if files == items else f"{files:,} of {items:,} items"
