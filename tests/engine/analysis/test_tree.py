"""A policy as steps: where each answer leads, and that nobody is asked in vain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from assay.engine.analysis import tree as module
from assay.engine.analysis.tree import End, Tree, build_tree
from assay.engine.kernel.digest import share_of
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import CalendarSource
from tests.engine.analysis.opened import Opened, opened
from tests.makers import a_pack, a_rule, a_signal, a_vocabulary

VOCABULARY = a_vocabulary(
    *(a_signal(letter) for letter in "abcdef"), a_signal("kind", "choice"), a_signal("caption", "text")
)


def every(ref: str) -> bool:
    return True


def tree_of(pack: Pack, wanted: Callable[[str], bool] = every, **known: MaybeValue) -> tuple[Opened, Tree]:
    found = opened(pack)
    values = [known.get(signal.name) for signal in pack.vocabulary.signals]
    return found, build_tree(found.scene, found.questions, wanted, values)


def shown(found: Opened, tree: Tree, place: int | End | None = None) -> object:
    """The tree as nested lists: the question, then where each answer leads; an end as its measures."""
    place = tree.start if place is None else place
    if isinstance(place, End):
        measures = found.pack.measures.all
        return sorted(measure.id for number, measure in enumerate(measures) if place.measures >> number & 1)
    step = tree.steps[place - 1]
    branches = {", ".join(map(str, b.answers)): shown(found, tree, b.leads_to) for b in step.branches}
    return (found.pack.vocabulary.signals[step.signal].name, branches)


def test_each_answer_leads_to_what_it_imposes() -> None:
    pack = a_pack(
        a_rule("p/r", 'a && kind == "minor"', then=["removed"], until_known=["blocked"]),
        a_rule("p/s", "a", then=["label:ai"]),
        vocabulary=VOCABULARY,
    )
    found, tree = tree_of(pack)
    ends = {"minor": ["label:ai", "removed"], "adult, nobody": ["label:ai"]}
    assert shown(found, tree) == ("a", {"True": ("kind", ends), "False": []})
    assert tree.complete
    assert tree.most_questions == 2
    assert tree.expected_questions == pytest.approx(1.5)


def test_ways_that_lead_to_the_same_place_are_one_step() -> None:
    pack = a_pack(a_rule("p/r", '(a || kind == "minor") && b && c'), vocabulary=VOCABULARY)
    _, tree = tree_of(pack)
    assert tree.complete
    asked = [step.signal for step in tree.steps]
    assert len(asked) == len(set(asked))
    assert [step.number for step in tree.steps] == list(range(1, len(asked) + 1))


def test_what_every_answer_treats_alike_is_not_asked() -> None:
    cheap = replace(a_signal("b"), seconds=1.0)
    vocabulary = a_vocabulary(replace(a_signal("a"), seconds=100.0), cheap)
    pack = a_pack(a_rule("p/r", "a && b || a && !b"), vocabulary=vocabulary)
    found, tree = tree_of(pack)
    assert shown(found, tree) == ("a", {"True": ["removed"], "False": []})
    assert len(tree.steps) == 1
    assert tree.expected_questions == 1.0


def test_nothing_is_asked_where_nothing_can_matter() -> None:
    for condition in ("true", "false", "a && !a"):
        _, tree = tree_of(a_pack(a_rule("p/r", condition, until_known=["blocked"]), vocabulary=VOCABULARY))
        assert isinstance(tree.start, End)
        assert tree.steps == ()
        assert tree.expected_questions == 0.0
        assert tree.most_questions == 0
        assert tree.start.measures == (0b100 if condition == "true" else 0)


def test_a_rule_that_has_become_impossible_imposes_nothing_until_known() -> None:
    rule = a_rule("p/r", 'a && kind == "minor" && kind in ["adult", "nobody"]', until_known=["not_recommended"])
    found, tree = tree_of(a_pack(rule, a_rule("p/s", "a", then=["label:ai"]), vocabulary=VOCABULARY))
    assert shown(found, tree) == ("a", {"True": ["label:ai"], "False": []})


def test_only_the_rules_wanted_are_asked_about() -> None:
    pack = a_pack(a_rule("one/r", "a"), a_rule("two/r", "b", then=["label:ai"]), vocabulary=VOCABULARY)
    found, tree = tree_of(pack, lambda ref: ref.startswith("two/"))
    assert shown(found, tree) == ("b", {"True": ["label:ai"], "False": []})
    assert tree.steps[0].branches[0].leads_to == End(0b10000, 0b10, 0)


def test_what_is_known_beforehand_is_not_asked() -> None:
    calendar = replace(
        a_signal("phase", "choice", ("none", "blackout"), scope="market"),
        calendar=CalendarSource("election", "phase", "none"),
    )
    pack = a_pack(a_rule("p/r", 'phase == "blackout" && a'), vocabulary=a_vocabulary(calendar, a_signal("a")))
    found, tree = tree_of(pack, phase="blackout")
    assert shown(found, tree) == ("a", {"True": ["removed"], "False": []})
    assert shown(*tree_of(pack, phase="none")) == []
    found, tree = tree_of(pack)
    assert isinstance(tree.start, int)
    assert [branch.leads_to for branch in tree.steps[0].branches] == [End(0, 0, 1), End(0, 0, 0)]


def test_a_text_is_left_open_and_the_end_says_which_rules_are() -> None:
    pack = a_pack(a_rule("p/r", 'a && caption.contains("x")', until_known=["blocked"]), vocabulary=VOCABULARY)
    found, tree = tree_of(pack)
    assert shown(found, tree) == ("a", {"True": ["blocked"], "False": []})
    assert [branch.leads_to for branch in tree.steps[0].branches] == [End(0b10, 0, 1), End(0, 0, 0)]


def test_the_likeliest_answer_is_shown_first() -> None:
    kind = replace(a_signal("kind", "choice"), prior={"adult": 1, "minor": 5, "nobody": 2})
    pack = a_pack(a_rule("p/r", 'kind == "minor"'), vocabulary=a_vocabulary(kind))
    _, tree = tree_of(pack)
    assert [branch.answers for branch in tree.steps[0].branches] == [("minor",), ("adult", "nobody")]
    assert [branch.likely for branch in tree.steps[0].branches] == pytest.approx([5 / 8, 3 / 8])


def test_people_learn_a_rule_that_is_rolled_out_to_few() -> None:
    pack = a_pack(a_rule("p/r", "a", rollout=0.001), vocabulary=VOCABULARY)
    assert share_of("example-0", "p/r") > 0.001
    found, tree = tree_of(pack)
    assert shown(found, tree) == ("a", {"True": ["removed"], "False": []})


def test_a_tree_too_large_to_work_through_says_that_it_is_not_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    conditions = ("a && b", "c && d", "e && f")
    then = ("removed", "label:ai", "copies_removed")
    rules = [a_rule(f"p/r{n}", c, then=[m]) for n, (c, m) in enumerate(zip(conditions, then, strict=True))]
    pack = a_pack(*rules, vocabulary=VOCABULARY)
    assert tree_of(pack)[1].complete
    monkeypatch.setattr(module, "MOST_STEPS", 3)
    assert not tree_of(pack)[1].complete


def test_the_same_pack_gives_the_same_tree() -> None:
    pack = a_pack(a_rule("p/r", "(a || b) && (c || d) && (e || f) && (a || c)"), vocabulary=VOCABULARY)
    assert tree_of(pack)[1] == tree_of(pack)[1]


def test_a_rule_with_endless_ways_in_is_given_up_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 3)
    pack = a_pack(a_rule("p/r", "(a || f) && (b || e) && (c || d)"), vocabulary=VOCABULARY)
    _, tree = tree_of(pack)
    assert not tree.complete
    monkeypatch.undo()
    _, tree = tree_of(pack)
    assert tree.complete
