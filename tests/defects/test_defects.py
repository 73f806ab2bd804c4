"""All found, none invented: every seeded defect is found and shown, and nothing is found in its near misses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache

import pytest

from assay.engine.analysis.proof.finding import WEIGHTS, Kind, Proof, Weight
from assay.engine.analysis.proof.prove import prove
from assay.engine.language.pack.pack import Pack
from tests.defects.loading import Case, all_cases
from tests.defects.reproduce import shows

DEFECTS = tuple(case for case in all_cases() if case.change is None)
NEAR_MISSES = tuple(case for case in all_cases() if case.change is not None)
# The ten kinds of defect that a policy can have, each with the findings that report it.
TEN = {
    "a dead rule": {"dead-rule"},
    "a shadowed rule": {"shadowed-rule"},
    "an exception that swallows its rule or reaches one that bars it": {"swallowed-rule", "undermined-rule"},
    "rules that impose incompatible measures": {"clashing-rules"},
    "a gap": {"gap"},
    "a label that cures": {"label-cures"},
    "a broken invariant": {"broken-invariant"},
    "a broken obligation or scenario": {"broken-obligation", "would-break", "vacuous-obligation", "fallen-scenario"},
    "a decision that is open forever": {"open-forever"},
    "a question that can never matter": {"phantom-question"},
}
# What an author has to be told of; the others keep a pack from being released.
WEIGHED = {"broken-obligation/a-voluntary-code": Weight.WARNING, "broken-obligation/all-but-one-market": Weight.WARNING}
BY_NAME = {case.name: case for case in all_cases()}


@cache
def pack_of(name: str) -> Pack:
    return BY_NAME[name].pack()


@cache
def proof_of(name: str) -> Proof:
    return prove(pack_of(name), BY_NAME[name].as_of)


def found_in(proof: Proof) -> set[tuple[str, ...]]:
    return {(finding.kind.value, *finding.subjects) for finding in proof.findings}


@pytest.mark.parametrize("name", [case.name for case in DEFECTS])
def test_a_seeded_defect_is_found_and_nothing_else(name: str) -> None:
    proof = proof_of(name)
    assert found_in(proof) == BY_NAME[name].expect
    assert len(proof.findings) == len(BY_NAME[name].expect)


@pytest.mark.parametrize("name", [case.name for case in NEAR_MISSES])
def test_nothing_is_found_in_a_near_miss(name: str) -> None:
    proof = proof_of(name)
    assert found_in(proof) == set(), BY_NAME[name].title
    assert proof.sound
    assert {checked.outcome for checked in proof.checked} <= {"proved", "not-formal"}


@pytest.mark.parametrize("name", [case.name for case in DEFECTS])
def test_a_witness_is_decided_as_its_finding_says(name: str) -> None:
    pack = pack_of(name)
    for finding in proof_of(name).findings:
        assert shows(pack, finding), finding


@pytest.mark.parametrize("name", [case.name for case in DEFECTS])
def test_an_item_of_which_nothing_is_known_shows_no_finding(name: str) -> None:
    """Else the check of witnesses would pass whatever they are."""
    pack = pack_of(name)
    for finding in proof_of(name).findings:
        if any(witness.signals for witness in finding.witnesses):
            emptied = tuple(replace(witness, signals={}) for witness in finding.witnesses)
            assert not shows(pack, replace(finding, witnesses=emptied)), finding


@pytest.mark.parametrize("name", [case.name for case in DEFECTS])
def test_a_finding_has_its_weight_its_place_and_its_words(name: str) -> None:
    files = set(pack_of(name).files)
    for finding in proof_of(name).findings:
        assert finding.weight is WEIGHED.get(name, WEIGHTS.get(finding.kind, Weight.ERROR))
        assert finding.span.path in files
        assert finding.words
        assert finding.hint


@dataclass(frozen=True, slots=True)
class Remembered:
    """A memory that lasts as long as one test."""

    texts: dict[str, str]

    def get(self, key: str) -> str | None:
        return self.texts.get(key)

    def put(self, key: str, value: str) -> None:
        self.texts[key] = value


@pytest.mark.parametrize("name", [case.name for case in DEFECTS])
def test_what_was_proved_before_an_edit_hides_and_invents_nothing_after_it(name: str) -> None:
    memory = Remembered({})
    edits = [case for case in NEAR_MISSES if case.name.partition("~")[0] == name]
    for case in (BY_NAME[name], *edits, BY_NAME[name]):
        assert found_in(prove(pack_of(case.name), case.as_of, memory=memory)) == case.expect, case.title


def test_there_are_six_or_more_of_each_of_ten_kinds_of_defect() -> None:
    counts = Counter(case.kind for case in DEFECTS)
    assert not {defect: kinds for defect, kinds in TEN.items() if sum(counts[kind] for kind in kinds) < 6}
    assert len(DEFECTS) >= 66
    assert len(NEAR_MISSES) >= 60


def test_every_defect_is_filed_under_its_kind_and_has_a_near_miss() -> None:
    near = Counter(case.name.partition("~")[0] for case in NEAR_MISSES)
    assert not [case.name for case in DEFECTS if not near[case.name]]
    assert not [case.name for case in DEFECTS if {found[0] for found in case.expect} != {case.kind}]
    assert {case.kind for case in DEFECTS} == {kind.value for kind in Kind} - {Kind.UNDECIDED.value}


def test_a_near_miss_differs_in_one_clause_at_most() -> None:
    assert not {case.name: case.change for case in NEAR_MISSES if changed_characters(case) > 60}


def changed_characters(case: Case) -> int:
    """How many characters were taken out or put in."""
    before, after = case.change or ("", "")
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in blocks if tag != "equal")


def test_a_trial_too_small_for_a_witness_is_not_called_proved() -> None:
    case = BY_NAME["clashing-rules/a-tenth-meets-all"]
    tiny = case.text.replace("rollout: 10%", "rollout: 0.0001%")
    assert tiny != case.text
    proof = prove(replace(case, text=tiny).pack(), case.as_of)
    clashes = [checked.outcome for checked in proof.checked if checked.check is Kind.CLASHING_RULES]
    assert clashes in (["refuted"], ["undecided"])
    assert {finding.kind for finding in proof.findings} <= {Kind.CLASHING_RULES, Kind.UNDECIDED}
    assert not proof.sound
