"""`signals.yaml` to a vocabulary. It collects every fault and keeps what can be kept."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from assay.engine.kernel.errors import Diagnostic, Fault
from assay.engine.kernel.identifiers import SIGNAL_NAME, VALUE_NAME
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.document.fields import Fields, number_of
from assay.engine.language.document.yaml_tree import Mapping, Node, Scalar, Sequence
from assay.engine.language.expression.parser import KEYWORDS, RESERVED
from assay.engine.language.pack.vocabulary import (
    MARKET_WORD,
    MEASURES_WORD,
    SUBJECTS,
    WITH_VALUES,
    CalendarSource,
    Signal,
    SignalType,
    SignalValue,
    Vocabulary,
)
from assay.engine.language.problems.rules import unknown_asserter
from assay.engine.language.problems.words import constant_out_of_range, unknown_signal, unknown_value, wrong_type
from assay.engine.language.problems.writing import bad_value

_KEYS = (
    "type title question help values phrase phrase_no unit minimum maximum integer longest model subject scope "
    "asserted_by precedence seconds exposure prior confidence_at_least calendar"
).split()
_VALUE_KEYS = ("phrase", "not", "at_least", "at_most")
_TYPES = tuple(kind.value for kind in SignalType)
# What promises say of a decision; a signal of that name would hide it.
_TAKEN = (MEASURES_WORD, MARKET_WORD)


def read_vocabulary(node: Mapping, precedence: tuple[str, ...], problems: list[Diagnostic]) -> Vocabulary:
    """The signals below `signals:`, in the order declared."""
    top = Fields(node, "signals.yaml", ("signals",), problems)
    declared = top.mapping("signals", required=True)
    signals = []
    for key, below in declared.entries if declared is not None else ():
        if not SIGNAL_NAME.match(key.text) or _is_taken(key.text):
            hint = "use a-z, 0-9 and _, parts joined by a dot"
            hint = "conditions use this word for something else" if _is_taken(key.text) else hint
            problems.append(bad_value.report(f"`{key.text}` cannot name a signal", key.span, hint))
        elif not isinstance(below, Mapping):
            problems.append(bad_value.report(f"`{key.text}` holds keys and values", below.span))
        else:
            signals.append(_read_signal(key, below, precedence, problems))
    return Vocabulary(tuple(signals))


def _is_taken(name: str) -> bool:
    """Whether a name means something else in a condition, so that no condition could ask for the signal."""
    first, *others = name.split(".")
    return name in _TAKEN or first in RESERVED | KEYWORDS or any(part in KEYWORDS for part in others)


def _read_signal(key: Scalar, node: Mapping, precedence: tuple[str, ...], problems: list[Diagnostic]) -> Signal:
    name = key.text
    fields = Fields(node, f"the signal `{name}`", _KEYS, problems)
    kind = SignalType(fields.one_of("type", _TYPES, "flag", required=True))
    values = _read_values(fields, kind, problems)
    order = tuple(named.name for named in fields.names("precedence")) or precedence
    asserted_by = fields.names("asserted_by")
    strangers = [named for named in asserted_by if named.name not in order]
    problems += [unknown_asserter.report(named.name, order, named.span) for named in strangers]
    minimum, maximum = fields.number("minimum"), fields.number("maximum")
    if minimum is not None and maximum is not None and minimum > maximum:
        problems.append(bad_value.report(f"`minimum` of `{name}` is above its `maximum`", fields.place("minimum")))
    title = fields.text("title", name)
    return Signal(
        name=name,
        type=kind,
        title=title,
        question=fields.text("question", f"{title}?"),
        help=fields.text("help"),
        values=values,
        phrase=fields.text("phrase"),
        phrase_no=fields.text("phrase_no"),
        unit=fields.text("unit"),
        minimum=minimum,
        maximum=maximum,
        integer=fields.flag("integer"),
        longest=int(fields.number("longest", 10_000) or 10_000),
        model=fields.text("model"),
        subject=fields.one_of("subject", SUBJECTS, "item"),
        scope=fields.one_of("scope", ("item", "market"), "item"),
        asserted_by=tuple(named.name for named in asserted_by) or order,
        precedence=order,
        seconds=_at_least_zero(fields, "seconds", 10.0, problems),
        exposure=int(_at_least_zero(fields, "exposure", 0.0, problems)),
        prior=_read_prior(fields, kind, values, problems),
        confidence_at_least=_at_least_zero(fields, "confidence_at_least", 0.0, problems),
        calendar=_read_calendar(fields, values, problems),
        span=key.span,
    )


def _at_least_zero(fields: Fields, key: str, default: float, problems: list[Diagnostic]) -> float:
    number = fields.number(key, default)
    if number is None or number < 0:
        problems.append(bad_value.report(f"`{key}` cannot be negative", fields.place(key)))
        return default
    return number


def _read_values(fields: Fields, kind: SignalType, problems: list[Diagnostic]) -> tuple[SignalValue, ...]:
    if kind not in WITH_VALUES:
        if fields.node.get("values") is not None:
            problems.append(bad_value.report(f"a {kind} has no `values`", fields.place("values")))
        return ()
    below = fields.mapping("values", required=True)
    values = []
    for key, node in below.entries if below is not None else ():
        if not VALUE_NAME.match(key.text):
            problems.append(bad_value.report(f"`{key.text}` cannot name a value", key.span, "use a-z, 0-9 and _"))
            continue
        if isinstance(node, Scalar):
            values.append(SignalValue(key.text, node.text.strip() or key.text.replace("_", " ")))
            continue
        if not isinstance(node, Mapping):
            problems.append(bad_value.report(f"`{key.text}` holds a phrase", node.span))
            continue
        inner = Fields(node, f"the value `{key.text}`", _VALUE_KEYS, problems)
        values.append(
            SignalValue(
                key.text,
                inner.text("phrase", required=True),
                inner.text("not") or None,
                inner.text("at_least") or None,
                inner.text("at_most") or None,
            )
        )
    fewest = 1 if kind is SignalType.SET else 2
    if below is not None and len(below.entries) < fewest:
        words = f"a {kind} has {'a value' if fewest == 1 else 'two values'} or more"
        problems.append(bad_value.report(words, fields.place("values")))
    return tuple(values)


def _read_prior(
    fields: Fields, kind: SignalType, values: tuple[SignalValue, ...], problems: list[Diagnostic]
) -> MappingOf[str, float]:
    below = fields.mapping("prior")
    if below is None:
        return {}
    known = ("yes", "no") if kind is SignalType.FLAG else tuple(value.name for value in values)
    prior = {}
    for key, node in below.entries:
        weight = number_of(node.text) if isinstance(node, Scalar) else None
        if key.text not in known:
            problems.append(unknown_value.report(key.text, "prior", known, key.span))
        elif weight is None or weight < 0:
            problems.append(bad_value.report(f"the weight of `{key.text}` is no number from 0 up", node.span))
        else:
            prior[key.text] = weight
    return prior


def _read_calendar(
    fields: Fields, values: tuple[SignalValue, ...], problems: list[Diagnostic]
) -> CalendarSource | None:
    below = fields.mapping("calendar")
    if below is None:
        return None
    inner = Fields(below, "`calendar`", ("kind", "gives", "otherwise"), problems)
    if fields.text("scope") != "market":
        problems.append(bad_value.report("a signal from the calendar has `scope: market`", below.span))
    otherwise = inner.text("otherwise") or None
    known = tuple(value.name for value in values)
    if otherwise is not None and otherwise not in known:
        problems.append(unknown_value.report(otherwise, "otherwise", known, inner.place("otherwise")))
    gives = inner.one_of("gives", ("phase", "days_to"), "phase", required=True)
    return CalendarSource(inner.text("kind", required=True), gives, otherwise)


def parse_given(signal: Signal, text: str) -> object:
    """What a person writes for a signal's value, as the JSON value that `Signal.read` takes."""
    words = text.strip()
    match signal.type:
        case SignalType.FLAG:
            return {"yes": True, "true": True, "no": False, "false": False}.get(words.lower(), words)
        case SignalType.NUMBER | SignalType.SCORE:
            number = number_of(words)
            return words if number is None else number
        case SignalType.SET:
            return [part.strip() for part in words.replace("|", ",").strip("[]").split(",") if part.strip()]
        case SignalType.TEXT:
            return text
        case _:
            return words


