"""What compiled conditions say of each type's values, at the edges and where a signal is missing."""

from __future__ import annotations

from math import inf, nextafter

import pytest

from assay.engine.kernel.instants import SECOND, parse_instant
from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.program.scalar import MOST_COMPARED
from tests.engine.program.compiled import compiled, truth, truth_of_rule
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(
    a_signal("disclosed"),
    a_signal("agreed"),
    a_signal("kind", "choice"),
    a_signal("other.kind", "choice"),
    a_signal("extent", "scale"),
    a_signal("technique", "set"),
    a_signal("copies", "number", integer=True),
    a_signal("width", "number"),
    a_signal("height", "number"),
    a_signal("doubt", "score"),
    a_signal("caption", "text"),
    a_signal("at", "time"),
    a_signal("seen_at", "time"),
    a_signal("length", "duration"),
)
NOON = parse_instant("2026-12-15T12:00:00Z") or 0
NOTHING: frozenset[str] = frozenset()

TABLES: dict[str, dict[str, list[tuple[MaybeValue, Truth]]]] = {
    "disclosed": {
        "disclosed": [(True, YES), (False, NO), (None, UNKNOWN)],
        "!disclosed": [(True, NO), (False, YES), (None, UNKNOWN)],
        "disclosed == false": [(True, NO), (False, YES), (None, UNKNOWN)],
        "disclosed != false": [(True, YES), (False, NO), (None, UNKNOWN)],
        "disclosed || !disclosed": [(True, YES), (False, YES), (None, UNKNOWN)],
        "disclosed && !disclosed": [(True, NO), (False, NO), (None, UNKNOWN)],
    },
    "kind": {
        'kind == "adult"': [("adult", YES), ("minor", NO), ("nobody", NO), (None, UNKNOWN)],
        'kind != "adult"': [("adult", NO), ("minor", YES), ("nobody", YES), (None, UNKNOWN)],
        'kind in ["adult", "minor"]': [("adult", YES), ("minor", YES), ("nobody", NO), (None, UNKNOWN)],
        '!(kind in ["adult", "minor"])': [("adult", NO), ("minor", NO), ("nobody", YES), (None, UNKNOWN)],
    },
    "extent": {
        'extent.atLeast("altered")': [("none", NO), ("altered", YES), ("generated", YES), (None, UNKNOWN)],
        'extent.atMost("altered")': [("none", YES), ("altered", YES), ("generated", NO), (None, UNKNOWN)],
        'extent == "altered"': [("none", NO), ("altered", YES), ("generated", NO), (None, UNKNOWN)],
    },
    "technique": {
        '"face_swap" in technique': [(frozenset({"face_swap"}), YES), (NOTHING, NO), (None, UNKNOWN)],
        'sets.contains(technique, ["face_swap", "inpainting"])': [
            (frozenset({"face_swap"}), NO),
            (frozenset({"face_swap", "inpainting"}), YES),
            (frozenset({"face_swap", "inpainting", "voice_clone"}), YES),
            (None, UNKNOWN),
        ],
        'sets.intersects(technique, ["face_swap", "inpainting"])': [
            (frozenset({"inpainting"}), YES),
            (frozenset({"voice_clone"}), NO),
            (NOTHING, NO),
            (None, UNKNOWN),
        ],
        "size(technique) > 1": [
            (NOTHING, NO),
            (frozenset({"face_swap"}), NO),
            (frozenset({"face_swap", "voice_clone"}), YES),
            (None, UNKNOWN),
        ],
        "size(technique) == 0": [(NOTHING, YES), (frozenset({"face_swap"}), NO), (None, UNKNOWN)],
    },
    "copies": {
        "copies > 3": [(3, NO), (4, YES), (-7, NO), (None, UNKNOWN)],
        "copies >= 3": [(2, NO), (3, YES), (2**53, YES)],
        "copies < 3": [(2, YES), (3, NO), (-(2**53), YES)],
        "copies <= 3": [(3, YES), (4, NO)],
        "copies == 3": [(2, NO), (3, YES), (4, NO)],
        "copies != 3": [(2, YES), (3, NO), (4, YES)],
        "3 < copies": [(3, NO), (4, YES)],
        "copies in [1, 3, 5]": [(0, NO), (1, YES), (2, NO), (3, YES), (4, NO), (5, YES), (6, NO), (None, UNKNOWN)],
        f"copies == {2**53}": [(2**53, YES), (2**53 - 1, NO)],
        f"copies < {2**53}": [(2**53, NO), (2**53 - 1, YES)],
    },
    "width": {
        "width > 0.5": [(0.5, NO), (nextafter(0.5, inf), YES), (None, UNKNOWN)],
        "width >= 0.5": [(nextafter(0.5, 0), NO), (0.5, YES)],
        "width == 3": [(3.0, YES), (nextafter(3.0, inf), NO), (nextafter(3.0, 0), NO)],
        "width != 3.0": [(3.0, NO), (nextafter(3.0, inf), YES)],
        "width in [0.1, 2.5]": [(0.1, YES), (1.0, NO), (2.5, YES), (3.0, NO)],
        "width == 0": [(-0.0, YES), (0.0, YES), (5e-324, NO)],
        f"width >= {2**53}": [(float(2**53), YES), (float(2**53 - 1), NO)],
    },
    "doubt": {"doubt >= 0.9": [(0.9, YES), (nextafter(0.9, 0), NO), (1.0, YES), (0.0, NO), (None, UNKNOWN)]},
    "caption": {
        'caption.contains("AI")': [("made with AI", YES), ("ai", NO), ("", NO), (None, UNKNOWN)],
        'caption.startsWith("AI")': [("AI made it", YES), ("made with AI", NO)],
        'caption.endsWith("AI")': [("AI made it", NO), ("made with AI", YES)],
        'caption == ""': [("", YES), (" ", NO), (None, UNKNOWN)],
        'caption in ["a", "über"]': [("über", YES), ("u\u0308ber", NO), ("a", YES)],
        "size(caption) > 2": [("𝔸𝔹", NO), ("𝔸𝔹ℂ", YES)],
    },
    "at": {
        'at >= timestamp("2026-12-15T12:00:00Z")': [(NOON - 1, NO), (NOON, YES), (None, UNKNOWN)],
        'at > timestamp("2026-12-15T13:00:00+01:00")': [(NOON, NO), (NOON + 1, YES)],
        'at == timestamp("1969-12-31T23:59:59Z")': [(-SECOND, YES), (0, NO)],
    },
    "length": {
        'length < duration("90s")': [(90 * SECOND, NO), (90 * SECOND - 1, YES), (-SECOND, YES), (None, UNKNOWN)],
        'length == duration("1m30s")': [(90 * SECOND, YES), (90 * SECOND + 1, NO)],
    },
}
ROWS = [
    (signal, condition, value, expected)
    for signal, conditions in TABLES.items()
    for condition, rows in conditions.items()
    for value, expected in rows
]


