"""What the service answers, as values. A truth has three values here too, and none of them is a yes by accident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NoReturn

from assay.client.problems import Fault


class Truth(Enum):
    """Yes, no, or not known yet. It is compared, `is Truth.YES`; as a condition it is an error."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        raise TypeError("a truth has three values; write `is Truth.YES`, or `is not Truth.NO`")


@dataclass(frozen=True, slots=True)
class Step:
    """Where an item stands on a ladder: the strongest step that is certain, that is possible, and what is done now."""

    at_least: str
    at_most: str
    applied: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is decided in some markets, which are treated alike.

    markets        market classes by name; the bundle says which codes each holds
    measures       the truth of every measure
    applied        what is done now
    settled        whether nothing unknown would change what is done
    questions      signals whose answer may change it, the best to ask first
    fired          rules whose condition is true; `possible`, unknown
    by_exhaustion  measures that every possible answer decides alike, with that truth
    """

    markets: tuple[str, ...]
    measures: Mapping[str, Truth]
    applied: tuple[str, ...]
    settled: bool
    questions: tuple[str, ...]
    fired: tuple[str, ...]
    possible: tuple[str, ...]
    ladders: Mapping[str, Step]
    by_exhaustion: Mapping[str, Truth]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on an item, as its record has it; `record` is the record's own bytes, for whoever keeps them."""

    item: str
    bundle: str
    as_of: str
    outcomes: tuple[Outcome, ...]
    signals: Mapping[str, Any]
    reasons: Mapping[str, str] = field(default_factory=dict)
    resolved: Mapping[str, Any] = field(default_factory=dict)
    conflicts: Mapping[str, Any] = field(default_factory=dict)
    subject: str = "item"
    record: bytes = field(default=b"", repr=False)

    def outcome_in(self, market: str) -> Outcome:
        """The outcome in a market class, by its name.

        raises  KeyError where the decision is not about it
        """
        for outcome in self.outcomes:
            if market in outcome.markets:
                return outcome
        raise KeyError(market)


@dataclass(frozen=True, slots=True)
class BriefOutcome:
    """What is done now in some markets, and what is left to ask."""

    markets: tuple[str, ...]
    applied: tuple[str, ...]
    settled: bool
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A decision without its record; the service keeps the record in full all the same."""

    item: str
    bundle: str
    as_of: str
    outcomes: tuple[BriefOutcome, ...]


@dataclass(frozen=True, slots=True)
class LineProblem:
    """An item of a batch that was not decided; the others were.

    line  its number in the batch, from 1
    id    its id as far as that could be read
    """

    line: int
    id: str | None
    faults: tuple[Fault, ...]

    @property
    def slug(self) -> str:
        """What is wrong first of all."""
        return self.faults[0].slug


@dataclass(frozen=True, slots=True)
class Ask:
    """A signal whose answer may change what is done, and the rules that turn on it."""

    signal: str
    because: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenOutcome:
    """How it stands with an item in some markets: what is certain, what is open, what to ask, the best first."""

    markets: tuple[str, ...]
    settled: bool
    applied: tuple[str, ...] = ()
    certain: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    questions: tuple[Ask, ...] = ()
    expected_questions: float | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that answers a question, and what it says."""

    value: Any
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked about a signal."""

    text: str
    help: str | None = None
    type: str = ""
    unit: str | None = None
    values: tuple[Choice, ...] = ()
    seconds: float | None = None
    exposure: float | None = None


@dataclass(frozen=True, slots=True)
class Questions:
    """What is open of an item, market by market, and every question that is asked anywhere, by its signal."""

    item: str
    bundle: str
    as_of: str
    outcomes: tuple[OpenOutcome, ...]
    questions: Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class BundleInUse:
    """A bundle that decides, or looks on; `brakes` are the rules that were braked."""

    digest: str
    pack: str = ""
    version: str = ""
    signer: str | None = None
    sequence: int | None = None
    share: float = 1.0
    base: str | None = None
    brakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundles:
    """The bundles in use, and how it stands with where they come from."""

    current: BundleInUse
    staged: BundleInUse | None = None
    shadow: BundleInUse | None = None
    swaps: int = 0
    refused: int = 0
    last_fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the service can decide, why not, and what else somebody should know."""

    ready: bool
    reasons: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a file: evidence, and the assertions that it comes to, ready to be given with an item."""

    digest: str | None = None
    container: str | None = None
    modality: str | None = None
    integrity: str | None = None
    evidence: tuple[Mapping[str, Any], ...] = ()
    assertions: tuple[Mapping[str, Any], ...] = ()
    faults: tuple[Fault, ...] = ()
    scanners: tuple[Mapping[str, Any], ...] = ()
    deep: bool = False
