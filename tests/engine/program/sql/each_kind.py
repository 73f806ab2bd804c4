"""Each kind of condition, and rows below, at and above its constants. It tests nothing."""

from __future__ import annotations

from dataclasses import replace

from assay.engine.kernel.values import MaybeValue
from assay.engine.program.core import Among, Atom, Members, Node, Test
from assay.engine.program.lower import Program, lower_pack
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

EXACT = a_vocabulary(
    a_signal("n", "number", integer=True),
    a_signal("m", "number"),
    a_signal("t", "time"),
    a_signal("u", "time"),
    a_signal("technique", "set", ("a", "b", "c")),
    a_signal("caption", "text"),
    a_signal("told"),
    a_signal("kind", "choice", ("x", "y", "z")),
)
# One below, one at and one above each constant, so that an operator taken for its neighbour is seen.
EXACT_ROWS: tuple[dict[str, MaybeValue], ...] = (
    {"n": 1, "m": 1.5, "t": 1, "u": 2, "technique": frozenset(), "caption": "a", "told": True, "kind": "x"},
    {"n": 2, "m": 2.0, "t": 2, "u": 2, "technique": frozenset("ab"), "caption": "ab", "told": False, "kind": "y"},
    {"n": 3, "m": 2.5, "t": 3, "u": 2, "technique": frozenset("abc"), "caption": "cab", "told": True, "kind": "z"},
    {"n": 2, "technique": frozenset("c"), "caption": "", "told": False},
    {"m": 2.0, "u": 2},
    {},
)
OPERATORS = ("==", "!=", "<", "<=", ">", ">=")

EACH_KIND = (
    *(f"{left} {operator} 2" for left in ("n", "m", "size(technique)", "size(caption)") for operator in OPERATORS),
    *(f"{left} {operator} {right}" for left, right in (("t", "u"), ("n", "m"), ("m", "n")) for operator in OPERATORS),
    "told",
    "told == true",
    "told != true",
    "told == told",
    'kind == "y"',
    'kind != "y"',
    'kind in ["x", "y"]',
    "n in [2, 3]",
    "m in [2, 2.5]",
    '"a" in technique',
    'sets.contains(technique, ["a", "b"])',
    'sets.intersects(technique, ["a", "c"])',
    'caption.contains("a")',
    'caption.contains("")',
    'caption.startsWith("a")',
    'caption.startsWith("")',
    'caption.endsWith("b")',
    'caption == "ab"',
    'caption in ["ab", ""]',
    "true",
    "false",
)

# Tests that no text says, but that the core allows: every value, none, and no value of a set.
ONLY_IN_THE_CORE: tuple[tuple[Test, bool], ...] = (
    (Among("told", frozenset((True, False))), True),
    (Among("told", frozenset()), False),
    (Among("kind", frozenset()), False),
    (Members("technique", "all", frozenset()), True),
    (Members("technique", "any", frozenset()), False),
)


def program_of(node: Node) -> Program:
    """A program of one rule with a condition of the core."""
    program = lower_pack(a_pack(a_rule("p/r", "told"), vocabulary=EXACT))
    return replace(program, rules=(replace(program.rules[0], condition=node),))


def opposites(test: Test, *, holds: bool) -> tuple[tuple[Program, bool], ...]:
    """The programs of a test and of its opposite, each with its answer wherever the signal is known."""
    return (program_of(Atom(test)), holds), (program_of(Atom(test, negated=True)), not holds)
