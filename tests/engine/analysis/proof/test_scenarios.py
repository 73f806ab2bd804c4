"""A protected scenario falls where an answer to what it leaves open makes a rule true, whatever its numbers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from assay.engine.analysis.proof.finding import Kind
from assay.engine.analysis.proof.prove import prove
from assay.engine.kernel.span import Span
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.promises.scenarios import Scenario
from tests.makers import SOME_DAY, a_pack, a_policy, a_rule, a_signal, a_vocabulary, an_exception, named

FACES = a_signal("faces", "number", integer=True, minimum=0, maximum=3)
VOICES = a_signal("voices", "number", integer=True, minimum=0, maximum=3, scope="market")
LIMIT, LEVEL = a_signal("limit", "number"), a_signal("level", "number", scope="market")
SATIRE = a_signal("satire")
SIGNALS = (FACES, VOICES, LIMIT, LEVEL, SATIRE, a_signal("made", "time"), a_signal("shown", "time"))
PLACE = Span("scenarios.yaml", 1, 1)


def falls(given: Mapping[str, MaybeValue], when: str, *, spared: str = "") -> bool:
    exceptions = [an_exception("p/spared", spared, ("p/strike",))] if spared else []
    rule = a_rule("p/strike", when, then=("strike:minor",))
    pack = a_pack(a_policy("p", [rule], exceptions), vocabulary=a_vocabulary(*SIGNALS))
    scenario = Scenario("a-joke", "a joke", given, (), named("strike:minor"), PLACE)
    proof = prove(replace(pack, protected=(scenario,)), SOME_DAY, kinds=frozenset((Kind.FALLEN_SCENARIO,)))
    assert [one.outcome for one in proof.checked] == ["refuted" if proof.findings else "proved"]
    return bool(proof.findings)


def test_a_number_that_no_condition_names_is_compared_as_it_is() -> None:
    given = {"limit": 1.25, "satire": False}
    assert falls(given, "!(limit < level) && limit == level", spared="!((!satire) || 2 < limit)")
    assert not falls(
        {**given, "satire": True}, "!(limit < level) && limit == level", spared="!((!satire) || 2 < limit)"
    )


@pytest.mark.parametrize(
    ("number", "when", "can_be"),
    [
        (1, "faces == voices && voices != 2", True),
        (2, "faces == voices && voices != 2", False),
        (1, "voices < faces && voices > 0", False),
        (2, "voices < faces && voices > 0", True),
        (2, "faces != voices && voices > 1 && voices < 3", False),
        (3, "faces < voices", False),
        (3, "voices > faces || voices >= faces", True),
        (2, "faces == limit && limit > 1 && limit < 3", True),
        (2, "faces < limit && limit < 3", True),
        (2, "faces < voices && voices < limit && limit <= 3.5", True),
        (2, "faces < voices && voices < limit && limit <= 3", False),
    ],
)
def test_what_is_open_beside_a_known_number_can_be_just_what_answers_make_of_it(
    number: int, when: str, *, can_be: bool
) -> None:
    assert falls({"faces": number}, when) is can_be


def test_a_moment_that_no_condition_names_is_compared_as_it_is() -> None:
    assert falls({"made": SOME_DAY + 7}, "!(made < shown) && made == shown")
    assert not falls({"made": SOME_DAY + 7}, "made < shown && made == shown")


def test_a_scenario_that_leaves_nothing_open_is_decided_by_its_numbers() -> None:
    assert falls({"faces": 1, "voices": 1}, "faces == voices && voices != 2")
    assert not falls({"faces": 1, "voices": 0}, "faces == voices && voices != 2")
