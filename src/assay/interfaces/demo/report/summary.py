"""Counts what was decided, over all files and by market. It never weighs one file against another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.detection.evidence import Kind
from assay.interfaces.demo.report.contents import Contents, MarketText
from assay.interfaces.demo.report.view import Deed, OutcomeView

KINDS = ("gone", "limited", "label", "none")


@dataclass(frozen=True, slots=True)
class MarketCount:
    """How many files end how in one market; a file counts once, under the strongest thing done to it."""

    market: MarketText
    gone: int
    limited: int
    label: int
    none: int
    open: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures on top of the page.

    settled    files that are settled in every market
    open       files that are open in a market or more
    conflicts  files where equals contradict each other
    known      files that a bank of known items has, or has one like
    """

    files: int
    settled: int
    open: int
    conflicts: int
    told_apart: int
    known: int
    markets: tuple[MarketCount, ...]


def summarise(contents: Contents, outcomes: Sequence[tuple[OutcomeView, ...]]) -> Summary:
    """The figures for all files; `outcomes` are theirs, in the same order."""
    settled = sum(all(outcome.settled for outcome in each) for each in outcomes)
    return Summary(
        files=len(outcomes),
        settled=settled,
        open=len(outcomes) - settled,
        conflicts=sum(bool(file.record["conflicts"]) for file in contents.files),
        told_apart=sum(len({outcome.deeds for outcome in each}) > 1 for each in outcomes),
        known=sum(any(row.kind == Kind.COPY.value for row in file.evidence) for file in contents.files),
        markets=tuple(_count(market, outcomes) for market in contents.markets),
    )


def strongest(deeds: Sequence[Deed]) -> str:
    """The strongest kind of thing done for a viewer to notice, or `none`."""
    kinds = {deed.kind for deed in deeds}
    return next((kind for kind in KINDS if kind in kinds), "none")


def _count(market: MarketText, outcomes: Sequence[tuple[OutcomeView, ...]]) -> MarketCount:
    # A class from which an item splits a single market is named by both, so a file is found by its class's name.
    here = [next((one for one in each if market.name in one.codes), each[0]) for each in outcomes]
    kinds = [strongest(outcome.deeds) for outcome in here]
    counts = {kind: kinds.count(kind) for kind in KINDS}
    return MarketCount(market, **counts, open=sum(not outcome.settled for outcome in here))
