"""A frame of `assay top` as the terminal shows it. It works nothing out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assay.interfaces.cli.running.watching.figures import Frame, Market
from assay.interfaces.cli.terminal import printable

_MOST_MARKETS = 12
_MOST_BRAKES = 5
_BAR = 24


def shown(frame: Frame, url: str) -> RenderableType:
    """The whole frame, the most urgent first."""
    parts: list[RenderableType] = [_head(frame, url)]
    urgent = list(_urgent(frame))
    if urgent:
        parts.append(Group(*urgent))
    parts.append(_table(("outcome", "a second", "share", ""), _outcome_rows(frame), "What is decided"))
    rows = (_market_row(market) for market in frame.markets[:_MOST_MARKETS])
    parts.append(_table(("market", "a second", "open", "outcomes"), rows, "Where"))
    if len(frame.markets) > _MOST_MARKETS:
        parts.append(Text(f"and {len(frame.markets) - _MOST_MARKETS} markets more", "dim"))
    parts.append(_table(("request", "a second", "p50", "p99", "failed"), _route_rows(frame), "How fast"))
    if frame.rejected:
        rejected = ((one.name, f"{one.per_second:,.1f}", _percent(one.share)) for one in frame.rejected)
        parts.append(_table(("refused for", "a second", "share"), rejected, "What is refused"))
    parts.append(_foot(frame))
    # A line between any two, or the end of one table reads as the title of the next.
    return Group(*(piece for part in parts for piece in (part, Text(""))))


def _head(frame: Frame, url: str) -> Text:
    text = Text(f"{printable(url)}  ", "bold")
    still = "" if frame.open_share is None else f" · {_percent(frame.open_share)} of decisions open"
    text.append(f"{frame.items_per_second:,.1f} items a second{still} · over {frame.seconds:.1f} s", "default")
    for bundle in frame.bundles:
        number = f" release {bundle['sequence']}" if bundle.get("sequence") else ""
        signer = f" by {bundle['signer']}" if bundle.get("signer") else ""
        name = f"{bundle.get('pack')} {bundle.get('version')} {str(bundle.get('digest'))[:19]}"
        text.append("\n" + printable(f"{bundle.get('role')}: {name}{number}{signer}"), "default")
    return text


def _urgent(frame: Frame) -> Iterable[Text]:
    for rule in frame.brakes[:_MOST_BRAKES]:
        yield Text(printable(f"● brake on {rule}: it falls back to review"), "bold red")
    if len(frame.brakes) > _MOST_BRAKES:
        yield Text(f"● and {len(frame.brakes) - _MOST_BRAKES} brakes more; `assay brake list` has them", "bold red")
    markets: dict[tuple[str, str], list[str]] = {}
    for alarm in frame.alarms:
        markets.setdefault((alarm.get("measure", ""), alarm.get("kind", "")), []).append(alarm.get("market", ""))
    for (measure, kind), names in sorted(markets.items()):
        words = f"the quota of {measure} is used up" if kind == "quota" else f"{measure} is {kind} its band"
        where = "" if kind == "quota" else f" in {', '.join(names)}"
        yield Text(printable(f"▲ {words}{where}"), "yellow")
    for note in frame.notes:
        yield Text(f"▲ {note}", "yellow")


def _outcome_rows(frame: Frame) -> Iterable[Sequence[str]]:
    for one in frame.outcomes:
        bar = "█" * max(1, round(one.share * _BAR))
        yield one.name, f"{one.per_second:,.1f}", _percent(one.share), bar


def _market_row(market: Market) -> Sequence[str]:
    outcomes = ", ".join(f"{one.name} {_percent(one.share)}" for one in market.outcomes[:4])
    still = "" if market.open_share is None else _percent(market.open_share)
    return market.name, f"{market.per_second:,.1f}", still, outcomes


def _route_rows(frame: Frame) -> Iterable[Sequence[str]]:
    for route in frame.routes:
        failed = _percent(route.failed) if route.failed else ""
        yield route.name, f"{route.per_second:,.1f}", _time(route.p50), _time(route.p99), failed


def _foot(frame: Frame) -> Text:
    said = []
    if frame.store:
        kept, waiting = frame.store["kept_per_second"], frame.store["waiting"]
        state = f"{kept:,.1f} records kept a second" if frame.store["healthy"] else "RECORDS CANNOT BE KEPT"
        said.append(f"{state}, {waiting:,.0f} wait")
    said += [f"{source}: {waiting:,.0f} wait" for source, waiting in sorted(frame.streams.items())]
    if frame.shadow_per_second:
        said.append(f"shadow differs {frame.shadow_per_second:,.1f} times a second")
    if frame.memory_bytes is not None:
        said.append(f"{frame.memory_bytes / 1e6:,.0f} MB")
    if frame.processor is not None:
        said.append(f"{frame.processor * 100:,.0f} % of a core")
    said.append(f"{frame.swaps:,.0f} swaps, {frame.refusals:,.0f} refused")
    return Text(printable(" · ".join(said)), "dim")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> RenderableType:
    found = list(rows)
    if not found:
        return Text(f"{title}: nothing in this time", "dim")
    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, show_edge=False, title=title, title_justify="left", title_style="bold"
    )
    for place, name in enumerate(header):
        right = name in ("a second", "share", "open", "p50", "p99", "failed")
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=place == 0)
    for row in found:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds:.2f} s"
