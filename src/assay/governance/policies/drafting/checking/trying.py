"""One made-up item decided by one policy of a draft: what holds where, why, and what to ask next. It keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assay.engine.analysis.answers import answer_in_words
from assay.engine.decision.decide import Decider
from assay.engine.decision.decide import Outcome as Decided
from assay.engine.decision.item import EVERYWHERE, Item
from assay.engine.decision.reasons import reason_of
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import format_instant, parse_instant
from assay.engine.language.examples import usual_of
from assay.engine.language.expression.syntax import signals_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Policy, Rule
from assay.engine.language.pack.vocabulary import WITH_VALUES, Signal, SignalType

# What a set is said to hold where it is known to hold nothing.
NONE_OF_THESE = "-"
# How a field of the form is named, before the signal's name.
FIELD = "s."


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the policy.

    widget  `choose` one, `tick` several, or `write`
    given   what was written
    fault   what is wrong with it, or empty
    """

    name: str
    title: str
    question: str
    help: str
    widget: str
    choices: tuple[Choice, ...]
    given: str
    fault: str
    is_next: bool

    @property
    def is_open(self) -> bool:
        """Whether it was left unknown."""
        return not self.given and not any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """A rule that holds, or may hold.

    truth  `true` or `unknown`
    """

    ref: str
    title: str
    truth: str
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class Said:
    """What comes out alike in some markets.

    certain, waiting, meanwhile  measures: name and title
    next     the title of the signal that is best asked next, or empty
    """

    markets: tuple[str, ...]
    certain: tuple[tuple[str, str], ...]
    waiting: tuple[tuple[str, str], ...]
    meanwhile: tuple[tuple[str, str], ...]
    rules: tuple[RuleSaid, ...]
    settled: bool
    next: str


@dataclass(frozen=True, slots=True)
class Tried:
    """An item that was tried.

    day   from which on it is decided
    said  by market classes that are treated alike; none where something that was given cannot be read
    """

    policy: str
    day: str
    asked: tuple[Asked, ...]
    said: tuple[Said, ...]
    faults: tuple[Fault, ...]

    @property
    def open_count(self) -> int:
        """How many questions were left open."""
        return sum(each.is_open for each in self.asked)


def try_item(pack: Pack, policy: Policy, given: Mapping[str, Sequence[str]]) -> Tried:
    """Decide an item by one policy, with the exceptions that others give it.

    given  what a form sent: by field the values chosen
    """
    alone = replace(pack, policies=tuple(one if one is policy else replace(one, rules=()) for one in pack.policies))
    signals = _signals_of(policy, alone)
    chosen = {signal.name: [each for each in given.get(FIELD + signal.name, ()) if each] for signal in signals}
    read = {signal.name: _read(signal, chosen[signal.name]) for signal in signals if chosen[signal.name]}
    day = next(iter(given.get("day", ())), "") or format_instant(usual_of(pack).latest)[:10]
    as_of = parse_instant(f"{day}T12:00:00Z") if len(day) == len("2026-12-01") else None
    found = {name: value for name, value in read.items() if not isinstance(value, Fault)}
    faults = [value for value in read.values() if isinstance(value, Fault)]
    if as_of is None:
        faults.append(Fault("bad-date", f"`{day[:20]}` is no day; write it as `2026-12-01`", "day"))
    item = _item(alone, policy, found)
    if isinstance(item, list):
        faults += item
    said: tuple[Said, ...] = ()
    if not faults and isinstance(item, Item) and as_of is not None:
        decider = Decider(alone)
        said = tuple(_said(outcome, decider) for outcome in decider.decide(item, as_of).outcomes)
    following = said[0].next if said else ""
    asked = tuple(_asked(signal, chosen[signal.name], faults, following) for signal in signals)
    return Tried(policy.title, day, asked, said, tuple(faults))


