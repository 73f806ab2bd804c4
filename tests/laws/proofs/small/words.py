"""Signals of so few values that each can be tried, conditions over them, and those values. It tests nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from assay.engine.kernel.instants import SECOND, format_instant
from assay.engine.kernel.values import Value
from assay.engine.language.pack.vocabulary import CalendarSource, Signal, SignalType, Vocabulary
from tests.makers import SOME_DAY, a_signal, a_vocabulary

HOUR = 3600 * SECOND
# Values of a signal that has no few values by itself. Between two constants that conditions name lie as many as it
# takes for two signals to be compared there, and beyond the last ones too.
CHOSEN: dict[str, tuple[Value, ...]] = {
    "number": (0, 1, 2, 3),
    "decimal": (-1.0, 0.5, 1.0, 1.5, 2.0),
    "score": (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0),
    "time": (SOME_DAY - 1, SOME_DAY, SOME_DAY + 1, SOME_DAY + HOUR),
    "duration": (0, SECOND, 3 * SECOND // 2, 2 * SECOND, HOUR),
    "days": (0, 1, 2, 3, 5),
    # Every text of up to two letters; one letter stands for all that conditions name nowhere.
    "text": tuple("".join(letters) for size in range(3) for letters in product("abz", repeat=size)),
}
_MOMENT, _NEXT = format_instant(SOME_DAY), format_instant(SOME_DAY + 1)
ATOMS = {
    "flag": ("{0}", "{0}", "!{0}", "{0} == true", "{0} != true"),
    "choice": ('{0} == "a"', '{0} == "b"', '{0} != "b"', '{0} in ["a", "c"]', '"c" == {0}'),
    "scale": ('{0}.atLeast("high")', '{0}.atLeast("extreme")', '{0}.atMost("low")', '{0} == "high"', '{0} != "low"'),
    "set": (
        '"x" in {0}',
        '"y" in {0}',
        'sets.contains({0}, ["x", "y"])',
        'sets.intersects({0}, ["x", "y"])',
        "size({0}) == 1",
        "size({0}) != 1",
        "size({0}) > 1",
        "size({0}) <= 0",
    ),
    "number": ("{0} > 1", "{0} >= 1", "{0} < 3", "{0} == 2", "{0} != 0", "{0} in [1, 3]", "{0} <= 0", "2 < {0}"),
    "decimal": ("{0} > 1.0", "{0} >= 1.0", "{0} < 1.0", "{0} == 1.0", "{0} != 1.0"),
    "score": ("{0} >= 0.25", "{0} > 0.25", "{0} < 0.75", "{0} <= 0.75", "{0} == 0.75", "{0} <= 0.25", "{0} >= 1.0"),
    "time": (f'{{0}} > timestamp("{_MOMENT}")', f'{{0}} < timestamp("{_NEXT}")', f'{{0}} == timestamp("{_NEXT}")'),
    "duration": ('{0} > duration("1s")', '{0} < duration("2s")', '{0} >= duration("2s")', '{0} == duration("1s")'),
    "text": (
        '{0}.contains("a")',
        '{0}.contains("ab")',
        '{0}.startsWith("a")',
        '{0}.startsWith("b")',
        '{0}.startsWith("ab")',
        '{0}.endsWith("b")',
        '{0}.endsWith("a")',
        '{0} == "ab"',
        '{0} != "b"',
        '{0} in ["a", "ba"]',
        '{0} == ""',
        "size({0}) == 1",
        "size({0}) > 1",
        "size({0}) < 1",
    ),
}
COMPARED = ("{0} < {1}", "{0} <= {1}", "{0} == {1}", "{0} != {1}", "{1} > {0}", "{0} >= {1}")
EQUAL = ("{0} == {1}", "{1} != {0}")
PAIRS = ("number", "decimal", "score", "text")
KINDS = ("flag", "flag", "flag", "choice", "scale", "set", "number", "number", "decimal", "score", "time", "duration")
MOST_ITEMS = 200

SURFACE = a_signal("surface", SignalType.CHOICE, ("feed", "advert"))
PHASE = replace(
    a_signal("election.phase", SignalType.CHOICE, ("none", "campaign", "blackout"), scope="market"),
    calendar=CalendarSource("election", "phase", "none"),
)
DAYS_TO = replace(
    a_signal("election.days_to", SignalType.NUMBER, scope="market", integer=True, minimum=0),
    calendar=CalendarSource("election", "days_to"),
)


def signal_of(kind: str, name: str, *, subject: str = "item", scope: str = "item") -> Signal:
    """A signal of a kind that has few values."""
    values = {"choice": ("a", "b", "c"), "scale": ("low", "high", "extreme"), "set": ("x", "y")}.get(kind)
    whole = kind == "number"
    made = a_signal(
        name,
        "number" if kind == "decimal" else kind,
        values,
        subject=subject,
        scope=scope,
        integer=whole,
        minimum=0 if whole else None,
        maximum=3 if whole else None,
    )
    return replace(made, longest=2) if kind == "text" else made


def kind_of(signal: Signal) -> str:
    """The kind that a signal was made of."""
    if signal.type is not SignalType.NUMBER:
        return signal.type.value
    return ("days" if signal.calendar is not None else "number") if signal.integer else "decimal"


def values_of(signal: Signal) -> tuple[Value, ...]:
    """Every value of a small signal that conditions can tell apart, and a few more."""
    if signal.type is SignalType.FLAG:
        return (True, False)
    if signal.type is SignalType.SET:
        rows = product((False, True), repeat=len(signal.value_names))
        return tuple(frozenset(n for n, one in zip(signal.value_names, row, strict=True) if one) for row in rows)
    return signal.value_names or CHOSEN[kind_of(signal)]


def atoms_of(vocabulary: Vocabulary, subjects: tuple[str, ...] = ("item", "account")) -> list[str]:
    """Every question about one signal or two, as text."""
    read = [signal for signal in vocabulary.signals if signal.subject in subjects]
    # What is always so, or never, stands in conditions too.
    found = ["true", *(text.format(signal.name) for signal in read for text in _written(signal))]
    numbers = [signal for signal in read if kind_of(signal) in PAIRS]
    for one, other in pairwise(numbers):
        if one.type is other.type:
            ways = COMPARED if one.type is not SignalType.TEXT else EQUAL
            found += [text.format(one.name, other.name) for text in ways] * 2
    return found


def _written(signal: Signal) -> tuple[str, ...]:
    if signal.name == "surface":
        return ('{0} == "feed"', '{0} != "feed"')
    if signal.name == PHASE.name:
        return ('{0} == "campaign"', '{0} != "none"', '{0} in ["campaign", "blackout"]')
    return ATOMS["number"] if signal.name == DAYS_TO.name else ATOMS[kind_of(signal)]


@st.composite
def small_vocabularies(draw: DrawFn, kinds: Sequence[str] = KINDS, extra: tuple[Signal, ...] = ()) -> Vocabulary:
    """One to three signals of some kinds besides those given, as many as can be tried."""
    found = list(extra)
    size = 1
    for signal in extra:
        size *= 1 + len(values_of(signal))
    for name in ("p", "q", "r")[: draw(st.integers(1, 3))]:
        scope = draw(st.sampled_from(("item", "item", "item", "market")))
        signal = signal_of(draw(st.sampled_from(kinds)), name, scope=scope)
        if size * (1 + len(values_of(signal))) <= MOST_ITEMS:
            size *= 1 + len(values_of(signal))
            found.append(signal)
    if not any(signal.subject == "item" for signal in found):
        found.append(signal_of("flag", "p"))
    return a_vocabulary(*found)


@st.composite
def small_conditions(draw: DrawFn, atoms: Sequence[str]) -> str:
    """One to three questions joined, each maybe turned round."""
    turned = st.sampled_from(("{0}", "{0}", "!({0})"))
    parts = [draw(turned).format(draw(st.sampled_from(atoms))) for _ in range(draw(st.sampled_from((1, 1, 2, 2, 3))))]
    text = parts[0]
    for part in parts[1:]:
        text = f"({text}) {draw(st.sampled_from(('&&', '||')))} {part}"
    return draw(turned).format(text)