def is_unknown_word(text: str) -> bool:
    """Whether what a person wrote stands for unknown."""
    return text.strip().lower() in ("", "unknown", "null", "?")


def read_given(signal: Signal, text: str) -> object:
    """The signal's value for what a person wrote, None for unknown, or a Fault."""
    if is_unknown_word(text):
        return None
    value = signal.read(parse_given(signal, text))
    if isinstance(value, Fault) and value.slug == "not-a-number":
        return Fault("wrong-type", value.words, signal.name)
    return value


def read_given_values(node: Mapping, vocabulary: Vocabulary, problems: list[Diagnostic]) -> dict[str, MaybeValue]:
    """Signals and their values as written below `given`; None where somebody wrote that a value is unknown."""
    values: dict[str, MaybeValue] = {}
    for key, inner in node.entries:
        signal = vocabulary.by_name.get(key.text)
        if signal is None:
            problems.append(unknown_signal.report(key.text, vocabulary.by_name, key.span))
        else:
            values[key.text] = _given_value(signal, inner, problems)
    return values


def _given_value(signal: Signal, node: Node, problems: list[Diagnostic]) -> MaybeValue:
    if isinstance(node, Sequence) and signal.type is SignalType.SET:
        return _given_members(signal, node, problems)
    if not isinstance(node, Scalar):
        words = f"`{signal.name}` is a {signal.type} and holds one value"
        problems.append(wrong_type.report(words, node.span))
        return None
    if signal.type is SignalType.TEXT and node.style is not None:
        # In quotes, `""` and `"unknown"` are texts like any other.
        value: object = signal.read(node.text)
    else:
        value = read_given(signal, node.text)
    if not isinstance(value, Fault):
        return value if isinstance(value, bool | int | float | str | frozenset) else None
    if value.slug == "unknown-value":
        problem = unknown_value.report(node.text, signal.name, signal.value_names, node.span)
    elif value.slug == "out-of-range":
        problem = constant_out_of_range.report(node.text[:40], signal.name, _bounds(signal), node.span)
    else:
        problem = wrong_type.report(f"`{signal.name}`: {value.words}", node.span)
    problems.append(problem)
    return None


def _given_members(signal: Signal, node: Sequence, problems: list[Diagnostic]) -> MaybeValue:
    known = [item.text for item in node.items if isinstance(item, Scalar) and item.text in signal.by_name]
    for item in node.items:
        if not isinstance(item, Scalar):
            problems.append(wrong_type.report(f"`{signal.name}` is a list of its values", item.span))
        elif item.text not in signal.by_name:
            problems.append(unknown_value.report(item.text, signal.name, signal.value_names, item.span))
    return frozenset(known) if len(known) == len(node.items) else None


def _bounds(signal: Signal) -> str:
    if signal.type is SignalType.TEXT:
        return f"up to {signal.longest} characters"
    if signal.type is SignalType.SCORE:
        return constant_out_of_range.bounds(0.0, 1.0)
    return constant_out_of_range.bounds(signal.minimum, signal.maximum)
