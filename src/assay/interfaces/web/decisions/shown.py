"""A decision in a line of the list, in a file, and filters in words. It reads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from assay.governance.office.exporting import Columns
from assay.interfaces.look.markets import title_of
from assay.interfaces.stores.indexing.reading.wanted import Choices, Listed
from assay.interfaces.web.decisions.filters import Filters
from assay.interfaces.web.decisions.one.view import moment_of
from assay.interfaces.web.decisions.wording import shown
from assay.interfaces.web.look.badges import measure_manner, measure_words

_MOST_MEASURES = 3
_WEIGHTS = {"gone": 0, "held": 1, "label": 2, "duty": 3}
_WORDS: Mapping[str, str] = {
    "item": "Item",
    "market": "Market",
    "measure": "Measure",
    "truth": "Measure is",
    "rule": "Rule",
    "rule_truth": "Rule",
    "bundle": "Bundle",
    "state": "State",
    "from": "From",
    "until": "Until",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A decision in a line.

    measures  certain ones, what takes away first, each with where if not in every market; `more` how many others
    bundle    its version, or its digest where it is not kept here
    """

    listed: Listed
    item: str
    kept: datetime
    measures: tuple[tuple[str, str], ...]
    more: int
    bundle: str
    url: str
    bundle_url: str
    open_words: str


def rows_of(listing: Iterable[Listed], versions: Mapping[str, str], market: str = "") -> list[Row]:
    """The lines of the list.

    versions  of bundles that are kept here, by digest
    market    the one that a decision is looked at in; empty is every one
    """
    # Looked up once: for every line it would cost more than making the line.
    here, bundles = reverse("decisions:list"), reverse("bundles:list")
    asked = f"?{urlencode({'market': market})}" if market else ""
    return [_row(each, here, bundles, versions, asked) for each in listing]


def _row(listed: Listed, here: str, bundles: str, versions: Mapping[str, str], asked: str) -> Row:
    certain = [(name, True) for name in listed.everywhere] + [(name, False) for name in listed.somewhere]
    certain.sort(key=lambda pair: (_WEIGHTS.get(measure_manner(pair[0])[0], 9), not pair[1], pair[0]))
    return Row(
        listed=listed,
        item=shown(listed.item, 80),
        kept=moment_of(listed.kept),
        measures=tuple((name, "" if everywhere else "some markets") for name, everywhere in certain[:_MOST_MEASURES]),
        more=max(0, len(certain) - _MOST_MEASURES),
        bundle=versions.get(listed.bundle) or listed.bundle[7:15],
        url=f"{here}{listed.key}/{asked}",
        bundle_url=f"{bundles}{listed.bundle}/" if listed.bundle else "",
        open_words="" if listed.settled else _open_words(listed),
    )


def _open_words(listed: Listed) -> str:
    # In one market it is open or it is not.
    return "Open" if listed.markets == 1 else f"{listed.open_markets} of {listed.markets} markets"


def words_of(markets: Iterable[str] | None) -> str:
    """Markets in words: `Brazil and India`; empty where they are every one."""
    titles = [title_of(code) for code in markets or ()]
    return " and ".join([", ".join(titles[:-1]), titles[-1]]) if len(titles) > 1 else "".join(titles)


def market_links(markets: Iterable[str] | None, now: str) -> tuple[tuple[str, str], ...]:
    """The other markets in which somebody may look at the same: code and title."""
    return tuple((code, title_of(code)) for code in markets or () if now and code != now)


def chips_of(filters: Filters, narrowed: str = "") -> Mapping[str, str]:
    """The filters in force that can be taken off, by name in the address, in words.

    narrowed  the market that cannot: the only one that somebody may look at just now
    """
    return {name: _WORDS[name] for name in filters.given if not narrowed or name != "market"}


def choices_of(choices: Choices, given: Mapping[str, str], titles: Mapping[str, str]) -> Mapping[str, SafeString]:
    """What can be chosen in the filters, by their names, as options of a page.

    titles  what the pack calls its measures
    """
    markets = sorted(((code, title_of(code)) for code in choices.markets), key=lambda pair: pair[1])
    pairs = {
        "market": tuple(markets),
        "measure": tuple((name, titles.get(name) or measure_words(name)) for name in choices.measures),
        "rule": tuple((name, name) for name in choices.rules),
        "bundle": tuple((name, name[7:19]) for name in choices.bundles),
    }
    return {name: _options(some, given.get(name, "")) for name, some in pairs.items()}


@lru_cache(64)
def _options(pairs: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Options of a choice. There are hundreds, the same on every page, so that they are made once."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if value == chosen else "", words) for value, words in pairs),
    )


COLUMNS: Columns[Listed] = {
    "decision": lambda row: row.key,
    "kept": lambda row: moment_of(row.kept),
    "as_of": lambda row: None if row.as_of is None else moment_of(row.as_of),
    "item": lambda row: row.item,
    "bundle": lambda row: row.bundle,
    "certain_in_every_market": lambda row: list(row.everywhere),
    "certain_in_some_markets": lambda row: list(row.somewhere),
    "rules": lambda row: list(row.rules),
    "open_measures": lambda row: row.waiting,
    "next_question": lambda row: row.question or None,
    "markets": lambda row: row.markets,
    "open_markets": lambda row: row.open_markets,
}


def columns_of(market: str) -> Columns[Listed]:
    """The columns of a file, for one market or, where it is empty, for all of them together."""
    if not market:
        return COLUMNS
    same = {name: COLUMNS[name] for name in ("decision", "kept", "as_of", "item", "bundle")}
    return {
        **same,
        "market": lambda row: market,
        "certain": lambda row: list(row.everywhere),
        "open_measures": lambda row: row.waiting,
        "settled": lambda row: row.settled,
    }
