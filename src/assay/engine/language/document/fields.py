"""The keys of a YAML mapping, read as what they should hold. It never stops at the first fault."""

from __future__ import annotations

import math
from collections.abc import Sequence as SequenceOf

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.instants import parse_days, parse_instant
from assay.engine.kernel.span import Span
from assay.engine.language.document.yaml_tree import Mapping, Node, Scalar, Sequence
from assay.engine.language.expression.lexer import SyntaxFault
from assay.engine.language.expression.parser import parse_expression
from assay.engine.language.pack.policy import Condition, Named
from assay.engine.language.problems.dates import bad_date
from assay.engine.language.problems.writing import bad_value, missing_key, syntax, unknown_key

_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


class Fields:
    """A mapping whose keys are known. `where` names it in faults, such as `this rule`."""

    def __init__(self, node: Mapping, where: str, known: SequenceOf[str], problems: list[Diagnostic]) -> None:
        self.node, self.where, self.problems = node, where, problems
        for key, _ in node.entries:
            if key.text not in known:
                problems.append(unknown_key.report(key.text, where, known, key.span))

    def place(self, key: str) -> Span:
        """Where a key's value stands, or the mapping itself."""
        node = self.node.get(key)
        return node.span if node is not None else self.node.span

    def scalar(self, key: str, *, required: bool = False) -> Scalar | None:
        """One word or text."""
        node = self.node.get(key)
        if node is None or (isinstance(node, Scalar) and not node.text.strip()):
            if required:
                self.problems.append(missing_key.report(key, self.where, self.place(key)))
            return None
        if not isinstance(node, Scalar):
            self.problems.append(bad_value.report(f"`{key}` holds one value, not several", node.span))
            return None
        return node

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """Text, with white space at its ends left out."""
        found = self.scalar(key, required=required)
        return default if found is None else found.text.strip()

    def one_of(self, key: str, allowed: SequenceOf[str], default: str, *, required: bool = False) -> str:
        """One of a few words."""
        found = self.scalar(key, required=required)
        if found is None:
            return default
        if found.text not in allowed:
            hint = "it is " + ", ".join(f"`{word}`" for word in allowed)
            self.problems.append(bad_value.report(f"`{key}` cannot be `{found.text}`", found.span, hint))
            return default
        return found.text

    def flag(self, key: str, default: bool = False) -> bool:
        """yes or no."""
        found = self.scalar(key)
        if found is None:
            return default
        if found.text.lower() not in _FLAGS:
            self.problems.append(bad_value.report(f"`{key}` cannot be `{found.text}`", found.span, "write yes or no"))
            return default
        return _FLAGS[found.text.lower()]

    def number(self, key: str, default: float | None = None) -> float | None:
        """A finite number."""
        found = self.scalar(key)
        if found is None:
            return default
        number = number_of(found.text)
        if number is None:
            self.problems.append(
                bad_value.report(f"`{key}` cannot be `{found.text[:40]}`", found.span, "write a number")
            )
            return default
        return number

    def instant(self, key: str) -> int | None:
        """A date or time, as microseconds since the epoch."""
        found = self.scalar(key)
        if found is None:
            return None
        instant = parse_instant(found.text.strip())
        if instant is None:
            self.problems.append(bad_date.report(found.text[:40], found.span))
        return instant

    def days(self, key: str) -> int:
        """A length such as `30 days`, in microseconds; 0 when absent."""
        found = self.scalar(key)
        if found is None:
            return 0
        length = parse_days(found.text)
        if length is None or length < 0:
            hint = "write it as `30 days` or `36h`"
            self.problems.append(bad_value.report(f"`{found.text[:40]}` is no length of time", found.span, hint))
            return 0
        return length

    def mapping(self, key: str, *, required: bool = False) -> Mapping | None:
        """A mapping below a key."""
        node = self.node.get(key)
        if node is None:
            if required:
                self.problems.append(missing_key.report(key, self.where, self.node.span))
            return None
        if not isinstance(node, Mapping):
            self.problems.append(bad_value.report(f"`{key}` holds keys and values", node.span))
            return None
        return node

    def items(self, key: str) -> tuple[Node, ...]:
        """The nodes of a list; a single node counts as a list of one."""
        node = self.node.get(key)
        if node is None or (isinstance(node, Scalar) and not node.text.strip()):
            return ()
        return node.items if isinstance(node, Sequence) else (node,)

    def names(self, key: str, *, required: bool = False) -> tuple[Named, ...]:
        """Words in a list, with their places."""
        found = []
        for node in self.items(key):
            if isinstance(node, Scalar) and node.text.strip():
                found.append(Named(node.text.strip(), node.span))
            else:
                self.problems.append(bad_value.report(f"`{key}` is a list of names", node.span))
        if required and not found:
            self.problems.append(missing_key.report(key, self.where, self.place(key)))
        return tuple(found)

    def condition(self, key: str, *, required: bool = False) -> Condition | None:
        """A condition, parsed."""
        found = self.scalar(key, required=required)
        return None if found is None else parse_condition(found, self.problems)


def parse_condition(scalar: Scalar, problems: list[Diagnostic]) -> Condition | None:
    """The condition that a YAML text says, or None with the fault collected."""
    try:
        return Condition(parse_expression(scalar.text), scalar.source)
    except SyntaxFault as fault:
        place = scalar.source.span(fault.start, max(fault.end, fault.start + 1))
        problems.append(syntax.report(fault.words, place, fault.hint))
        return None


def number_of(text: str) -> float | None:
    """A finite number in plain decimal form, or None."""
    stripped = text.strip()
    if len(stripped) > 40 or not stripped or stripped.strip("+-0123456789.eE"):
        return None
    try:
        number = float(stripped)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
