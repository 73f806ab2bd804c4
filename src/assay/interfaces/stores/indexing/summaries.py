"""A decision in a line, as few bytes: names by number. It reads no record."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import accumulate, pairwise

_FIXED = 7


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list shows of a decision.

    everywhere, somewhere  measures that are certain in every market, and in some, by number of their name
    rules                  that are behind them
    question               the one to ask first
    waiting                measures that are open in some market
    """

    everywhere: tuple[int, ...]
    somewhere: tuple[int, ...]
    rules: tuple[int, ...]
    question: int
    waiting: int
    markets: int
    open_markets: int


def write_summary(summary: Summary) -> bytes:
    """As bytes."""
    lists = (summary.everywhere, summary.somewhere, summary.rules)
    sizes = [len(each) for each in lists]
    fixed = [summary.question, summary.waiting, summary.markets, summary.open_markets]
    return array("H", [*sizes, *fixed, *(number for each in lists for number in each)]).tobytes()


def read_summary(content: bytes) -> Summary:
    """From its bytes."""
    numbers = array("H")
    numbers.frombytes(content)
    ends = accumulate(numbers[:3], initial=_FIXED)
    everywhere, somewhere, rules = (tuple(numbers[begin:end]) for begin, end in pairwise(ends))
    return Summary(everywhere, somewhere, rules, numbers[3], numbers[4], numbers[5], numbers[6])
