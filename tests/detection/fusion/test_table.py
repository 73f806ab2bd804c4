"""The table: combinations of evidence with what they amount to, by hand from the law and before the code."""

from __future__ import annotations

import pytest

from assay.detection.judgement import judge
from tests.detection.fusion.cases import CASES, PIECES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: " + ".join(case.names) or "nothing")
def test_findings_amount_to_what_the_table_says(case: Case) -> None:
    judged = judge(case.evidence)
    assert (judged.ai_extent, judged.synthetic_status) == (case.ai_extent, case.synthetic_status)
    assert judged.china == case.china
    assert tuple(each.name for each in judged.conflicts) == case.conflicts
    assert judged.sentences[0] == case.sentence


def test_the_table_is_long_enough_and_uses_every_piece() -> None:
    assert len(CASES) >= 60
    assert len({frozenset(case.names) for case in CASES}) == len(CASES)
    assert {name for case in CASES for name in case.names} == set(PIECES)
