"""Orders what a page shows: what is decided where, what is open, which rule speaks. It never writes HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.interfaces.demo.report.contents import (
    Contents,
    LadderText,
    MeasureText,
    Question,
    Record,
    ReportedFile,
    RuleText,
)

VISIBILITY = "visibility"
_GONE = frozenset({"removed", "blocked"})


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done now. `kind` is `gone`, `limited`, `label` or `other`, in that order of strength."""

    measure: MeasureText
    kind: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a ladder: `certain` is reached whatever comes, `possible` may be reached, `out` is not."""

    measure: MeasureText
    state: str
    now: bool


@dataclass(frozen=True, slots=True)
class LadderView:
    """A ladder with the bounds that are known."""

    ladder: LadderText
    steps: tuple[Step, ...]
    certain: MeasureText
    possible: MeasureText
    now: MeasureText


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What is decided in some markets.

    where    the markets in words; empty until outcomes that look alike are put together
    codes    the market classes by name
    certain, possible, out   measures that are imposed, open, not imposed
    """

    where: str
    codes: tuple[str, ...]
    settled: bool
    deeds: tuple[Deed, ...]
    certain: tuple[MeasureText, ...]
    possible: tuple[MeasureText, ...]
    out: tuple[MeasureText, ...]
    ladders: tuple[LadderView, ...]
    questions: tuple[Question, ...]
    by_exhaustion: tuple[MeasureText, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule that speaks in a decision, and where it holds for certain and where it may hold."""

    rule: RuleText
    holds: str
    may_hold: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the overview: markets that do the same now, whether all is settled there, what is asked next."""

    where: str
    settled: bool
    deeds: tuple[Deed, ...]


def outcomes_of(file: ReportedFile, contents: Contents) -> tuple[OutcomeView, ...]:
    """Every outcome of a file, the one that reaches most markets first."""
    size = {market.name: market.size for market in contents.markets}
    # Outcomes may differ in rules that change nothing for these markets; what looks alike is shown once.
    alike: dict[OutcomeView, list[str]] = {}
    for outcome in file.record["outcomes"]:
        alike.setdefault(_outcome(outcome, contents), []).extend(outcome["markets"])
    views = [replace(view, where=where(codes, contents), codes=tuple(codes)) for view, codes in alike.items()]
    return tuple(sorted(views, key=lambda view: -sum(size.get(code, 1) for code in view.codes)))


def rows_of(outcomes: Iterable[OutcomeView], contents: Contents) -> tuple[Row, ...]:
    """The overview's lines for one file: outcomes that do the same now are one line."""
    alike: dict[tuple[tuple[Deed, ...], bool], list[str]] = {}
    for outcome in outcomes:
        alike.setdefault((outcome.deeds, outcome.settled), []).extend(outcome.codes)
    return tuple(Row(where(codes, contents), settled, deeds) for (deeds, settled), codes in alike.items())


def rules_of(record: Record, contents: Contents) -> tuple[RuleView, ...]:
    """Every rule that holds or may hold somewhere; those that hold come first."""
    holding: dict[str, list[str]] = {}
    possible: dict[str, list[str]] = {}
    for outcome in record["outcomes"]:
        for refs, found in ((outcome["fired"], holding), (outcome["possible"], possible)):
            for ref in refs:
                found.setdefault(ref, []).extend(outcome["markets"])
    return tuple(
        RuleView(
            contents.rules[ref],
            where(holding[ref], contents) if ref in holding else "",
            where(possible[ref], contents) if ref in possible else "",
        )
        for ref in dict.fromkeys((*holding, *possible))
    )


def where(codes: Sequence[str], contents: Contents) -> str:
    """Market classes in words: everywhere, everywhere but a few, or a list."""
    titles = {market.name: market.title for market in contents.markets}
    named = set(codes)
    missing = [market for market in contents.markets if market.name not in named]
    if not missing:
        return "Everywhere"
    # The largest class is all that no rule tells apart; with it, the exceptions are the shorter list.
    if contents.markets[-1].name in named and len(missing) <= 4:
        return "Everywhere but " + _listed([market.title for market in missing])
    ordered = [market.name for market in contents.markets if market.name in named]
    # An item may be told apart within a class: such a market has no title of its own.
    ordered += sorted(named - titles.keys())
    text = _listed([titles.get(name, name) for name in ordered])
    return text[0].upper() + text[1:]


def _listed(words: Sequence[str]) -> str:
    small = [word[0].lower() + word[1:] if word.startswith("Everywhere") else word for word in words]
    return small[0] if len(small) == 1 else f"{', '.join(small[:-1])} and {small[-1]}"


def _outcome(outcome: Mapping[str, object], contents: Contents) -> OutcomeView:
    record: Record = outcome
    by_truth: dict[str, list[MeasureText]] = {"yes": [], "unknown": [], "no": []}
    for name, truth in record["measures"].items():
        by_truth[truth].append(contents.measures[name])
    return OutcomeView(
        where="",
        codes=(),
        settled=record["settled"],
        deeds=_deeds(record, contents),
        certain=tuple(by_truth["yes"]),
        possible=tuple(by_truth["unknown"]),
        out=tuple(by_truth["no"]),
        ladders=tuple(_ladder(ladder, record) for ladder in contents.ladders),
        questions=tuple(contents.questions[name] for name in record["questions"]),
        by_exhaustion=tuple(contents.measures[name] for name in record["by_exhaustion"]),
    )


def _deeds(record: Record, contents: Contents) -> tuple[Deed, ...]:
    steps = {step.id for ladder in contents.ladders for step in ladder.steps}
    deeds = [Deed(contents.measures[name], _kind(name, steps)) for name in record["applied"]]
    return tuple(sorted(deeds, key=lambda deed: ("gone", "limited", "label", "other").index(deed.kind)))


def _kind(name: str, steps: set[str]) -> str:
    if name in _GONE:
        return "gone"
    if name in steps:
        return "limited"
    return "label" if name.startswith("label:") else "other"


def _ladder(ladder: LadderText, record: Record) -> LadderView:
    names = [step.id for step in ladder.steps]
    bounds = record["ladders"][ladder.id]
    low, high, now = (names.index(bounds[bound]) for bound in ("at_least", "at_most", "applied"))
    # Between the bounds only the steps that some open rule imposes can come; the others are passed over.
    open_steps = {place for place, name in enumerate(names) if record["measures"].get(name) == "unknown"} | {now}
    states = [
        "certain" if place <= low else "possible" if place in open_steps else "out" for place in range(len(names))
    ]
    steps = tuple(
        Step(step, state, place == now) for place, (step, state) in enumerate(zip(ladder.steps, states, strict=True))
    )
    return LadderView(ladder, steps, ladder.steps[low], ladder.steps[high], ladder.steps[now])
