from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from assay.engine.backtest.history.block import Label
from assay.engine.backtest.history.labels import label_fault
from assay.engine.backtest.history.layout import LABEL
from tests.engine.backtest.history.rows import PACK, VOCABULARY, a_batch, read

MOMENT = datetime(2026, 10, 2, 10, 30, tzinfo=UTC)
MEASURES = frozenset([measure.id for measure in PACK.measures.all])


def a_label(of: str | None = "removed", value: str | None = "yes", **others: Any) -> dict[str, object]:
    return {"of": of, "value": value, "by": "ada", "at": MOMENT, "final": False, **others}


def test_labels_say_of_what_by_whom_when_and_whether_they_settle_it() -> None:
    labels = pa.array([[a_label(), a_label("extent", "altered", final=True)], None, []], pa.list_(LABEL))
    block, found = read(a_batch(labels=labels))
    at = int(MOMENT.timestamp()) * 1_000_000
    assert block is not None and not found.listed()
    assert block.labels == (
        Label(0, "removed", "yes", "ada", at, final=False),
        Label(0, "extent", "altered", "ada", at, final=True),
    )


def test_what_a_label_does_not_say_is_unknown() -> None:
    kind = pa.list_(pa.struct({"of": pa.string(), "value": pa.string()}))
    block, _ = read(a_batch(labels=pa.array([[{"of": "removed", "value": "no"}], None, None], kind)))
    assert block is not None and block.labels == (Label(0, "removed", "no", "", None, final=False),)


def test_a_wrong_label_is_left_out_and_its_row_and_its_other_labels_stay() -> None:
    labels = [
        [a_label("remved"), a_label()],
        [a_label("extent", "altred"), a_label("extent", "gone"), a_label("removed", "perhaps")],
        [a_label(None), a_label(value=None)],
    ]
    block, found = read(a_batch(labels=pa.array(labels, pa.list_(LABEL))))
    assert block is not None and block.rows == 3 and found.rows == 0
    assert [(label.row, label.of) for label in block.labels] == [(0, "removed")]
    listed = {each.slug: each for each in found.listed()}
    assert (listed["unknown-label"].rows, listed["unknown-label"].first) == (2, "h.parquet:1")
    assert (listed["bad-label"].rows, listed["bad-label"].first) == (1, "h.parquet:2")
    assert "did you mean `removed`?" in listed["unknown-label"].words
    assert "did you mean `altered`?" in listed["bad-label"].words


@pytest.mark.parametrize(
    ("of", "value"),
    [
        ("removed", "yes"),
        ("label:ai", "no"),
        ("disclosed", "yes"),
        ("extent", "altered"),
        ("technique", "face_swap|voice_clone"),
        ("technique", "|"),
        ("followers", "12"),
        ("detector", "0.5"),
        ("caption", ""),
        ("uploaded", "2026-10-01T10:00:00Z"),
        ("runs_for", "36h"),
        ("ordered", "removal"),
    ],
)
def test_a_value_of_every_type_can_be_labelled(of: str, value: str) -> None:
    assert label_fault(of, value, VOCABULARY.by_name, MEASURES) is None


@pytest.mark.parametrize(
    ("of", "value"),
    [
        ("removed", "true"),
        ("disclosed", "1"),
        ("technique", "face_swap|x"),
        ("followers", "many"),
        ("followers", "1" * 50),
        ("detector", "nan"),
        ("detector", "2"),
        ("uploaded", "yesterday"),
    ],
)
def test_a_value_that_cannot_be_is_a_fault(of: str, value: str) -> None:
    fault = label_fault(of, value, VOCABULARY.by_name, MEASURES)
    assert fault is not None and fault.slug == "bad-label"
