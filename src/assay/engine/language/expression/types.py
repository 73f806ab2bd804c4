"""Whether a condition's words exist and go together. It collects every fault, with its place and the next step."""

from __future__ import annotations

from collections.abc import Iterable

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.instants import parse_duration, parse_instant
from assay.engine.kernel.span import Span
from assay.engine.language.document.source import Source
from assay.engine.language.expression.printer import print_expression, print_literal
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
from assay.engine.language.pack.vocabulary import ORDERED, WITH_VALUES, Signal, SignalType, Vocabulary
from assay.engine.language.problems.words import (
    constant_out_of_range,
    scale_mismatch,
    unknown_signal,
    unknown_value,
    unreachable_literal,
    wrong_type,
)

_TEXT_METHODS = ("contains", "startsWith", "endsWith")
_ORDERINGS = ("<", "<=", ">", ">=")


def check_expression(expression: Expression, source: Source, vocabulary: Vocabulary) -> list[Diagnostic]:
    """Every fault of a condition; none means that it is well typed."""
    checker = _Checker(source, vocabulary)
    checker.condition(expression)
    return checker.problems


class _Checker:
    def __init__(self, source: Source, vocabulary: Vocabulary) -> None:
        self.source, self.vocabulary = source, vocabulary
        self.problems: list[Diagnostic] = []

    def place(self, node: Expression) -> Span:
        return self.source.span(node.start, max(node.end, node.start + 1))

    def wrong(self, node: Expression, words: str, hint: str | None = None) -> None:
        self.problems.append(wrong_type.report(words, self.place(node), hint))

    def signal(self, node: Name) -> Signal | None:
        """The signal of a name; an unknown one is reported once, here."""
        found = self.vocabulary.by_name.get(node.path)
        if found is None:
            known = self.vocabulary.by_name
            self.problems.append(unknown_signal.report(node.path, known, self.place(node)))
        return found

    def condition(self, node: Expression) -> None:
        match node:
            case Literal(value):
                if not isinstance(value, bool):
                    self.wrong(node, f"a condition is true or false, but `{print_literal(value)}` is neither")
            case Name():
                self.flag(node)
            case Not(operand):
                self.condition(operand)
            case And(operands):
                self.connective(operands)
                self.contradictions(operands)
            case Or(operands):
                self.connective(operands)
            case Compare():
                self.comparison(node)
            case In():
                self.membership(node)
            case Call():
                self.call(node)
            case ListLiteral():
                self.wrong(node, "a list is no condition", "write `signal in [...]`")

    def flag(self, node: Name) -> None:
        signal = self.signal(node)
        if signal is not None and signal.type is not SignalType.FLAG:
            hint = _how_to_ask(signal)
            self.wrong(node, f"`{node.path}` is a {signal.type}, not a flag", hint)

    def connective(self, operands: tuple[Expression, ...]) -> None:
        for operand in operands:
            if isinstance(operand, Literal) and isinstance(operand.value, bool):
                words = f"`{print_literal(operand.value)}` decides nothing, or everything, here"
                self.problems.append(unreachable_literal.report(words, self.place(operand), "leave it out"))
            self.condition(operand)

    def contradictions(self, operands: tuple[Expression, ...]) -> None:
        """Two different values asked of one signal at once: the second can never be reached."""
        asked: dict[str, object] = {}
        for operand in operands:
            match operand:
                case Compare("==", Name(path), Literal(str() as value) as literal):
                    if asked.setdefault(path, value) != value:
                        words = f"`{path}` cannot be `{asked[path]}` and `{value}` at once"
                        hint = "join them with `||`, or use `in`"
                        self.problems.append(unreachable_literal.report(words, self.place(literal), hint))

    def comparison(self, node: Compare) -> None:
        left, right = self.side(node.left), self.side(node.right)
        if left is None or right is None:
            return
        if not isinstance(left, Signal) and not isinstance(right, Signal):
            words = f"`{print_expression(node)}` compares two constants, so it is always the same"
            self.problems.append(unreachable_literal.report(words, self.place(node), "name a signal on one side"))
        elif isinstance(left, Signal) and isinstance(right, Signal):
            self.two_signals(node, left, right)
        elif isinstance(left, Signal):
            self.against_constant(node, left, node.right, node.operator)
        elif isinstance(right, Signal):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            self.against_constant(node, right, node.left, mirrored.get(node.operator, node.operator))

    def side(self, node: Expression) -> Signal | Expression | None:
        """One side of a comparison: a signal, a constant's node, or None when it can be neither."""
        match node:
            case Name():
                return self.signal(node)
            case Literal():
                return node
            case Call("size", (Name() as name,)):
                signal = self.signal(name)
                if signal is None:
                    return None
                if signal.type not in (SignalType.SET, SignalType.TEXT):
                    self.wrong(name, f"`{name.path}` is a {signal.type}: only sets and texts have a size")
                    return None
                return _size_of(signal)
            case Call("timestamp" | "duration" as function, (Literal(str() as text),)):
                parsed = parse_instant(text) if function == "timestamp" else parse_duration(text)
                if parsed is None:
                    example = "2026-12-01T00:00:00Z" if function == "timestamp" else "36h"
                    self.wrong(node, f"`{text[:40]}` is no {function}", f'write it as `{function}("{example}")`')
                    return None
                return node
            case _:
                self.wrong(node, "a comparison has a signal or a constant on each side", "join conditions with `&&`")
                return None

    def two_signals(self, node: Compare, left: Signal, right: Signal) -> None:
        if left.type is SignalType.SCALE and right.type is SignalType.SCALE and left.value_names != right.value_names:
            words = f"`{left.name}` and `{right.name}` are measured on different scales"
            self.problems.append(scale_mismatch.report(words, self.place(node)))
        elif left.type is not right.type or (left.type in WITH_VALUES and left.value_names != right.value_names):
            self.wrong(node, f"`{left.name}` is a {left.type} and `{right.name}` a {right.type} of other values")
        elif left.type is SignalType.SET:
            self.wrong(node, "two sets are not compared whole", "use `sets.contains` with the values that matter")
        elif node.operator in _ORDERINGS and left.type not in ORDERED:
            self.wrong(node, f"a {left.type} has no order that `{node.operator}` could use")

    def against_constant(self, node: Compare, signal: Signal, constant: Expression, operator: str) -> None:
        if operator in _ORDERINGS and signal.type not in ORDERED:
            if signal.type is SignalType.SCALE:
                words = f"scales are not compared with `{operator}`"
                hint = f'write `{signal.name}.atLeast("…")` or `.atMost("…")`'
                self.problems.append(scale_mismatch.report(words, self.place(node), hint))
            else:
                self.wrong(node, f"a {signal.type} has no order that `{node.operator}` could use", _how_to_ask(signal))
            return
        match signal.type:
            case SignalType.FLAG:
                if not (isinstance(constant, Literal) and isinstance(constant.value, bool)):
                    self.mismatch(constant, signal, "true or false")
            case SignalType.CHOICE | SignalType.SCALE:
                self.value(constant, signal)
            case SignalType.SET:
                self.wrong(node, f"`{signal.name}` is a set", _how_to_ask(signal))
            case SignalType.NUMBER | SignalType.SCORE:
                self.number(constant, signal, operator)
            case SignalType.TEXT:
                if not (isinstance(constant, Literal) and isinstance(constant.value, str)):
                    self.mismatch(constant, signal, "text in quotes")
            case SignalType.TIME | SignalType.DURATION:
                wanted = "timestamp" if signal.type is SignalType.TIME else "duration"
                if not (isinstance(constant, Call) and constant.function == wanted):
                    self.mismatch(constant, signal, f"`{wanted}(…)`")

    def mismatch(self, constant: Expression, signal: Signal, wanted: str) -> None:
        given = print_expression(constant)
        self.wrong(constant, f"`{signal.name}` is a {signal.type}, and `{given}` is none", f"compare it with {wanted}")

    def value(self, constant: Expression, signal: Signal) -> None:
        """A constant that must be one of the signal's values."""
        if not (isinstance(constant, Literal) and isinstance(constant.value, str)):
            self.mismatch(constant, signal, "one of its values in quotes")
        elif constant.value not in signal.by_name:
            self.problems.append(
                unknown_value.report(constant.value, signal.name, signal.value_names, self.place(constant))
            )

    def number(self, constant: Expression, signal: Signal, operator: str) -> None:
        if not isinstance(constant, Literal) or isinstance(constant.value, bool | str):
            self.mismatch(constant, signal, "a number")
            return
        number = constant.value
        if signal.integer and isinstance(number, float) and not number.is_integer():
            self.wrong(constant, f"`{signal.name}` counts whole numbers, and `{number!r}` is none")
            return
        low = 0.0 if signal.type is SignalType.SCORE else signal.minimum
        high = 1.0 if signal.type is SignalType.SCORE else signal.maximum
        if (low is not None and number < low) or (high is not None and number > high) or abs(number) > 2**53:
            report = constant_out_of_range.report(
                repr(number), signal.name, constant_out_of_range.bounds(low, high), self.place(constant)
            )
            self.problems.append(report)
        elif (number == low and operator in ("<", ">=")) or (number == high and operator in (">", "<=")):
            always = operator in (">=", "<=")
            words = f"`{signal.name}` is {'always' if always else 'never'} {operator} {number!r}"
            self.problems.append(
                unreachable_literal.report(
                    words, self.place(constant), f"it goes {constant_out_of_range.bounds(low, high)}"
                )
            )

    def membership(self, node: In) -> None:
        match node.element, node.container:
            case Name() as name, ListLiteral(items):
                signal = self.signal(name)
                if signal is not None:
                    self.listed(name, signal, node.container, items)
            case Literal() as literal, Name() as name:
                signal = self.signal(name)
                if signal is not None and signal.type is not SignalType.SET:
                    self.wrong(name, f"`{name.path}` is a {signal.type}, not a set", _how_to_ask(signal))
                elif signal is not None:
                    self.value(literal, signal)
            case _:
                hint = 'write `signal in ["a", "b"]` or `"a" in set_signal`'
                self.wrong(node, "`in` joins a signal and a list, or a value and a set", hint)

    def listed(self, name: Name, signal: Signal, container: Expression, items: tuple[Literal, ...]) -> None:
        if signal.type is SignalType.SET:
            self.wrong(name, f"`{signal.name}` is a set", f"write `sets.intersects({signal.name}, [...])`")
            return
        if signal.type in (SignalType.TIME, SignalType.DURATION, SignalType.FLAG):
            self.wrong(name, f"a {signal.type} is not looked up in a list", _how_to_ask(signal))
            return
        if not items:
            self.problems.append(unreachable_literal.report("nothing is in an empty list", self.place(container)))
        for item in items:
            if signal.type in (SignalType.CHOICE, SignalType.SCALE):
                self.value(item, signal)
            elif signal.type is SignalType.TEXT and not isinstance(item.value, str):
                self.mismatch(item, signal, "text in quotes")
            elif signal.type in (SignalType.NUMBER, SignalType.SCORE):
                self.number(item, signal, "==")
        self.repeated(items)
        if signal.values and {item.value for item in items} >= set(signal.value_names):
            words = f"this lists every value of `{signal.name}`, so it is always true"
            self.problems.append(unreachable_literal.report(words, self.place(container), "leave it out"))

    def repeated(self, items: Iterable[Literal]) -> None:
        seen: set[Literal] = set()
        for item in items:
            if item in seen:
                words = f"`{print_literal(item.value)}` stands in the list twice"
                self.problems.append(unreachable_literal.report(words, self.place(item), "leave it out"))
            seen.add(item)

    def call(self, node: Call) -> None:
        match node:
            case Call("atLeast" | "atMost", (Name() as name, argument)):
                self.scale(node, name, argument)
            case Call(function, (Name() as name, argument)) if function in _TEXT_METHODS:
                signal = self.signal(name)
                if signal is not None and signal.type is not SignalType.TEXT:
                    hint = f'write `"…" in {name.path}`' if signal.type is SignalType.SET else _how_to_ask(signal)
                    self.wrong(name, f"`{name.path}` is a {signal.type}, not text", hint)
                elif signal is not None and not (isinstance(argument, Literal) and isinstance(argument.value, str)):
                    self.mismatch(argument, signal, "text in quotes")
                elif isinstance(argument, Literal) and argument.value == "":
                    words = "the empty text is part of every text"
                    self.problems.append(unreachable_literal.report(words, self.place(argument), "leave it out"))
            case Call("sets.contains" | "sets.intersects", arguments):
                self.sets(node, arguments)
            case _:
                hint = "compare it, as in `size(technique) > 1`"
                self.wrong(node, f"`{node.function}` gives no true or false by itself", hint)

    def scale(self, node: Call, name: Name, argument: Expression) -> None:
        signal = self.signal(name)
        if signal is None:
            return
        if signal.type is not SignalType.SCALE:
            words = f"`{name.path}` is a {signal.type}, not a scale"
            self.problems.append(scale_mismatch.report(words, self.place(node), _how_to_ask(signal)))
            return
        if isinstance(argument, Literal) and isinstance(argument.value, str) and argument.value not in signal.by_name:
            others = [other.name for other in self.vocabulary.signals if argument.value in other.by_name]
            if others:
                words = f"`{argument.value}` is a value of `{others[0]}`, not of the scale `{signal.name}`"
                hint = "its values are " + ", ".join(f"`{value}`" for value in signal.value_names)
                self.problems.append(scale_mismatch.report(words, self.place(argument), hint))
                return
        self.value(argument, signal)
        end = signal.value_names[0 if node.function == "atLeast" else -1]
        if isinstance(argument, Literal) and argument.value == end:
            words = f"`{signal.name}` is always {'at least' if node.function == 'atLeast' else 'at most'} `{end}`"
            self.problems.append(unreachable_literal.report(words, self.place(argument), "leave it out"))

    def sets(self, node: Call, arguments: tuple[Expression, ...]) -> None:
        match arguments:
            case (Name() as name, ListLiteral(items) as listed):
                signal = self.signal(name)
                if signal is None:
                    return
                if signal.type is not SignalType.SET:
                    self.wrong(name, f"`{name.path}` is a {signal.type}, not a set", _how_to_ask(signal))
                    return
                if not items:
                    words = f"`{node.function}` with an empty list is always the same"
                    self.problems.append(unreachable_literal.report(words, self.place(listed)))
                for item in items:
                    self.value(item, signal)
                self.repeated(items)
            case _:
                self.wrong(node, f"`{node.function}` takes a set and a list", f'write `{node.function}(signal, ["a"])`')


def _size_of(signal: Signal) -> Signal:
    """The number that stands for how many values a set has, or characters a text."""
    most = len(signal.values) if signal.type is SignalType.SET else signal.longest
    return Signal(f"size({signal.name})", SignalType.NUMBER, "", "", minimum=0.0, maximum=float(most), integer=True)


def _how_to_ask(signal: Signal) -> str:
    first = signal.value_names[0] if signal.values else "…"
    match signal.type:
        case SignalType.FLAG:
            return f"write `{signal.name}` or `!{signal.name}`"
        case SignalType.CHOICE:
            return f'write `{signal.name} == "{first}"` or `{signal.name} in ["{first}"]`'
        case SignalType.SCALE:
            return f'write `{signal.name}.atLeast("{signal.value_names[-1]}")`'
        case SignalType.SET:
            return f'write `"{first}" in {signal.name}`'
        case SignalType.TEXT:
            return f'write `{signal.name}.contains("…")`'
        case _:
            return f"compare `{signal.name}` with `<`, `<=`, `==`, `>=` or `>`"
