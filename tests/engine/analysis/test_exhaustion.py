"""What every answer decides alike is found; and where anything cannot be listed, nothing is claimed."""

from __future__ import annotations

import pytest

from assay.engine.analysis import exhaustion
from assay.engine.program.terms import Both
from tests.engine.analysis.opened import of_rules
from tests.makers import a_signal, a_vocabulary

MANY = tuple(f"v{number}" for number in range(60))
VOCABULARY = a_vocabulary(
    a_signal("a"),
    a_signal("b"),
    a_signal("c"),
    a_signal("kind", "choice"),
    a_signal("other.kind", "choice"),
    a_signal("extent", "scale"),
    a_signal("technique", "set"),
    a_signal("tags", "set", MANY),
    a_signal("copies", "number", integer=True, minimum=0, maximum=10),
    a_signal("width", "number"),
    a_signal("height", "number"),
    a_signal("doubt", "score"),
    a_signal("caption", "text"),
    a_signal("at", "time"),
    a_signal("length", "duration"),
)
ALL_TAGS = "[" + ", ".join(f'"{name}"' for name in MANY) + "]"

ALWAYS: list[tuple[str, ...]] = [
    ("a || !a",),
    ("a", "!a"),
    ('kind == "adult"', 'kind != "adult"'),
    ('kind == "adult"', 'kind == "minor"', 'kind == "nobody"'),
    ('kind in ["adult", "minor"]', 'kind in ["minor", "nobody"]'),
    ('extent.atLeast("altered")', 'extent.atMost("altered")'),
    ('extent.atMost("none")', 'extent == "altered"', 'extent.atLeast("generated")'),
    ("a && b", "a && !b", "!a"),
    ("a && b", "!a && b", "!b && c", "!b && !c"),
    ("a", '!a && kind == "adult"', '!a && kind != "adult"'),
    ('"face_swap" in technique', 'sets.intersects(technique, ["voice_clone"])', "size(technique) <= 1"),
    ('sets.contains(technique, ["face_swap", "inpainting"])', '!sets.contains(technique, ["face_swap", "inpainting"])'),
    ("copies < 5", "copies >= 5"),
    ("copies <= 4", "copies > 4"),
    ("copies < 5", "copies > 5", "copies == 5"),
    ("copies <= 4", "copies >= 5"),
    ("width < 0.5", "width >= 0.5"),
    ("doubt < 0.5", "doubt >= 0.25"),
    ('at < timestamp("2026-12-01T00:00:00Z")', 'at >= timestamp("2026-12-01T00:00:00Z")'),
    ('length <= duration("1h")', 'length > duration("1h")'),
]
NOT_ALWAYS: list[tuple[str, ...]] = [
    ("a",),
    ("a", "b"),
    ("a", "!b"),
    ('kind == "adult"', 'kind == "minor"'),
    ('extent.atLeast("generated")', 'extent.atMost("none")'),
    ("a && b", "!a && !b"),
    ('"face_swap" in technique', "size(technique) == 0"),
    ("copies < 5", "copies > 5"),
    ("width <= 4", "width >= 5"),
    ("width < 0.5", "width > 0.5"),
    ("doubt < 0.5", "doubt > 0.5"),
    ('at < timestamp("2026-12-01T00:00:00Z")', 'at > timestamp("2026-12-01T00:00:00Z")'),
]
NEVER = [
    "a && !a",
    'kind == "adult" && !(kind in ["adult", "nobody"])',
    'kind != "adult" && kind != "minor" && kind != "nobody"',
    'extent.atLeast("generated") && extent.atMost("altered")',
    '"face_swap" in technique && !sets.intersects(technique, ["face_swap", "voice_clone"])',
    "size(technique) == 0 && size(technique) > 0",
    'sets.contains(technique, ["face_swap", "voice_clone"]) && size(technique) == 1',
    "size(technique) > 3",
    "copies > 4 && copies < 5",
    "width > 1.0 && width < 1.0",
    "copies == 3 && copies != 3",
    'length > duration("1h") && length < duration("30m")',
    "a && b && c && !b",
    "a && !a || b && !b",
    'a && !a && caption.contains("x")',
    "a && !a && width < height",
    "(a || b) && (a || c) && (b || c) && (!a || !b) && (!a || !c) && (!b || !c)",
]
NOT_NEVER = [
    "a",
    "a && !b",
    'kind == "adult" && kind in ["adult", "nobody"]',
    'extent.atLeast("altered") && extent.atMost("altered")',
    '"face_swap" in technique && !("voice_clone" in technique)',
    "size(technique) == 3",
    "copies > 4 && copies < 6",
    "width > 4 && width < 5",
    "doubt > 0.999999 && doubt < 1",
    'at > timestamp("2026-12-01T00:00:00Z") && at < timestamp("2026-12-01T00:00:00.000002Z")',
    "a && !a || b",
    f"!sets.intersects(tags, {ALL_TAGS})",
    f"sets.contains(tags, {ALL_TAGS})",
    "(a || b) && (a || c) && (b || c) && (!a || !b) && (!a || !c)",
]


