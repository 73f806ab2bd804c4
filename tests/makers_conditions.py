"""Strategies for vocabularies, well-typed conditions and values of signals. It never makes a whole pack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from assay.engine.kernel.instants import DAY, SECOND, format_duration, format_instant, parse_instant
from assay.engine.kernel.values import Value
from assay.engine.language.expression.syntax import (
    And,
    Call,
    Compare,
    Expression,
    In,
    ListLiteral,
    Literal,
    Name,
    Not,
    Or,
)
from assay.engine.language.pack.read_pack import DEFAULT_PRECEDENCE
from assay.engine.language.pack.vocabulary import SUBJECTS, Signal, SignalType, SignalValue, Vocabulary

EQUALITIES = ("==", "!=")
ALL_OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
NAMES = {
    SignalType.FLAG: ("fabricated_event", "satire.evident", "disclosed", "paid.declared", "minor_shown", "retracted"),
    SignalType.CHOICE: ("person.kind", "person.consent", "impersonation", "origin", "relation", "person.age"),
    SignalType.SCALE: ("ai_extent", "intimacy", "gravity", "realism", "reach.step", "certainty"),
    SignalType.SET: ("technique", "markers", "shown", "languages", "topics", "tools"),
    SignalType.NUMBER: ("near_copies", "followers", "claims.open", "days_old", "width", "reports"),
    SignalType.SCORE: ("detector.score", "voice.score", "text_score", "match.score", "spam.score", "face_score"),
    SignalType.TEXT: ("caption", "headline", "account.handle", "transcript", "alt_text", "note"),
    SignalType.TIME: ("uploaded_at", "event.at", "signed_at", "asked_at", "seen_at", "begun_at"),
    SignalType.DURATION: ("length", "account.age", "delay", "shift", "lead_time", "gap"),
}
VALUES = {
    SignalType.CHOICE: (("adult", "minor", "nobody"), ("yes", "no"), ("a", "b", "c", "d", "e")),
    SignalType.SCALE: (("none", "altered", "generated"), ("low", "medium", "high", "extreme"), ("off", "on")),
    SignalType.SET: (("face_swap", "voice_clone", "inpainting"), ("one",), ("a", "b", "c", "d", "e")),
}
BOUNDS: tuple[tuple[float | None, float | None], ...] = ((None, None), (0.0, None), (0.0, 100.0), (-5.0, 5.0))
INTEGERS = (-7, -5, -1, 0, 1, 2, 3, 5, 10, 20, 100, 2**53)
DECIMALS = (-5.0, -0.5, 0.0, 0.1, 0.25, 0.5, 0.7, 0.9, 1.0, 2.5, 3.0, 1e-7, 99.99, 1e15)
TEXTS = ("", "AI", "made with AI", "ai", 'say "hi"', "a\nb", "back\\slash", "über", "100%", "a_b", "日本", "it's", "𝔸b")
_START = parse_instant("2026-12-01") or 0
INSTANTS = (_START, _START + 1, _START - DAY, _START + DAY // 2, _START + 400 * DAY, 0, -DAY)
DURATIONS = (0, SECOND, 3600 * SECOND, 36 * 3600 * SECOND, 3 * SECOND // 2, 90 * DAY, -SECOND)


# ---------------------------------------------------------------- vocabularies


@st.composite
def signals(draw: DrawFn, kind: SignalType, name: str) -> Signal:
    """A signal of a type, with all, some or none of its phrases."""
    title = f"The {name.replace('_', ' ').replace('.', ' ')}" if draw(st.booleans()) else name
    values = draw(_values(kind)) if kind in VALUES else ()
    low, high = draw(st.sampled_from(BOUNDS)) if kind is SignalType.NUMBER else (None, None)
    phrases = {
        SignalType.FLAG: f"{name} is the case",
        SignalType.NUMBER: f"there are {{is}} of {name}",
        SignalType.SCORE: f"{name} says {{is}}",
    }
    noun = f"the {name}" if kind in (SignalType.TEXT, SignalType.TIME, SignalType.DURATION) else ""
    phrase = draw(st.sampled_from((phrases.get(kind, noun), "")))
    return Signal(
        name=name,
        type=kind,
        title=title,
        question=f"{title}?",
        values=values,
        phrase=phrase,
        phrase_no=f"{name} is not the case" if phrase and kind is SignalType.FLAG and draw(st.booleans()) else "",
        minimum=low,
        maximum=high,
        integer=kind is SignalType.NUMBER and draw(st.booleans()),
        subject=draw(st.sampled_from(("item", "item", "item", "account", "campaign"))),
        scope=draw(st.sampled_from(("item", "item", "item", "market"))),
        asserted_by=DEFAULT_PRECEDENCE,
        precedence=DEFAULT_PRECEDENCE,
    )


@st.composite
def _values(draw: DrawFn, kind: SignalType) -> tuple[SignalValue, ...]:
    full = draw(st.booleans())
    return tuple(
        SignalValue(name, f"it is {name}", f"it is not {name}", f"it is {name} or more", f"it is {name} or less")
        if full
        else SignalValue(name, name.replace("_", " "))
        for name in draw(st.sampled_from(VALUES[kind]))
    )


@st.composite
def vocabularies(draw: DrawFn, *, most: int = 7) -> Vocabulary:
    """One to `most` signals of any types; the first belongs to the item, so that every item's rule has one to read."""
    found: list[Signal] = []
    for kind in draw(st.lists(st.sampled_from(SignalType), min_size=1, max_size=most)):
        number = sum(1 for signal in found if signal.type is kind)
        if number < len(NAMES[kind]):
            signal = draw(signals(kind, NAMES[kind][number]))
            found.append(signal if found else replace(signal, subject="item"))
    return Vocabulary(tuple(found))


