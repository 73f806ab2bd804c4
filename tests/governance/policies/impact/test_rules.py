"""What people may assess, what it comes to, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.governance.policies.impact.rules.assessing import About, Assessed, Level
from assay.governance.policies.impact.rules.reading import read_assessment
from assay.governance.policies.impact.rules.rights import level_of, severity_of
from tests.governance.policies.impact.givens import GIVEN, GRAVE, RIGHT

STEPS = st.integers(1, 5)


def read(about: About, **other: Any) -> Assessed:
    found = read_assessment(about, {**GIVEN[about], **other})
    assert isinstance(found, Assessed), found
    return found


def refused(about: About, **other: Any) -> dict[str, str]:
    found = read_assessment(about, {**GIVEN[about], **other})
    assert isinstance(found, list), found
    assert all(isinstance(one, Fault) for one in found)
    return {one.field or "": one.words for one in found}


@given(STEPS, STEPS, STEPS, STEPS)
def test_what_is_done_to_one_person_is_not_made_less_grave_by_how_few_they_are(
    scope: int, scale: int, remedy: int, likelihood: int
) -> None:
    severity = severity_of(scope, scale, remedy)
    assert max(scale, 1) <= severity <= 5
    assert severity_of(min(scope + 1, 5), scale, remedy) >= severity
    assert level_of(severity, min(likelihood + 1, 5)).place >= level_of(severity, likelihood).place
    assert level_of(min(severity + 1, 5), likelihood).place >= level_of(severity, likelihood).place


def test_a_right_at_high_risk_makes_the_change_one_of_high_risk_whatever_is_promised_against_it() -> None:
    assert read(About.RIGHTS, expression=GRAVE).raises
    promised = {**GRAVE, "residual": "low", "mitigation": "Somebody looks at each."}
    found = read(About.RIGHTS, expression=promised)
    assert (found.raises, found.level) == (True, Level.LOW)
    assert not read(About.RIGHTS).raises


def test_what_is_left_of_a_risk_is_never_graver_than_it_was_and_less_only_by_something_that_is_named() -> None:
    assert "graver" in refused(About.RIGHTS, expression={**RIGHT, "residual": "high"})["expression-residual"]
    assert "expression-mitigation" in refused(About.RIGHTS, expression={**RIGHT, "mitigation": " "})


def test_every_step_and_reason_of_a_limited_right_is_asked_for_and_none_of_a_protected_one() -> None:
    missing = refused(About.RIGHTS, privacy={"effect": "limits"})
    assert {f"privacy-{name}" for name in RIGHT} - {"privacy-effect", "privacy-mitigation"} == set(missing)
    protected = read(About.RIGHTS, privacy={"effect": "protects", "who": "everybody who is shown"})
    assert protected.outcome.startswith("1 right is limited, 1 right is protected")


def test_whoever_finds_no_right_limited_says_why() -> None:
    assert set(refused(About.RIGHTS, expression={})) == {"none"}
    found = read(About.RIGHTS, expression={}, none="Only the order of two sentences changes.")
    assert (found.outcome, found.level) == ("No right is limited", Level.LOW)


def test_cost_has_the_interval_of_its_hours() -> None:
    found = read(About.COST)
    assert found.content["weekly"] == {"value": 360.0, "low": 240.0, "high": 600.0}
    assert found.outcome == "EUR +360 (240 to 600) a week, EUR 1,000 once, 4 days of product work"
    assert set(refused(About.COST, hours="5")) == {"hours"}
    assert set(refused(About.COST, rate="-1", currency="€")) == {"rate", "currency"}


@pytest.mark.parametrize("number", ["nan", "inf", "1e400", "twelve", "1" * 400])
def test_no_number_is_taken_that_cannot_be_counted_with(number: str) -> None:
    assert "rate" in refused(About.COST, rate=number)


def test_more_exposure_than_the_figures_allow_is_not_called_none() -> None:
    assert "conclusion" in refused(About.EXPOSURE, conclusion="same")
    assert "protections" in refused(About.EXPOSURE, protections=[])
    assert read(About.EXPOSURE, conclusion="beyond").level is Level.HIGH


def test_a_group_that_stands_out_is_named_and_an_empty_row_is_none() -> None:
    assert "conclusion" in refused(About.EQUITY, groups=[{"group": "", "error": "", "why": "", "mitigation": ""}])
    assert set(refused(About.EQUITY, groups=[{"group": "Hindi"}])) == {"g0-error", "g0-why"}
