"""What is put into clusters: what can be told apart, and is still given."""

from __future__ import annotations

import io
import json

from assay.detection.copies.clusters.items import of_file
from assay.detection.copies.kinds import HashKind

ONE, TWO, THREE = (f"{number:064x}" for number in (1 << 200, 3 << 90, 7 << 9))


def test_plain_pictures_and_those_of_other_kinds_are_left_out_and_counted() -> None:
    lines = f"{ONE},50,a\n{TWO},49,b\nsha256,{THREE}\nno hash\n"
    found = of_file(io.BytesIO(lines.encode()), HashKind.PDQ)
    assert found.values == (ONE,)
    assert (found.poor, found.other, found.unread) == (1, 1, 1)


def test_what_its_giver_took_back_is_in_no_cluster() -> None:
    records = [{"type": "HASH_PDQ", "indicator": ONE}, {"type": "HASH_PDQ", "indicator": TWO, "should_delete": True}]
    found = of_file(io.BytesIO(json.dumps({"data": records}).encode()), HashKind.PDQ)
    assert found.values == (ONE,)