def readable(vocabulary: Vocabulary, subject: str) -> tuple[Signal, ...]:
    """The signals that a rule on a subject may read."""
    return tuple(s for s in vocabulary.signals if SUBJECTS.index(s.subject) >= SUBJECTS.index(subject))


# ------------------------------------------------------------------ conditions


def conditions(vocabulary: Vocabulary, subject: str = "item") -> SearchStrategy[Expression]:
    """Conditions that the checker finds nothing wrong with."""
    allowed = readable(vocabulary, subject)
    if not allowed:
        return st.sampled_from((Literal(True), Literal(False)))
    atoms = st.one_of([atoms_of(signal, allowed) for signal in allowed])
    return st.recursive(atoms, _compound, max_leaves=8)


def _compound(inner: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(inner.map(Not), several.map(_conjunction), several.map(lambda parts: Or(tuple(parts))))


def _conjunction(parts: list[Expression]) -> Expression:
    """The parts joined, less those that ask a second value of one signal, which the checker refuses."""
    kept: list[Expression] = []
    asked: dict[str, object] = {}
    for part in parts:
        match part:
            case Compare("==", Name(path), Literal(str() as value)) if asked.setdefault(path, value) != value:
                continue
        kept.append(part)
    return And(tuple(kept)) if len(kept) > 1 else kept[0]


def atoms_of(signal: Signal, others: Sequence[Signal]) -> SearchStrategy[Expression]:
    """Conditions of one comparison or call that ask for a signal."""
    name = Name(signal.name)
    found: list[SearchStrategy[Expression]] = [_ATOMS[signal.type](signal, name)]
    alike = [other for other in others if other.type is signal.type and other.value_names == signal.value_names]
    if signal.type is not SignalType.SET:
        operators = ALL_OPERATORS if signal.type in _ORDERED else EQUALITIES
        pairs = st.tuples(st.sampled_from(operators), st.sampled_from(alike))
        found.append(pairs.map(lambda pair: Compare(pair[0], name, Name(pair[1].name))))
    return st.one_of(found)


_ORDERED = (SignalType.NUMBER, SignalType.SCORE, SignalType.TIME, SignalType.DURATION)


def _flag(signal: Signal, name: Name) -> SearchStrategy[Expression]:
    pairs = st.tuples(st.sampled_from(EQUALITIES), st.booleans())
    return st.one_of(st.just(name), st.just(name), pairs.map(lambda pair: Compare(pair[0], name, Literal(pair[1]))))


def _listed(constants: Sequence[Literal], most: int) -> SearchStrategy[ListLiteral]:
    chosen = st.lists(st.sampled_from(constants), min_size=1, max_size=max(1, most), unique=True)
    return chosen.map(lambda items: ListLiteral(tuple(items)))


def _either_way(operator: str, left: Expression, right: Expression) -> SearchStrategy[Expression]:
    mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
    return st.sampled_from((Compare(operator, left, right), Compare(mirrored, right, left)))


def _choice(signal: Signal, name: Name) -> SearchStrategy[Expression]:
    constants = [Literal(value) for value in signal.value_names]
    pairs = st.tuples(st.sampled_from(EQUALITIES), st.sampled_from(constants))
    return st.one_of(
        pairs.flatmap(lambda pair: _either_way(pair[0], name, pair[1])),
        _listed(constants, len(constants) - 1).map(lambda listed: In(name, listed)),
    )


def _scale(signal: Signal, name: Name) -> SearchStrategy[Expression]:
    least = st.sampled_from(signal.value_names[1:]).map(lambda value: Call("atLeast", (name, Literal(value))))
    most = st.sampled_from(signal.value_names[:-1]).map(lambda value: Call("atMost", (name, Literal(value))))
    return st.one_of(least, most, _choice(signal, name))


def _size(name: Name, most: int) -> SearchStrategy[Expression]:
    sized = Call("size", (name,))
    integers = [number for number in (0, 1, 2, 3, most) if number <= most]
    return _numeric(sized, 0.0, float(most), [Literal(number) for number in sorted(set(integers))])


def _set(signal: Signal, name: Name) -> SearchStrategy[Expression]:
    constants = [Literal(value) for value in signal.value_names]
    calls = st.tuples(st.sampled_from(("sets.contains", "sets.intersects")), _listed(constants, len(constants)))
    return st.one_of(
        st.sampled_from(constants).map(lambda constant: In(constant, name)),
        calls.map(lambda call: Call(call[0], (name, call[1]))),
        _size(name, len(constants)),
    )


def _numeric(
    left: Expression, low: float | None, high: float | None, constants: list[Literal]
) -> SearchStrategy[Expression]:
    def decides(pair: tuple[str, Literal]) -> bool:
        operator, constant = pair
        at_end = (constant.value == low and operator in ("<", ">=")) or (
            constant.value == high and operator in (">", "<=")
        )
        return not at_end

    pairs = [(operator, constant) for operator in ALL_OPERATORS for constant in constants]
    return st.sampled_from([pair for pair in pairs if decides(pair)]).flatmap(
        lambda pair: _either_way(pair[0], left, pair[1])
    )


def constants_of(signal: Signal) -> list[Literal]:
    """Numbers that a number or score may be compared with."""
    low, high = (0.0, 1.0) if signal.type is SignalType.SCORE else (signal.minimum, signal.maximum)
    pool: list[int | float] = [*INTEGERS]
    pool += [] if signal.integer else [*DECIMALS]
    return [Literal(n) for n in pool if (low is None or n >= low) and (high is None or n <= high)]


def _number(signal: Signal, name: Name) -> SearchStrategy[Expression]:
    low, high = (0.0, 1.0) if signal.type is SignalType.SCORE else (signal.minimum, signal.maximum)
    constants = constants_of(signal)
    listed = _listed(constants, 3).map(lambda items: In(name, items))
    return st.one_of(_numeric(name, low, high, constants), _numeric(name, low, high, constants), listed)


def _text(signal: Signal, name: Name) -> SearchStrategy[Expression]:
    parts = st.tuples(st.sampled_from(("contains", "startsWith", "endsWith")), st.sampled_from(TEXTS[1:]))
    pairs = st.tuples(st.sampled_from(EQUALITIES), st.sampled_from(TEXTS))
    return st.one_of(
        parts.map(lambda part: Call(part[0], (name, Literal(part[1])))),
        pairs.flatmap(lambda pair: _either_way(pair[0], name, Literal(pair[1]))),
        _listed([Literal(text) for text in TEXTS], 3).map(lambda items: In(name, items)),
        _size(name, signal.longest),
    )


def _time(signal: Signal, name: Name) -> SearchStrategy[Expression]:
    function, pool, write = (
        ("timestamp", INSTANTS, format_instant)
        if signal.type is SignalType.TIME
        else ("duration", DURATIONS, format_duration)
    )
    pairs = st.tuples(st.sampled_from(ALL_OPERATORS), st.sampled_from(pool))
    return pairs.flatmap(lambda pair: _either_way(pair[0], name, Call(function, (Literal(write(pair[1])),))))


_ATOMS: dict[SignalType, Callable[[Signal, Name], SearchStrategy[Expression]]] = {
    SignalType.FLAG: _flag,
    SignalType.CHOICE: _choice,
    SignalType.SCALE: _scale,
    SignalType.SET: _set,
    SignalType.NUMBER: _number,
    SignalType.SCORE: _number,
    SignalType.TEXT: _text,
    SignalType.TIME: _time,
    SignalType.DURATION: _time,
}


# ---------------------------------------------------------------------- values


def values_of(signal: Signal) -> SearchStrategy[Value]:
    """Values as `Signal.read` gives them, near the constants that conditions ask for."""
    match signal.type:
        case SignalType.FLAG:
            return st.booleans()
        case SignalType.CHOICE | SignalType.SCALE:
            return st.sampled_from(signal.value_names)
        case SignalType.SET:
            return st.frozensets(st.sampled_from(signal.value_names))
        case SignalType.NUMBER | SignalType.SCORE:
            numbers = [constant.value for constant in constants_of(signal)]
            return st.sampled_from([n if signal.integer else float(n) for n in numbers])
        case SignalType.TEXT:
            return st.sampled_from((*TEXTS, "this was made with AI", "AI!", "AI" * 40))
        case SignalType.TIME:
            return st.sampled_from(INSTANTS)
        case SignalType.DURATION:
            return st.sampled_from(DURATIONS)


@st.composite
def signals_for(draw: DrawFn, vocabulary: Vocabulary, *, missing: float = 0.3) -> dict[str, Value]:
    """Values by name; about the share `missing` of the names is left out, which makes them unknown."""
    left_out = st.integers(0, 19).map(lambda number: number < round(20 * missing))
    return {s.name: draw(values_of(s)) for s in vocabulary.signals if not (missing and draw(left_out))}
