"""Decisions as one market has them, by whatever name their bundle calls it. It shows nothing of any other.

A decision is made for classes of markets: Germany may stand in it as `DE`, in `EU` or in `rest`, as the rules of its
bundle tell markets apart. Where the bundle is not kept here, only the market's own code is certain to be it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assay.engine.language.pack.classes import market_classes
from assay.interfaces.stores.indexing.facts import HERE
from assay.interfaces.stores.indexing.reading.index import Found, IndexReader
from assay.interfaces.stores.indexing.reading.wanted import Listed, Wanted
from assay.interfaces.stores.indexing.reading.within import as_in_market
from assay.interfaces.web.bundles.kept import pack_of_digest
from assay.interfaces.web.bundles.queries import bundle_settings

_END = 1 << 62
_classes: dict[str, Mapping[str, str]] = {}


def names_in(bundle: str, market: str) -> tuple[str, ...]:
    """What a decision by a bundle may call a market, its own code first."""
    name = _classes_of(bundle).get(market, market)
    return (market,) if name == market else (market, name)


class MarketView:
    """An index as one market has it."""

    def __init__(self, index: IndexReader, market: str) -> None:
        self._index, self.market = index, market
        bundles = index.choices().bundles
        self._names = tuple(dict.fromkeys([market, *(name for each in bundles for name in names_in(each, market))]))

    def rows(self, rows: Iterable[Listed], wanted: Wanted | None = None) -> Iterator[tuple[Listed, frozenset[str]]]:
        """Decisions with what is so of each in the market; those that were not made for it are left out.

        wanted  leaves out also those of which what it asks of a market is not so there
        """
        read = {name: self._index.facts_in(name) for name in self._names}
        asked = frozenset(wanted.in_market if wanted is not None else ())
        for row in rows:
            for name in names_in(row.bundle, self.market):
                facts = read[name].of(row.number) if name in read else frozenset()
                if HERE in facts:
                    found = as_in_market(row, facts)
                    if found is not None and asked <= facts:
                        yield found, facts
                    break

    def find(self, wanted: Wanted, *, begin: int | None = None, upwards: bool = False, most: int = 50) -> Found:
        """Decisions behind a row, the nearest first, as `IndexReader.find` has them."""
        found: list[Listed] = []
        while True:
            several = [
                self._index.find(replace(wanted, market=name), begin=begin, upwards=upwards, most=most)
                for name in self._names
            ]
            near = min if upwards else max
            end = _END if upwards else -1
            stopped = near([end, *(each.stopped for each in several if each.stopped is not None)])
            # Behind the last row of a look that found enough there may be more that it did not come to.
            full = near([end, *(each.rows[-1].number for each in several if len(each.rows) >= most)])
            known = near(stopped, full)
            rows = {row.number: row for each in several for row in each.rows}
            inside = [rows[number] for number in sorted(rows, reverse=not upwards) if near(number, known) == number]
            found += [row for row, _ in self.rows(inside, wanted)]
            if len(found) >= most or known == end:
                return Found(found[:most])
            if known != full:
                return Found(found, known)
            begin = known

    def numbers(self, wanted: Wanted, most: int) -> tuple[int, ...]:
        """The rows of decisions that may be wanted, the newest first; `rows` says of which it is so."""
        several = [self._index.numbers(replace(wanted, market=name), most) for name in self._names]
        return tuple(sorted({number for each in several for number in each}, reverse=True)[:most])


def _classes_of(bundle: str) -> Mapping[str, str]:
    """From a market's code to the class that a bundle puts it in; empty where the bundle is not kept here."""
    found = _classes.get(bundle)
    if found is None:
        pack = pack_of_digest(bundle, bundle_settings()) if bundle else None
        if pack is None:
            return {}
        # A bundle is named by its content, so that what was worked out of it holds.
        found = _classes[bundle] = {code: each.name for each in market_classes(pack) for code in each.codes}
    return found
