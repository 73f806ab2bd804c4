"""A pack with brakes on differs from the pack by the brakes and by nothing else."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.decision.decide import Decider
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.truth import Truth
from assay.engine.language.pack.pack import Pack
from assay.interfaces.deciding.lineup import Hold
from assay.interfaces.deciding.rails.holding import held_texts, imposes
from assay.interfaces.deciding.rails.settings import DANGEROUS
from assay.interfaces.packs.texts import Texts, check_texts
from benchmarks.material.starter import items_as_uploaded, items_with_gaps, starter_pack
from tests.interfaces import small
from tests.interfaces.deciding.small_service import AS_OF, small_bundle

INSTEAD, SHELTER = "review_priority", "held"
ORDER = (Truth.NO, Truth.UNKNOWN, Truth.YES)


@cache
def starter() -> Decider:
    return Decider(starter_pack())


@cache
def items() -> tuple[object, ...]:
    pack = starter().pack
    return (*items_with_gaps(pack, 150, 11), *items_as_uploaded(pack, 150, 12))


def dangerous_rules() -> list[str]:
    rules = starter().pack.rules
    return [rule.ref for rule in rules if any(imposes(rule, measure) for measure in DANGEROUS)]


def hold(pack: Pack, rule: str) -> Hold:
    measures = tuple(name for name in DANGEROUS if imposes(pack.rule_by_ref[rule], name))
    return Hold(rule, measures, "a test", 0)


def held_pack(pack: Pack, rules: tuple[str, ...], instead: str = f"{INSTEAD} {SHELTER}") -> Pack:
    texts = held_texts(pack, tuple(hold(pack, rule) for rule in rules), instead)
    assert not isinstance(texts, Fault), texts
    report = check_texts(Texts("held", "", texts), examples=False)
    assert report.sound, report.rendered
    return report.checked.pack


@cache
def held_decider(rules: tuple[str, ...]) -> Decider:
    return Decider(held_pack(starter().pack, rules))


@pytest.mark.slow
def test_rules_of_the_starter_pack_can_be_held() -> None:
    pack = starter().pack
    assert len(dangerous_rules()) > 20
    for ref in dangerous_rules()[::2]:
        left = held_pack(pack, (ref,)).rule_by_ref[ref]
        assert not [measure for measure in DANGEROUS if imposes(left, measure)]
        assert imposes(left, INSTEAD)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_no_held_rule_imposes_is_decided_as_before(data: st.DataObject) -> None:
    before = starter()
    # A few sets of rules, each made ready once.
    rules = data.draw(st.sampled_from([(ref,) for ref in dangerous_rules()[::9]] + [tuple(dangerous_rules()[::3])]))
    after = held_decider(rules)
    item = data.draw(st.sampled_from(items()))
    old, new = before.decide(item, AS_OF), after.decide(item, AS_OF)  # type: ignore[arg-type]
    held = {measure for rule in rules for measure in hold(before.pack, rule).measures}
    for market in before.program.classes:
        one, other = old.outcome(market.example), new.outcome(market.example)
        assert (one.true, one.possible) == (other.true, other.possible)
        was, now = old.measures(market.example), new.measures(market.example)
        for measure in was:
            if measure in held:
                # Nothing is done more strictly, and what another rule imposes is imposed still.
                assert ORDER.index(now[measure]) <= ORDER.index(was[measure])
                others = [r for r in before.rule_refs(one.true) if r not in rules]
                if any(measure in [n.name for n in after.pack.rule_by_ref[r].then] for r in others):
                    assert now[measure] == was[measure] or was[measure] is not Truth.YES
            elif measure in (INSTEAD, SHELTER):
                assert ORDER.index(now[measure]) >= ORDER.index(was[measure])
            else:
                assert now[measure] == was[measure], measure


def test_a_grave_rule_keeps_an_item_hidden_until_somebody_has_looked() -> None:
    pack = starter().pack
    assert pack.rule_by_ref["minors/sexualised"].severity == "S4"
    left = held_pack(pack, ("minors/sexualised",)).rule_by_ref["minors/sexualised"]
    assert [named.name for named in left.then] == [
        "review_priority",
        "preserved",
        "reported_to_authority",
        "escalated",
        "held",
    ]
    lesser = held_pack(pack, ("likeness/deceased",)).rule_by_ref["likeness/deceased"]
    assert [named.name for named in lesser.then] == ["review_priority", "depicted_person_notified"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("then: [removed]\nseverity: S4", "then: [not_recommended]\nseverity: S4"),
        ("then: removed\nseverity: S4", "then: [not_recommended]\nseverity: S4"),
        (
            "then:\n  - label:ai\n  - removed\n# why\nseverity: S4",
            "then: [label:ai, not_recommended]\n# why\nseverity: S4",
        ),
        ("then: [removed,\n  label:ai]\nseverity: S4", "then: [not_recommended, label:ai]\nseverity: S4"),
        ("severity: S4\nthen: [not_recommended, removed]", "severity: S4\nthen: [not_recommended]"),
        (
            "severity: S4\nthen: [removed, label:ai]\nuntil_known: [removed]",
            "severity: S4\nthen: [not_recommended, label:ai]\nuntil_known: [not_recommended]",
        ),
    ],
)
def test_a_list_is_written_anew_however_it_was_written(written: str, expected: str) -> None:
    files = {**small.FILES, small.POLICY: small.FILES[small.POLICY].replace("then: [removed]\nseverity: S4", written)}
    pack = check_texts(Texts("small", "", files)).checked.pack
    texts = held_texts(pack, (Hold("likeness/intimate", ("removed",), "", 0),), "not_recommended")
    assert not isinstance(texts, Fault)
    assert expected in texts[small.POLICY]
    assert check_texts(Texts("held", "", texts), examples=False).sound


def test_a_rule_written_on_one_line_can_be_held() -> None:
    policy = small.FILES[small.POLICY]
    block = policy[policy.index("id: intimate") : policy.index("```\n\n```yaml example")]
    flow = (
        '{id: intimate, when: "ai_extent.atLeast(\\"altered\\") && nudity", unless: "consent == \\"documented\\"", '
        "then: [removed], severity: S4}\n"
    )
    files = {**small.FILES, small.POLICY: policy.replace(block, flow)}
    report = check_texts(Texts("small", "", files))
    assert report.sound, report.rendered
    pack = report.checked.pack
    texts = held_texts(pack, (Hold("likeness/intimate", ("removed",), "", 0),), "not_recommended")
    assert not isinstance(texts, Fault)
    left = check_texts(Texts("held", "", texts), examples=False)
    assert left.sound, left.rendered
    old, new = pack.rule_by_ref["likeness/intimate"], left.checked.pack.rule_by_ref["likeness/intimate"]
    assert [named.name for named in new.then] == ["not_recommended"]
    assert (new.when, new.unless) == (old.when, old.unless)


def test_no_example_is_lost_and_what_it_says_of_its_rule_is_kept() -> None:
    pack = small_bundle().pack
    texts = held_texts(pack, (Hold("likeness/intimate", ("removed",), "", 0),), "not_recommended")
    assert not isinstance(texts, Fault)
    left = check_texts(Texts("held", "", texts), examples=False).checked.pack
    before, after = pack.policies[0].examples, left.policies[0].examples
    assert [(one.title, one.given, one.expect) for one in after] == [
        (one.title, one.given, one.expect) for one in before
    ]
    assert [one.catches for one in after] == ["yes", "no", None, "no"]


def test_a_brake_on_nothing_that_is_there_is_refused() -> None:
    pack = small_bundle().pack
    unknown = held_texts(pack, (Hold("likeness/gone", ("removed",), "", 0),), "not_recommended")
    nowhere = held_texts(pack, (Hold("likeness/intimate", ("removed",), "", 0),), "reviewed")
    assert isinstance(unknown, Fault)
    assert isinstance(nowhere, Fault)
    assert (unknown.slug, nowhere.slug) == ("unknown-rule", "unknown-measure")