def _item(pack: Pack, policy: Policy, found: Mapping[str, object]) -> Item | list[Fault]:
    named = pack.vocabulary.by_name
    given = {name: {EVERYWHERE: value} if named[name].by_market else value for name, value in found.items()}
    # A share of items would be drawn by the id: this one lies within every share as far as trying can tell.
    return Item.from_signals(given, pack.vocabulary, id="tried", markets=pack.markets, subject=policy.subject)


def _signals_of(policy: Policy, pack: Pack) -> list[Signal]:
    """What the policy's rules turn on, and what the exceptions do that reach them; the calendar answers for itself."""
    names: set[str] = set()
    for rule in policy.rules:
        names |= _names_of(rule)
        for exception in pack.exceptions_of[rule.ref]:
            names |= signals_of(exception.when.expression)
    return [signal for signal in pack.vocabulary.signals if signal.name in names and signal.calendar is None]


def _names_of(rule: Rule) -> set[str]:
    names = set(signals_of(rule.when.expression))
    names |= signals_of(rule.unless.expression) if rule.unless is not None else set()
    return names | ({"surface"} if rule.surfaces else set()) | ({"audience"} if rule.audience else set())


def _read(signal: Signal, values: list[str]) -> object:
    """What a form's values stand for, as a record has it; a Fault where it is none of the signal's."""
    if signal.type is SignalType.SET:
        given: object = [each for each in values if each != NONE_OF_THESE]
    elif signal.type is SignalType.FLAG:
        given = {"yes": True, "no": False}.get(values[0], values[0])
    elif signal.type in (SignalType.NUMBER, SignalType.SCORE):
        given = _number(values[0], whole=signal.integer)
    else:
        given = values[0]
    found = signal.read(given)
    return found if isinstance(found, Fault) else given


def _number(text: str, *, whole: bool) -> object:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return text[:60]


def _asked(signal: Signal, chosen: list[str], faults: Sequence[Fault], following: str) -> Asked:
    wrong = next((fault.words for fault in faults if fault.field == signal.name), "")
    question = signal.question or signal.title
    if signal.type in WITH_VALUES or signal.type is SignalType.FLAG:
        several = signal.type is SignalType.SET
        names = list(signal.value_names) if signal.values else ["yes", "no"]
        words = {name: answer_in_words(signal, name) for name in names}
        if several:
            names, words = [*names, NONE_OF_THESE], {**words, NONE_OF_THESE: "none of these"}
        choices = tuple(Choice(name, words[name], name in chosen) for name in names)
        return _of(signal, question, "tick" if several else "choose", choices, "", wrong, following)
    return _of(signal, question, "write", (), chosen[0] if chosen else "", wrong, following)


def _of(
    signal: Signal, question: str, widget: str, choices: tuple[Choice, ...], given: str, wrong: str, following: str
) -> Asked:
    shown = signal.help + (f" In {signal.unit}." if signal.unit and widget == "write" else "")
    return Asked(signal.name, signal.title, question, shown, widget, choices, given, wrong, signal.title == following)


def _said(outcome: Decided, decider: Decider) -> Said:
    standing, pack = outcome.standing, decider.pack
    holds, may_hold = outcome.true, outcome.possible & ~outcome.true & ~outcome.never
    rules = [_rule(ref, "true", pack) for ref in decider.rule_refs(holds)]
    rules += [_rule(ref, "unknown", pack) for ref in decider.rule_refs(may_hold)]
    questions = outcome.questions
    return Said(
        markets=outcome.markets,
        certain=_titled(standing.true, decider),
        waiting=_titled(standing.possible & ~standing.true, decider),
        meanwhile=_titled(standing.applied & ~standing.true, decider),
        rules=tuple(rules),
        settled=outcome.settled,
        next=pack.vocabulary.signals[questions[0]].title if questions else "",
    )


def _rule(ref: str, truth: str, pack: Pack) -> RuleSaid:
    rule = pack.rule_by_ref[ref]
    return RuleSaid(ref, rule.title, truth, reason_of(ref, pack), rule.span.line)


def _titled(bits: int, decider: Decider) -> tuple[tuple[str, str], ...]:
    known = decider.pack.measures.by_id
    return tuple((name, known[name].title) for name in decider.measure_ids(bits))
