"""The shapes of answers that are no records, for encoding and for OpenAPI. They hold no item."""

from __future__ import annotations

from typing import Annotated

import msgspec

# What an operator writes in a call; `read_texts` holds it to the same bounds.
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that is wrong, or worth knowing."""

    slug: str
    reason: str
    field: str | None = None


class ProblemShape(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """Why a request is not answered as asked (RFC 9457)."""

    kind: str
    title: str
    status: int
    detail: str
    slug: str
    faults: list[Reason]
    request: str


class MinimalOutcome(msgspec.Struct, frozen=True):
    """What is done in some markets, and what to ask there."""

    applied: list[str]
    markets: list[str]
    questions: list[str]
    settled: bool


class MinimalDecision(msgspec.Struct, frozen=True):
    """The short form of a decision, for `Prefer: return=minimal`."""

    as_of: str
    bundle: str
    item: str
    outcomes: list[MinimalOutcome]


class AnswerValue(msgspec.Struct, frozen=True):
    """A value that a question may be answered with."""

    value: bool | str
    phrase: str


class Question(msgspec.Struct, frozen=True):
    """A signal as a person is asked for it."""

    text: str
    help: str
    type: str
    values: list[AnswerValue]
    seconds: float
    exposure: int
    by_market: bool
    unit: str | None
    minimum: float | None
    maximum: float | None


class Because(msgspec.Struct, frozen=True):
    """An open rule that a question turns on."""

    rule: str
    severity: str


class Next(msgspec.Struct, frozen=True):
    """A question to ask, by its signal, and the rules it is asked for, the most severe first."""

    signal: str
    because: list[Because]


class OpenOutcome(msgspec.Struct, frozen=True):
    """What is certain and what is open in some markets; the question to ask first comes first."""

    markets: list[str]
    settled: bool
    applied: list[str]
    certain: list[str]
    open: list[str]
    questions: list[Next]
    expected_questions: float | None


class QuestionsAnswer(msgspec.Struct, frozen=True):
    """What an item should be asked next. Nothing of it is recorded."""

    item: str
    bundle: str
    as_of: str
    outcomes: list[OpenOutcome]
    questions: dict[str, Question]


class Brake(msgspec.Struct, frozen=True):
    """A brake that is on: measures of a rule fall back to review until a person releases it."""

    rule: str
    measures: list[str]
    why: str
    since: str


class BundleShape(msgspec.Struct, frozen=True):
    """A bundle in use. `base` is the bundle that brakes were put on."""

    digest: str
    pack: str
    version: str
    signer: str | None
    sequence: int | None
    share: float
    base: str | None
    brakes: list[Brake]


class PinShape(msgspec.Struct, frozen=True):
    """A rollback: `digest` decides instead of `over` until somebody unpins it."""

    digest: str
    over: str
    by: str
    since: str


class DifferenceShape(msgspec.Struct, frozen=True):
    """What the shadow bundle says otherwise: of a `rule` or a `measure`, in a market class, for how many items."""

    kind: str
    name: str
    market: str
    before: str
    after: str
    items: int


class ShadowShape(msgspec.Struct, frozen=True):
    """How often the shadow bundle looked, and what it would have said otherwise."""

    bundle: str | None
    items: int
    differing: int
    failures: dict[str, int]
    differences: list[DifferenceShape]


class BundleAnswer(msgspec.Struct, frozen=True):
    """The bundles in use, and how it stands with where they come from.

    `from_state` says that they are what was kept, since nothing usable has come since the start.
    """

    current: BundleShape
    staged: BundleShape | None
    shadow: BundleShape | None
    shadow_counts: ShadowShape | None
    swaps: int
    refused: int
    last_fault: Reason | None
    last_polled: str | None
    pinned: PinShape | None
    from_state: bool


class AlarmShape(msgspec.Struct, frozen=True):
    """A measure that is `above` or `below` its band in a market, or over its `quota`; `rules` have brakes for it."""

    measure: str
    market: str
    kind: str
    words: str
    since: str
    rules: list[str]


class BrakesAnswer(msgspec.Struct, frozen=True):
    """The brakes that are on, and the alarms that stand."""

    brakes: list[Brake]
    alarms: list[AlarmShape]


class StoreShape(msgspec.Struct, frozen=True):
    """How the record store does."""

    kind: str
    healthy: bool
    kept: int
    waiting_entries: int
    waiting_bytes: int


class Ready(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether requests are answered. `bundle` and `store` are for callers with a token."""

    ready: bool
    reasons: list[Reason] = []
    notes: list[Reason] = []
    bundle: BundleShape | None = None
    store: StoreShape | None = None


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    alive: bool


class Rollback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who goes back to the former bundle, or follows the channel again, and why."""

    by: ShortText
    reason: ShortText


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which brake is released, and by whom."""

    rule: ShortText
    by: ShortText
