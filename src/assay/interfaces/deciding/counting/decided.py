"""The tally as samples of metrics: which table gives which name. It counts nothing itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assay.interfaces.deciding.counting.sources import Sample
from assay.interfaces.deciding.counting.tally import Tally, Totals


def decided_samples(tally: Tally) -> Iterator[Sample]:
    """What was decided since the start. Only what happened at least once has a sample."""
    found: dict[tuple[str, tuple[str, ...]], float] = defaultdict(float)
    for totals in tally.totals():
        # Bundles of other layouts share names: the same rule is one line, whichever of them it stood in.
        for name, labels, value in _tables(totals):
            found[name, labels] += value
    for (name, labels), value in found.items():
        yield name, labels, value
    for digest, items in tally.by_bundle().items():
        yield "assay_bundle_items", (digest,), items


def _tables(totals: Totals) -> Iterator[Sample]:
    layout = totals.layout
    yield "assay_items", (), totals.items
    for place, market in enumerate(layout.classes):
        row, decided = totals.by_class[place], int(totals.decided[place])
        if decided:
            yield from _outcomes(totals, place)
            yield "assay_decisions_open", (market,), decided - int(row[layout.settled])
            yield from _named("assay_measures_applied", market, layout.measures, row[layout.applied])
            yield from _named("assay_rules_true", market, layout.rules, row[layout.true])
            yield from _named("assay_rules_open", market, layout.rules, row[layout.open])
    anywhere = totals.any_market[layout.applied]
    for place, count in enumerate(anywhere.tolist()):
        if count:
            yield "assay_measure_items", (layout.measures[place],), count


def _outcomes(totals: Totals, place: int) -> Iterator[Sample]:
    """How many decisions of a market class came to each step of the first ladder, and to none of them."""
    layout = totals.layout
    applied, left = totals.by_class[place][layout.applied], int(totals.decided[place])
    for step in layout.steps:
        count = int(applied[step])
        left -= count
        if count:
            yield "assay_decisions", (layout.classes[place], layout.measures[step]), count
    yield "assay_decisions", (layout.classes[place], layout.base), left


def _named(name: str, market: str, labels: Sequence[str], counts: NDArray[np.int64]) -> Iterator[Sample]:
    for label, count in zip(labels, counts.tolist(), strict=True):
        if count:
            yield name, (market, label), count
