"""What a record says that may be looked for: names of facts, each in a market or anywhere. It decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Literal, TypeAlias

import msgspec

from assay.engine.decision.record import SCHEMA
from assay.engine.kernel.instants import parse_instant

Truth: TypeAlias = Literal["yes", "unknown"]
# The name of a fact that is so of a decision as a whole stands under this market.
ANY = ""
OPEN, SETTLED, HERE, NO_RECORD = "open", "settled", "here", "no-record"


class _Outcome(msgspec.Struct):
    markets: msgspec.Raw
    measures: msgspec.Raw
    fired: list[str]
    possible: list[str]
    questions: list[str]
    settled: bool


class _Record(msgspec.Struct):
    as_of: str
    bundle: str
    item: str
    schema: str
    outcomes: list[_Outcome]


_DECODER = msgspec.json.Decoder(_Record)
# The same markets and the same measures come again and again: what was read of a text is remembered.
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says.

    as_of       the instant of the decision, or None where it says none
    anywhere    facts of the decision as a whole
    by_market   groups of markets with the facts that are so in each of them; the same objects come again
    everywhere  measures that are certain in every market; `somewhere` in some
    waiting     how many measures are open in some market
    rules       behind what is certain
    question    the one to ask first, or empty
    """

    as_of: int | None
    bundle: str
    anywhere: Sequence[str]
    by_market: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
    everywhere: Sequence[str] = ()
    somewhere: Sequence[str] = ()
    rules: Sequence[str] = ()
    waiting: int = 0
    question: str = ""
    markets: int = 0
    open_markets: int = 0


_NONE = Said(None, "", (NO_RECORD,), ())


@dataclass(frozen=True, slots=True)
class _Measures:
    """The measures of an outcome, and the facts of a market in which it is settled, or open."""

    yes: frozenset[str]
    unknown: frozenset[str]
    settled: tuple[str, ...]
    open: tuple[str, ...]


@lru_cache(_MOST_REMEMBERED)
def _measures(content: bytes) -> _Measures:
    truths = msgspec.json.decode(content, type=dict[str, str])
    yes = frozenset(name for name, truth in truths.items() if truth == "yes")
    unknown = frozenset(name for name, truth in truths.items() if truth == "unknown")
    facts = (*(f"measure:{name}=yes" for name in yes), *(f"measure:{name}=unknown" for name in unknown))
    return _Measures(yes, unknown, (*facts, HERE, SETTLED), (*facts, HERE, OPEN))


@lru_cache(_MOST_REMEMBERED)
def _markets(content: bytes) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(content, type=list[str]))


def measure_fact(measure: str, truth: Truth) -> str:
    """A measure is certain or open."""
    return f"measure:{measure}={truth}"


def rule_fact(rule: str, truth: Truth) -> str:
    """A rule holds, or may hold."""
    return f"rule:{rule}={truth}"


def bundle_fact(digest: str) -> str:
    """A bundle decided."""
    return f"bundle:{digest}"


def said_by(record: bytes) -> Said:
    """What a record says; of what is no decision record, only that it is none."""
    try:
        found = _DECODER.decode(record)
        outcomes = [(one, _markets(bytes(one.markets)), _measures(bytes(one.measures))) for one in found.outcomes]
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _NONE
    if found.schema != SCHEMA:
        return _NONE
    measured = [measures for _, _, measures in outcomes]
    true = frozenset[str]().union(*(measures.yes for measures in measured))
    unknown = frozenset[str]().union(*(measures.unknown for measures in measured))
    everywhere = frozenset.intersection(*(measures.yes for measures in measured)) if measured else frozenset()
    waiting = [(one, names) for one, names, _ in outcomes if not one.settled]
    question = next((one.questions[0] for one, _ in waiting if one.questions), "")
    fired = dict.fromkeys(chain.from_iterable(one.fired for one in found.outcomes))
    possible = dict.fromkeys(chain.from_iterable(one.possible for one in found.outcomes))
    anywhere = [f"measure:{name}=yes" for name in true]
    anywhere += [f"measure:{name}=unknown" for name in unknown]
    anywhere += [f"rule:{name}=yes" for name in fired]
    anywhere += [f"rule:{name}=unknown" for name in possible]
    anywhere += [OPEN if waiting else SETTLED, f"bundle:{found.bundle}"]
    anywhere += [f"asks:{question}"] if question else []
    return Said(
        as_of=parse_instant(found.as_of),
        bundle=found.bundle,
        anywhere=anywhere,
        by_market=[(names, said.settled if one.settled else said.open) for one, names, said in outcomes],
        everywhere=sorted(everywhere),
        somewhere=sorted(true - everywhere),
        rules=list(fired),
        waiting=len(unknown),
        question=question,
        markets=sum(len(names) for _, names, _ in outcomes),
        open_markets=sum(len(names) for _, names in waiting),
    )
