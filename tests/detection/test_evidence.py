"""A finding holds what can be written down, whatever a scanner put into it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.detection.evidence import (
    MAXIMUM_DETAIL_CHARACTERS,
    MAXIMUM_DETAILS,
    MAXIMUM_SOURCE_CHARACTERS,
    Claim,
    Evidence,
    Integrity,
    Kind,
    Tier,
)
from assay.detection.judgement import judge

ANYTHING = st.text(st.characters(codec=None), max_size=600)


@given(source=ANYTHING, details=st.dictionaries(ANYTHING, ANYTHING, max_size=40), kind=st.sampled_from(Kind))
def test_no_text_in_a_finding_breaks_its_record_or_forges_a_line(
    source: str, details: dict[str, str], kind: Kind
) -> None:
    found = Evidence(kind, Claim.GENERATED, Integrity.UNSIGNED, Tier.UNVERIFIED, source, details)
    assert len(found.details) <= MAXIMUM_DETAILS
    assert len(found.source) <= MAXIMUM_SOURCE_CHARACTERS
    for text in (found.source, *found.details, *found.details.values()):
        assert len(text) <= MAXIMUM_DETAIL_CHARACTERS
        assert text.isprintable()
    assert found.identifier.startswith("sha256:")
    assert judge([found]).grade in ("declared", "suspected", "confirmed", None)
