"""Whose signature counts: laws over any voices at all, with nothing but the rules."""

from __future__ import annotations

import dataclasses
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from assay.governance.office.references import Reference
from assay.governance.office.roles import FUNCTION_OF, Role
from assay.governance.policies.signing.rules.counting import Verdict, Voice, count, counted, may_speak
from assay.governance.policies.signing.rules.matrix import (
    DEFAULT,
    RISKS,
    ROLES,
    SIGNERS,
    Letter,
    Line,
    faults_of,
    lines_for,
    read,
    written,
)

PEOPLE = [Reference("person", name) for name in ("ada", "bo", "cy", "dee", "eve", "flo")]
DRAFTS = ["sha256:one", "sha256:two", ""]
ROLES_THAT_SIGN = sorted(SIGNERS)
LEGAL, LEAD = Role.LEGAL, Role.POLICY_LEAD


@st.composite
def voices(draw: st.DrawFn) -> Voice:
    who = draw(st.sampled_from(PEOPLE))
    others = draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2))
    return Voice(
        who, others | {who}, draw(st.sampled_from(ROLES_THAT_SIGN)), draw(st.sampled_from(Verdict)),
        draw(st.sampled_from(DRAFTS)), draw(st.booleans()), draw(st.integers(0, 9)) > 0,
    )  # fmt: skip


ALL = st.lists(voices(), max_size=12)
OWN = st.frozensets(st.sampled_from(PEOPLE), max_size=3)
DIGEST = st.sampled_from(DRAFTS)
MATRIX = st.lists(
    st.builds(Line, st.sampled_from(ROLES_THAT_SIGN), st.sampled_from(Letter), st.booleans()),
    unique_by=lambda line: line.role,
)


@given(ALL, OWN, DIGEST)
def test_nobody_whose_work_it_is_counts_nor_any_pair_of_hands_twice(
    given_voices: list[Voice], own: frozenset[Reference], digest: str
) -> None:
    found = counted(given_voices, own, digest)
    assert all(voice.digest == digest and voice.open and not voice.withdrawn for voice in found)
    assert not any(voice.hands & own for voice in found)
    assert not any(one.hands & other.hands for one, other in combinations(found, 2))
    # Said otherwise: whoever was left out had a reason.
    for voice in given_voices:
        if voice not in found and not voice.withdrawn and voice.open and voice.digest == digest != "":
            assert voice.hands & own or any(voice.hands & other.hands for other in found)


@given(ALL, OWN, DIGEST, MATRIX)
def test_enough_is_two_people_of_two_functions_with_everybody_who_must(
    given_voices: list[Voice], own: frozenset[Reference], digest: str, lines: list[Line]
) -> None:
    found = count(given_voices, own, digest, lines)
    if not found.is_enough:
        return
    agreed = [voice for voice in found.counted if voice.verdict.agrees]
    assert len({voice.who for voice in agreed}) >= 2
    assert len({FUNCTION_OF[voice.role] for voice in agreed}) >= 2
    by_role = {voice.role: voice for voice in found.counted}
    must = [line for line in lines if line.must_sign]
    assert {line.role for line in must} <= set(by_role)
    assert len({by_role[line.role].who for line in must}) == len(must)
    accountable = {line.role for line in must if line.letter is Letter.ACCOUNTABLE}
    assert accountable <= {voice.role for voice in agreed}


@given(ALL, OWN, MATRIX)
def test_an_edit_voids_every_signature(given_voices: list[Voice], own: frozenset[Reference], lines: list[Line]) -> None:
    found = count(given_voices, own, "sha256:edited", lines)
    assert found.counted == ()
    assert not found.is_enough


@given(ALL, voices(), OWN, DIGEST)
def test_a_voice_that_is_taken_counts_and_one_that_is_not_would_not_have(
    given_voices: list[Voice], voice: Voice, own: frozenset[Reference], digest: str
) -> None:
    lines = lines_for(DEFAULT, "high")
    voice = dataclasses.replace(voice, digest="sha256:one", withdrawn=False, open=True)
    earlier = list(counted(given_voices, own, "sha256:one"))
    taken = not may_speak(voice, earlier, own, lines)
    assert taken is (voice in counted([*earlier, voice], own, "sha256:one") and voice not in earlier)


def one(name: int, role: Role, verdict: Verdict = Verdict.SIGNS) -> Voice:
    return Voice(PEOPLE[name], frozenset({PEOPLE[name]}), role, verdict, "sha256:one")


def is_enough(*given_voices: Voice, risk: str = "ordinary") -> bool:
    return count(given_voices, frozenset(), "sha256:one", lines_for(DEFAULT, risk)).is_enough


def test_an_ordinary_change_is_signed_by_policy_lead_and_legal() -> None:
    assert is_enough(one(0, LEAD), one(1, LEGAL))
    assert not is_enough(one(0, LEAD))
    assert not is_enough(one(0, LEAD), one(1, Role.PRODUCT))


def test_a_dissent_stops_nothing_but_two_still_have_to_sign() -> None:
    dissent = one(1, LEGAL, Verdict.DISSENTS)
    assert not is_enough(one(0, LEAD), dissent)
    assert is_enough(one(0, LEAD), dissent, one(2, Role.PRODUCT))


def test_the_one_who_is_accountable_has_to_sign() -> None:
    assert not is_enough(one(0, LEAD, Verdict.DISSENTS), one(1, LEGAL), one(2, Role.PRODUCT))


def test_high_risk_asks_every_function_and_the_executive() -> None:
    assert lines_for(DEFAULT, "of a kind that nobody knows") == DEFAULT["high"]
    people = {role: Reference("person", role.value) for role in ROLES_THAT_SIGN}
    everybody = [Voice(who, frozenset({who}), role, Verdict.SIGNS, "sha256:one") for role, who in people.items()]
    assert is_enough(*everybody, risk="high")
    for left_out in everybody:
        assert not is_enough(*(each for each in everybody if each is not left_out), risk="high")


def test_the_matrix_that_comes_with_us_has_no_fault_and_is_read_as_it_is_written() -> None:
    assert faults_of(DEFAULT) == []
    assert read(written(DEFAULT)) == DEFAULT


def changed(**roles: tuple[str, bool]) -> list[str]:
    content = {risk: {name.replace("_", "-"): list(part) for name, part in roles.items()} for risk in RISKS}
    found = read(content)
    assert isinstance(found, dict), found
    return sorted({fault.slug for fault in faults_of(found)})


def test_a_matrix_cannot_let_one_function_sign_alone() -> None:
    assert changed(policy_lead=("accountable", True)) == ["one-function"]
    assert changed(policy_lead=("accountable", True), legal=("consulted", True)) == []
    assert changed(legal=("consulted", True), product=("consulted", True)) == ["one-accountable"]
    assert changed(policy_lead=("accountable", True), auditor=("consulted", True), legal=("consulted", True)) == [
        "cannot-sign"
    ]
    assert changed(policy_lead=("accountable", True), legal=("informed", True)) == ["signs-and-is-not-asked"]
    assert len(ROLES) == len(Role) - 1
