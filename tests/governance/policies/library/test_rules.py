"""Two texts rule by rule, and a text part by part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.governance.policies.library.rules import compared, outline_of
from assay.governance.policies.library.sections import parts_of
from tests.governance.policies.library.houses import policy

RULE = '\n```yaml rule\nid: {}\nwhen: ai_extent == "none"\n```\n'


def test_a_text_says_its_version_its_owner_and_its_rules() -> None:
    found = outline_of(policy() + RULE.format("other"))
    assert (found.title, found.label, found.owner, found.rules) == ("Likeness", "1.0.0", "aigc-policy", 2)
    assert [len(each.examples) for each in found.clauses] == [1, 0]


def test_rules_that_came_went_and_are_others_are_told_by_name() -> None:
    before = outline_of(policy() + RULE.format("went") + RULE.format("stays"))
    after = outline_of(policy(severity="S4") + RULE.format("stays") + RULE.format("came"))
    found = compared(before, after)
    assert [each.name for each in found.added] == ["came"]
    assert [each.name for each in found.removed] == ["went"]
    assert [(each.clause.name, each.parts) for each in found.altered] == [("private", ("condition and measures",))]
    assert found.same == 1
    assert not found.is_prose_only


def test_other_words_and_another_version_decide_nothing_otherwise() -> None:
    found = compared(outline_of(policy()), outline_of(policy(version="1.1.0").replace("face", "voice")))
    assert found.is_prose_only
    assert not found.altered


def test_another_example_is_told_and_decides_nothing_otherwise() -> None:
    found = compared(outline_of(policy()), outline_of(policy().replace("a neighbour", "a colleague")))
    assert [each.parts for each in found.altered] == [("examples",)]
    assert found.is_prose_only


def test_a_day_from_which_it_holds_is_no_mere_word() -> None:
    found = compared(outline_of(policy()), outline_of(policy().replace("2026-09-01", "2027-01-01")))
    assert found.frame
    assert not found.is_prose_only


@given(st.text(alphabet="-`#> \n\tyamlrule:id[]{}&*!'\"é\r", max_size=200))
def test_every_text_can_be_taken_apart(text: str) -> None:
    found = outline_of(text)
    assert compared(found, found).same == len({(each.kind, each.name) for each in found.clauses})
    blocks = [block for part in parts_of(text) for block in part.blocks if block.kind in ("rule", "exception")]
    assert [(each.kind, each.texts[0]) for each in blocks] == [(each.kind, each.program) for each in found.clauses]
