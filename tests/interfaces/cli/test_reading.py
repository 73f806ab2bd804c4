"""`assay explain`, `tree` and `fmt` show what a pack says and change nothing of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assay.interfaces.packs import load_pack
from tests.interfaces.running import SOME_DAY, STARTER, assay

PACK = load_pack(STARTER)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTER, tmp_path / "pack"))


# ------------------------------------------------------------------- explain


def test_without_a_rule_everything_is_listed_with_severity_and_measures() -> None:
    run = assay("explain", STARTER)
    words = " ".join(run.out.split())
    assert run.code == 0
    for rule in PACK.rules:
        assert f"{rule.severity} {rule.ref} {', '.join(named.name for named in rule.then)}" in words
    for exception in PACK.exceptions:
        assert f"{exception.ref} an exception that reaches" in words


def test_a_rule_is_explained_with_condition_measures_duties_and_prose() -> None:
    words = " ".join(assay("explain", STARTER, "intimate/intimate").out.split())
    rule = PACK.rule_by_ref["intimate/intimate"]
    assert "It holds when" in words
    assert all(f"{one.name}: {PACK.measures.by_id[one.name].phrase}" in words for one in rule.then)
    duties = [duty for duty in PACK.obligations if duty.id in {named.name for named in rule.meets}]
    assert duties
    assert all(duty.id in words and duty.source in words for duty in duties)
    assert "It is not legal advice." in words
    assert "What the policy says" in words


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that read a pack find it read already, for tests that run many of them."""
    for command in ("explain", "tree"):
        monkeypatch.setattr(f"assay.interfaces.cli.policy.{command}.sound_pack", lambda folder: PACK)


@pytest.mark.usefixtures("loaded")
def test_every_rule_exception_and_policy_can_be_explained() -> None:
    names = [rule.ref for rule in PACK.rules] + [one.ref for one in PACK.exceptions] + [one.id for one in PACK.policies]
    for name in names:
        assert assay("explain", STARTER, name).code == 0


def test_an_exception_is_named_where_it_reaches() -> None:
    exception = next(one for one in PACK.exceptions if PACK.reached(one))
    rule = PACK.reached(exception)[0]
    assert exception.ref in assay("explain", STARTER, rule.ref).out
    assert rule.ref in assay("explain", STARTER, exception.ref).out


def test_the_classes_of_markets_hold_every_market_once() -> None:
    out = assay("explain", STARTER, "--markets").out
    codes = [word for line in out.splitlines() if line.startswith("  ") for word in line.split()]
    assert sorted(codes) == sorted(PACK.markets.codes)


def test_a_rule_that_is_not_there_is_wrong_use_with_a_hint() -> None:
    run = assay("explain", STARTER, "intimate/intmate")
    assert run.code == 2
    assert "did you mean `intimate/intimate`?" in run.err


# ---------------------------------------------------------------------- tree


def test_a_tree_says_how_many_questions_to_expect_and_where_each_answer_leads() -> None:
    run = assay("tree", STARTER, "minors", "--as-of", SOME_DAY)
    assert run.code == 0
    assert "questions expected" in run.out.splitlines()[0]
    assert PACK.vocabulary.by_name["person.age"].question in run.out
    assert "go to 2" in run.out


def test_a_tree_as_json_leads_to_steps_that_are_there() -> None:
    made = json.loads(assay("tree", STARTER, "likeness", "--as-of", SOME_DAY, "--json").out)
    numbers = {step["number"] for step in made["steps"]}
    leads = [branch["leads_to"] for step in made["steps"] for branch in step["branches"]]
    assert {to for to in leads if isinstance(to, int)} <= numbers
    assert any(isinstance(to, dict) and "removed" in to["applied"] for to in leads)
    assert 0 < made["expected_questions"] <= made["most_questions"]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("market", ["rest", "CN", "KR"])
def test_every_policy_has_a_tree_in_every_market(market: str) -> None:
    for policy in PACK.policies:
        assert assay("tree", STARTER, policy.id, "--as-of", SOME_DAY, "--market", market).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("likness",), "did you mean `likeness`?"),
        (("likeness", "--market", "XX"), "no market is named `XX`"),
        (("likeness", "--market", "EEA"), "name one of EU, rest"),
    ],
)
def test_a_wrong_name_is_wrong_use(words: tuple[str, ...], said: str) -> None:
    run = assay("tree", STARTER, *words)
    assert run.code == 2
    assert said in run.err


# ----------------------------------------------------------------------- fmt


def test_formatting_twice_changes_nothing_more_and_never_what_is_decided(copied: Path) -> None:
    policy = copied / "policies" / "likeness.md"
    policy.write_text(policy.read_text(encoding="utf-8").replace(" && ", "  &&   "), encoding="utf-8")
    before = load_pack(copied)
    first = assay("fmt", copied)
    assert first.code == 0
    assert f"changed  {policy}" in first.out
    assert load_pack(copied).rules == before.rules
    again = assay("fmt", copied)
    assert (again.code, again.out) == (0, f"{len(before.policies)} policies: 0 changed\n")


def test_a_check_names_what_would_change_and_leaves_it(copied: Path) -> None:
    assay("fmt", copied)
    policy = copied / "policies" / "minors.md"
    text = policy.read_text(encoding="utf-8").replace(" && ", "  &&   ")
    policy.write_text(text, encoding="utf-8")
    run = assay("fmt", copied, "--check")
    assert run.code == 1
    assert run.out.splitlines() == [f"would change  {policy}", f"{len(PACK.policies)} policies: 1 would change"]
    assert policy.read_text(encoding="utf-8") == text


def test_what_is_no_text_is_left_as_it_is(copied: Path) -> None:
    (copied / "policies" / "broken.md").write_bytes(b"---\n\xff")
    run = assay("fmt", copied)
    assert run.code == 1
    assert "broken.md:1:1: malformed-block" in run.out
    assert (copied / "policies" / "broken.md").read_bytes() == b"---\n\xff"


def test_no_other_file_is_left_behind(copied: Path) -> None:
    before = {path.name for path in (copied / "policies").iterdir()}
    assay("fmt", copied)
    assert {path.name for path in (copied / "policies").iterdir()} == before