@pytest.mark.parametrize(("signal", "condition", "value", "expected"), ROWS)
def test_a_value_is_judged_as_the_condition_says(
    signal: str, condition: str, value: MaybeValue, expected: Truth
) -> None:
    assert truth(condition, VOCABULARY, {signal: value}) is expected


@pytest.mark.parametrize(
    ("condition", "left", "right", "expected"),
    [
        ("width < height", 1.0, 2.0, YES),
        ("width < height", 2.0, 2.0, NO),
        ("width <= height", 2.0, 2.0, YES),
        ("width != height", 0.1, 0.1, NO),
        ("!(width > height)", 3.0, 2.0, NO),
        ("width == height", None, 2.0, UNKNOWN),
        ("width == height", 2.0, None, UNKNOWN),
        ("width == width", None, None, UNKNOWN),
        ("at > seen_at", NOON + 1, NOON, YES),
        ("disclosed == agreed", False, False, YES),
        ("disclosed != agreed", True, False, YES),
        ("kind == other.kind", "adult", "minor", NO),
        ("kind == other.kind", "adult", "adult", YES),
    ],
)
def test_two_signals_are_compared_where_both_are_known(
    condition: str, left: MaybeValue, right: MaybeValue, expected: Truth
) -> None:
    names = [name for name in VOCABULARY.index if f" {name} " in f" {condition.strip('!()')} ".replace("(", " ")]
    first, *others = sorted(names, key=condition.index)
    assert truth(condition, VOCABULARY, {first: left, **dict.fromkeys(others, right)}) is expected


@pytest.mark.parametrize("constants", [2, MOST_COMPARED // 2 + 1, 3 * MOST_COMPARED])
def test_many_constants_of_one_signal_are_told_apart(constants: int) -> None:
    rules = [a_rule(f"p/r{number}", f"copies >= {10 * number}") for number in range(constants)]
    rules += [a_rule(f"p/e{number}", f"copies == {10 * number}") for number in range(constants)]
    scalar = compiled(a_pack(*rules, vocabulary=VOCABULARY))
    for value in range(-1, 10 * constants + 1):
        for number in range(constants):
            least = truth_of_rule(scalar, number, {"copies": value})
            exact = truth_of_rule(scalar, constants + number, {"copies": value})
            assert least is (YES if value >= 10 * number else NO)
            assert exact is (YES if value == 10 * number else NO)


def test_rules_without_a_signal_are_what_they_say() -> None:
    scalar = compiled(a_pack(a_rule("p/yes", "true"), a_rule("p/no", "false"), vocabulary=VOCABULARY))
    assert truth_of_rule(scalar, 0, {}) is YES
    assert truth_of_rule(scalar, 1, {}) is NO


def test_a_pack_without_rules_can_be_compiled() -> None:
    scalar = compiled(a_pack(vocabulary=VOCABULARY))
    assert scalar.rule_planes(scalar.evaluate([None] * len(VOCABULARY.signals), "item-1")) == (0, 0)


def test_one_known_no_decides_an_and_and_one_known_yes_an_or() -> None:
    assert truth('disclosed && kind == "adult"', VOCABULARY, {"disclosed": False}) is NO
    assert truth('disclosed && kind == "adult"', VOCABULARY, {"disclosed": True}) is UNKNOWN
    assert truth('disclosed || kind == "adult"', VOCABULARY, {"kind": "adult"}) is YES
    assert truth('disclosed || kind == "adult"', VOCABULARY, {"kind": "minor"}) is UNKNOWN


def test_an_exception_and_unless_hold_only_where_they_are_known() -> None:
    rule = a_rule("p/r", "disclosed", unless="agreed")
    scalar = compiled(a_pack(rule, vocabulary=VOCABULARY))
    assert truth_of_rule(scalar, 0, {"disclosed": True, "agreed": False}) is YES
    assert truth_of_rule(scalar, 0, {"disclosed": True, "agreed": True}) is NO
    assert truth_of_rule(scalar, 0, {"disclosed": True}) is UNKNOWN
