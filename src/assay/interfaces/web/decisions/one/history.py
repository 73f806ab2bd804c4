"""What changed from one decision of an item to the next, by what the index knows of both. It reads no record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from assay.interfaces.look.markets import title_of
from assay.interfaces.stores.indexing.facts import ANY

# Above so many, markets are counted and not named.
_NAMED = 4
_REMEMBERED = 4_096
_RANK = {"": "not imposed", "yes": "certain", "unknown": "open"}


@dataclass(frozen=True, slots=True)
class Turn:
    """A measure that stands otherwise than before.

    before, after  `certain`, `open` or `not imposed`
    """

    measure: str
    before: str
    after: str
    markets: tuple[str, ...]

    @property
    def line(self) -> SafeString:
        """As a list shows it; a page of an item that turns all the time has hundreds, most of them alike."""
        return _line(self)


@lru_cache(_REMEMBERED)
def _line(turn: Turn) -> SafeString:
    where = f"{len(turn.markets)} markets" if len(turn.markets) > _NAMED else ", ".join(turn.markets)
    line = '<code>{}</code>: {} → {} <span class="muted">in {}</span>'
    return format_html(line, turn.measure, turn.before, turn.after, where)


def turns(before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]) -> tuple[Turn, ...]:
    """Measures that stand otherwise.

    before, after  by market, what was so only before, and what is so only after
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for market in sorted((before.keys() | after.keys()) - {ANY}):
        was, now = _truths(before.get(market, ())), _truths(after.get(market, ()))
        for measure in sorted(was.keys() | now.keys()):
            found.setdefault((measure, was.get(measure, ""), now.get(measure, "")), []).append(market)
    return tuple(
        Turn(measure, _RANK[one], _RANK[other], tuple(map(title_of, markets)))
        for (measure, one, other), markets in found.items()
    )


def _truths(facts: Iterable[str]) -> dict[str, str]:
    """From a measure to `yes` or `unknown`."""
    found = {}
    for fact in facts:
        kind, _, rest = fact.partition(":")
        if kind == "measure":
            measure, _, truth = rest.rpartition("=")
            found[measure] = truth
    return found
