"""Renders clusters of near-duplicates and their spread as one HTML page. It shows no picture that it is not given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assay.interfaces.copying.report import Report, Told
from assay.interfaces.look.page import environment_of, footer_of, style_of

PACKAGE = "assay.interfaces.copying.page"
# Of a cluster of thousands, the first members show what it is; all of them are in the JSON form.
MEMBERS = 24
_BAR_HEIGHT = 40.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a drawing 240 wide: its left edge, top and height."""

    left: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster as a card.

    sentence  what it is and how far it has spread
    bars      its growth from first to last, or nothing where no times are known
    growth    the last day against the one before, in words
    """

    told: Told
    anchor: str
    sentence: str
    width: str
    reach: str
    growth: str
    members: tuple[str, ...]
    more: int
    bars: tuple[Bar, ...]
    span: tuple[str, str]
    picture: str | None


def render_clusters(report: Report, *, limit: int, pictures: Mapping[str, str]) -> str:
    """The whole page.

    limit     how many clusters, the largest first
    pictures  data addresses of small, grey, blurred pictures by the name of the item, where they were asked for
    """
    template = environment_of(PACKAGE).get_template("clusters.html")
    shown = report.clusters[:limit]
    return template.render(
        report=report,
        clusters=tuple(_view(each, report, pictures.get(each.medoid)) for each in shown),
        hidden=len(report.clusters) - len(shown),
        grouped=sum(len(each.members) for each in report.clusters),
        chained=sum(each.cluster.is_chained for each in report.clusters),
        style=style_of(PACKAGE),
        footer=footer_of(f"Near-duplicates · {report.name} · {report.items} items"),
    )


def moment(at: datetime) -> str:
    """`2026-11-20 14:05 UTC`."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _view(told: Told, report: Report, picture: str | None) -> ClusterView:
    spread, cluster, closeness = told.spread, told.cluster, report.closeness
    span = (moment(spread.first), moment(spread.last)) if spread.first and spread.last else ("", "")
    return ClusterView(
        told=told,
        anchor=f"cluster-{told.number}",
        sentence=_sentence(told),
        width=closeness.told(cluster.diameter),
        reach=closeness.told(cluster.reach),
        growth=_growth(told),
        members=told.members[:MEMBERS],
        more=max(0, len(told.members) - MEMBERS),
        bars=_bars(spread.bars),
        span=span,
        picture=picture,
    )


def _sentence(told: Told) -> str:
    spread = told.spread
    words = f"{spread.items:,} near-duplicates"
    if spread.accounts:
        words += f" from {_counted(len(spread.accounts), 'account')}"
    if len(spread.surfaces) > 1:
        words += f" on {len(spread.surfaces)} surfaces"
    if spread.first is not None and spread.last is not None and spread.first != spread.last:
        hours = (spread.last - spread.first).total_seconds() / 3600
        words += f" within {_counted(round(hours), 'hour') if hours < 48 else _counted(round(hours / 24), 'day')}"
    return words


def _growth(told: Told) -> str:
    spread = told.spread
    if spread.per_day is None:
        return ""
    return (
        f"{spread.last_day:,} in the last 24 hours of it, {spread.day_before:,} in the 24 before; "
        f"at most {spread.busiest_hour:,} within one hour; {spread.per_day:,.1f} a day over all"
    )


def _counted(number: int, one: str) -> str:
    return f"{max(number, 1):,} {one if number <= 1 else one + 's'}"


def _bars(counts: tuple[int, ...]) -> tuple[Bar, ...]:
    most = max(counts, default=0)
    heights = [round(_BAR_HEIGHT * count / most, 1) if most else 0.0 for count in counts]
    return tuple(Bar(10.0 * place + 1, round(_BAR_HEIGHT - height, 1), height) for place, height in enumerate(heights))
