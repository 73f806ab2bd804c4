"""The variables of exported CEL: their names and types. It never renames one that plain CEL can read as it is."""

from __future__ import annotations

from dataclasses import dataclass

from assay.engine.language.expression.parser import KEYWORDS
from assay.engine.language.pack.vocabulary import Signal, SignalType

# What does not come from a signal stands under this name.
OURS = "assay"
MARKET, AS_OF = f"{OURS}.market", f"{OURS}.as_of"
_RENAMED = "signal"
# Identifiers that CEL's standard environment gives a meaning of their own.
_STANDARD = frozenset(
    "bool bytes double duration dyn google int list map null_type string timestamp type uint optional_type".split()
)
_TYPES = {
    SignalType.FLAG: "bool",
    SignalType.SCORE: "double",
    SignalType.TIME: "timestamp",
    SignalType.DURATION: "duration",
    SignalType.SET: "list(string)",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that a program binds, or leaves unbound where the value is unknown.

    type   in CEL's words
    holds  `signal`, `market`, `as_of`, or `rollout` (an item's share for a rule)
    of     the signal or rule it belongs to, or nothing
    """

    name: str
    type: str
    holds: str
    of: str = ""

    def declaration(self) -> dict[str, object]:
        """The variable as CEL's own environment files declare it."""
        outer, _, inner = self.type.partition("(")
        declared: dict[str, object] = {"name": self.name, "type_name": outer}
        return declared | ({"params": [{"type_name": inner.removesuffix(")")}]} if inner else {})


def variable_of(signal: Signal) -> Variable:
    """The variable of a signal, named like it wherever CEL has no other meaning for the name."""
    kind = ("int" if signal.integer else "double") if signal.type is SignalType.NUMBER else _TYPES.get(signal.type)
    return Variable(variable_name(signal.name), kind or "string", "signal", signal.name)


def variable_name(signal: str) -> str:
    """The name of a signal's variable."""
    first = signal.partition(".")[0]
    return f"{_RENAMED}.{signal}" if first in _STANDARD | {OURS, _RENAMED} else signal


def rollout_name(rule: str) -> str:
    """The variable with an item's share for a rule; CEL has no SHA-256 to work it out."""
    return ".".join((OURS, "rollout", *(_identifier(piece) for piece in rule.split("/"))))


def _identifier(slug: str) -> str:
    """A slug as an identifier. Slugs hold no `_`, so that no two become one."""
    name = slug.replace("-", "_")
    return f"_{name}" if name[:1].isdigit() or name in KEYWORDS else name
