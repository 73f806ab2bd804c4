"""What is said of a finding, in a sentence for people."""

from __future__ import annotations

import pytest

from assay.detection.evidence import Claim, Evidence, Integrity, Kind, Tier
from assay.detection.weighing.wording import sentence_of


def copy(claim: Claim, **details: str) -> Evidence:
    return Evidence(Kind.COPY, claim, Integrity.UNSIGNED, Tier.OPERATOR, "copies:known", {"bank": "known", **details})


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (copy(Claim.GENERATED), "has an item like it, and says of that item: AI generated it."),
        (copy(Claim.GENERATED, exact="yes"), "has the same item, and says of it: AI generated it."),
        (copy(Claim.CAPTURED), "has an item like it, and says of that item: a camera or microphone captured it."),
        (copy(Claim.UNCLEAR, means="It was removed before."), "has an item like it: It was removed before."),
        (copy(Claim.UNCLEAR), "has an item like it, and says of that item: nothing clear about how it was made."),
    ],
)
def test_a_bank_speaks_of_the_item_that_it_knows_and_not_of_this_one(found: Evidence, sentence: str) -> None:
    assert sentence_of(found) == f"A bank of known items (known) {sentence}"
