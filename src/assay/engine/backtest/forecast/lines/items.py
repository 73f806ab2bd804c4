"""The lines of a forecast about items: labels and views of what is removed. They count no decision twice."""

from __future__ import annotations

from assay.engine.backtest.estimate.design import Design
from assay.engine.backtest.estimate.totals import total
from assay.engine.backtest.forecast.foreseen import LABELLED, Foreseen
from assay.engine.backtest.forecast.lines.line import line
from assay.engine.backtest.forecast.wholes import whole_of
from assay.engine.backtest.rehearsal import ForecastLine


def item_lines(foreseen: Foreseen, design: Design) -> tuple[ForecastLine, ...]:
    """Items that carry a label."""
    cells, whole = foreseen.cells, whole_of(design, 1.0)
    found = (
        total(design, cells.domain(LABELLED, lambda old, new: float(old)), whole),
        total(design, cells.domain(LABELLED, lambda old, new: float(new)), whole),
        total(design, cells.domain(LABELLED, lambda old, new: float(new - old), signed=True), whole),
    )
    about = (
        "An item counts once, whichever label it carries in whichever markets; labels that are still open are left out."
    )
    return (line("labelled-items", "Items with a label", "items", found, (about,)),)


def view_lines(foreseen: Foreseen, design: Design) -> tuple[ForecastLine, ...]:
    """Views of items that the strongest lane takes away; nothing where the history has no views."""
    if not foreseen.has_views:
        return ()
    views, whole = foreseen.views, foreseen.views.domain("whole")
    found = (
        total(design, views.domain("old"), whole),
        total(design, views.domain("new"), whole),
        total(design, views.domain("change"), whole),
    )
    title = foreseen.lanes[-1].title
    about = [
        f"Views where an item is in the lane “{title}”: the most that acting before any view would have prevented.",
        "Items that were taken away when they came have fewer views in the history than they would have had.",
    ]
    if foreseen.unknown_views:
        about.append(
            f"{foreseen.unknown_views:,} times the views of a row in a market are not known and count as none."
        )
    return (line("removed-views", f"Views of items: {title.lower()}", "views", found, tuple(about)),)
