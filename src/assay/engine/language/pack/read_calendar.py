"""`calendar.yaml` to windows. It collects every fault and keeps what can be kept."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.markets import Markets
from assay.engine.language.document.fields import Fields
from assay.engine.language.document.yaml_tree import Mapping
from assay.engine.language.pack.calendar import Window
from assay.engine.language.pack.promises.obligations import CONFIDENCES
from assay.engine.language.problems.dates import effective_after_sunset
from assay.engine.language.problems.rules import unknown_market
from assay.engine.language.problems.writing import bad_value, missing_key

_WINDOW = ("id", "kind", "markets", "phase", "from", "until", "poll", "source", "confidence", "note")


def read_windows(node: Mapping, markets: Markets, problems: list[Diagnostic]) -> tuple[Window, ...]:
    """The windows below `windows:`; one whose dates or markets make no sense is reported and left out."""
    top = Fields(node, "calendar.yaml", ("windows",), problems)
    windows = []
    for below in top.items("windows"):
        if not isinstance(below, Mapping):
            problems.append(bad_value.report("a window holds keys and values", below.span))
            continue
        fields = Fields(below, "this window", _WINDOW, problems)
        start, until = fields.instant("from"), fields.instant("until")
        for key, instant in (("from", start), ("until", until)):
            if instant is None and fields.node.get(key) is None:
                problems.append(missing_key.report(key, "this window", below.span))
        if start is not None and until is not None and start >= until:
            problems.append(effective_after_sunset.report("from", "until", fields.place("from")))
        windows.append(
            Window(
                id=fields.text("id", required=True),
                kind=fields.text("kind", required=True),
                markets=_reach(fields, markets, problems),
                phase=fields.text("phase", required=True),
                start=start or 0,
                until=until or 0,
                poll=fields.instant("poll"),
                source=fields.text("source", required=True),
                confidence=fields.one_of("confidence", CONFIDENCES, "unverified", required=True),
                span=below.span,
            )
        )
    return tuple(windows)


def _reach(fields: Fields, markets: Markets, problems: list[Diagnostic]) -> frozenset[str]:
    reached: frozenset[str] = frozenset()
    for named in fields.names("markets", required=True):
        if not markets.knows(named.name):
            problems.append(unknown_market.report(named.name, markets.codes | set(markets.groups), named.span))
        else:
            reached |= markets.reach(named.name)
    return reached