@pytest.mark.parametrize("conditions", ALWAYS, ids=" + ".join)
def test_rules_that_together_leave_no_answer_out_always_impose_their_measure(conditions: tuple[str, ...]) -> None:
    assert of_rules(VOCABULARY, *conditions).always(*range(len(conditions)))


@pytest.mark.parametrize("conditions", NOT_ALWAYS, ids=" + ".join)
def test_rules_that_leave_an_answer_out_do_not(conditions: tuple[str, ...]) -> None:
    assert not of_rules(VOCABULARY, *conditions).always(*range(len(conditions)))


@pytest.mark.parametrize("conditions", [found for found in ALWAYS if len(found) > 1], ids=" + ".join)
def test_each_of_them_is_needed(conditions: tuple[str, ...]) -> None:
    found = of_rules(VOCABULARY, *conditions)
    everyone = range(len(conditions))
    overlapping = {'"face_swap" in technique', 'sets.intersects(technique, ["voice_clone"])'}
    left_out = [place for place in everyone if conditions[place] not in overlapping]
    assert not any(found.always(*(rule for rule in everyone if rule != place)) for place in left_out)


@pytest.mark.parametrize("condition", NEVER)
def test_a_rule_that_contradicts_itself_never_holds(condition: str) -> None:
    assert of_rules(VOCABULARY, condition).never()


@pytest.mark.parametrize("condition", NOT_NEVER)
def test_a_rule_that_some_answer_makes_true_is_never_called_impossible(condition: str) -> None:
    assert not of_rules(VOCABULARY, condition).never()


def test_a_rule_of_too_many_terms_is_claimed_nothing_of_by_its_parts() -> None:
    # The last of its parts fills the space, which does not make the rule hold.
    condition = '(a || b) && (c || kind == "adult") && (extent == "none" || doubt < 0.5) && (copies < 5 || copies > 4)'
    found = of_rules(VOCABULARY, condition)
    assert isinstance(found.residuals.scalar.layout.structures[0], Both)
    assert not found.always(0)


def test_what_is_known_counts() -> None:
    assert of_rules(VOCABULARY, "a && b", "a && !b", a=True).always(0, 1)
    assert not of_rules(VOCABULARY, "a && b", "a && !b").always(0, 1)
    assert of_rules(VOCABULARY, "(a || b) && !b", a=False).never()
    assert not of_rules(VOCABULARY, "(a || b) && !b").never()


@pytest.mark.parametrize(
    "conditions",
    [
        ('caption.contains("x")', '!caption.contains("x")'),
        ('caption == "x"', 'caption != "x"'),
        ("size(caption) < 3", "size(caption) >= 3"),
        ("width < height", "width >= height"),
        ("kind == other.kind", "kind != other.kind"),
    ],
)
def test_of_texts_and_comparisons_nothing_is_claimed(conditions: tuple[str, str]) -> None:
    found = of_rules(VOCABULARY, *conditions, " && ".join(conditions))
    assert not found.always(0, 1)
    assert not found.never(2)


def test_a_set_too_large_to_list_is_claimed_nothing_of() -> None:
    conditions = (f"sets.intersects(tags, {ALL_TAGS})", f"!sets.intersects(tags, {ALL_TAGS})")
    found = of_rules(VOCABULARY, *conditions)
    assert not found.always(0, 1)
    assert not found.never(0)
    assert not found.never(1)


def test_what_cannot_be_listed_does_not_hide_what_can() -> None:
    assert of_rules(VOCABULARY, 'caption.contains("x")', "a", "!a").always(0, 1, 2)
    assert of_rules(VOCABULARY, 'caption.contains("x") || a', "!a").always(0, 1)


def test_where_it_would_take_too_long_it_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    always, never = ("a && b", "a && !b", "!a"), NEVER[-1]
    assert of_rules(VOCABULARY, *always).always(0, 1, 2)
    assert of_rules(VOCABULARY, never).never()
    monkeypatch.setattr(exhaustion, "MOST_STEPS", 2)
    assert not of_rules(VOCABULARY, *always).always(0, 1, 2)
    assert not of_rules(VOCABULARY, never).never()


def test_a_term_of_very_many_signals_is_rare_and_still_possible() -> None:
    names = [f"s{number}" for number in range(400)]
    vocabulary = a_vocabulary(*(a_signal(name, "choice", tuple("abcdefgh")) for name in names))
    condition = " && ".join(f'{name} == "a"' for name in names)
    assert not of_rules(vocabulary, condition).never()


def test_boxes_with_a_signal_to_themselves_are_left_aside_one_after_the_other() -> None:
    residuals = of_rules(VOCABULARY, "a && b && c").residuals
    one, other, both = 0b01, 0b10, 0b11
    assert exhaustion._leave_room(residuals, [])
    assert exhaustion._leave_room(residuals, [{0: one}, {1: one}])
    assert exhaustion._leave_room(residuals, [{0: one, 1: one}, {1: other, 2: one}, {2: both, 1: one}])
    assert not exhaustion._leave_room(residuals, [{0: one}, {0: other}])
    assert not exhaustion._leave_room(residuals, [{0: one}, {0: both}])
    assert not exhaustion._leave_room(residuals, [{}])
