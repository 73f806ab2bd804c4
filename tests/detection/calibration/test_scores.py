"""Files of scores are read row by row: a bad row costs itself, and says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from assay.detection.calibration.joint.fitting import Scored
from assay.detection.calibration.scores.gathered import joined, sample_from
from assay.detection.calibration.scores.table import Scores, read_scores


def csv(folder: Path, text: str, *, labelled: bool = True) -> Scores:
    path = folder / "scores.csv"
    path.write_text(text, encoding="utf-8")
    found = read_scores(path, labelled=labelled)
    assert isinstance(found, Scores), found
    return found


def refused(path: Path) -> list[str]:
    found = read_scores(path, labelled=True)
    assert isinstance(found, list)
    return [one.slug for one in found]


def test_a_bad_row_costs_itself(tmp_path: Path) -> None:
    text = "score,label,weight\n0.9,ai,\n0.1,Real,2\nnan,1,1\n,0,1\n0.5,maybe,1\n0.5,1,-3\n0.4,1\n0.2,0,1\n"
    found = csv(tmp_path, text)
    assert found.scores.tolist() == [0.9, 0.1, 0.2]
    assert found.labels == (True, False, False)
    assert found.weights.tolist() == [1.0, 2.0, 1.0]
    assert {fault.slug: rows for fault, rows in found.faults} == {
        "no-score": 2,
        "no-label": 1,
        "bad-weight": 1,
        "bad-row": 1,
    }


def test_parquet_and_csv_say_the_same(tmp_path: Path) -> None:
    columns = {"item": ["a", "b"], "score": [0.25, 0.5], "label": [1, 0], "group": ["g", "h"], "bucket": ["x", None]}
    table = pa.table(columns).replace_schema_metadata({"assay.detector_digest": "sha256:model"})
    path = tmp_path / "scores.parquet"
    pyarrow.parquet.write_table(table, path)
    one = read_scores(path, labelled=True)
    assert isinstance(one, Scores)
    other = csv(tmp_path, "item,score,label,group,bucket\na,0.25,1,g,x\nb,0.5,0,h,\n")
    assert (one.items, one.labels, one.groups, one.buckets) == (other.items, other.labels, other.groups, other.buckets)
    assert one.scores.tolist() == other.scores.tolist()
    assert one.metadata == {"assay.detector_digest": "sha256:model"}


def test_rows_without_labels_are_read_where_none_is_needed(tmp_path: Path) -> None:
    found = csv(tmp_path, "score,label\n0.1,\n0.2,1\n", labelled=False)
    assert found.labels == (None, True)
    assert csv(tmp_path, "score\n0.1\n", labelled=False).labels == (None,)


def test_what_is_missing_is_named_with_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("value,truth\n1,2\n")
    found = read_scores(path, labelled=True)
    assert isinstance(found, list)
    assert [one.field for one in found] == ["score", "label"]
    assert "`value`, `truth`" in found[0].words


@pytest.mark.parametrize(
    ("name", "content", "slug"),
    [
        ("a.parquet", b"PAR1 no parquet at all PAR1", "bad-table"),
        ("a.csv", b"score,label\n\xff\xfe,1\n", "bad-table"),
        ("a.csv", b"score,label,score\n1,1,1\n", "column-twice"),
        ("a.csv", b"", "bad-table"),
    ],
)
def test_a_broken_file_is_refused_in_words(tmp_path: Path, name: str, content: bytes, slug: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == [slug]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == ["unreadable"]


def test_rows_without_a_source_are_their_own(tmp_path: Path) -> None:
    found = sample_from(csv(tmp_path, "item,score,label\na,0.1,1\nb,0.2,0\n"))
    assert not isinstance(found, list)
    assert len(found.names) == 2


def test_files_are_joined_by_item(tmp_path: Path) -> None:
    one = csv(tmp_path, "item,score,label\na,0.1,1\nb,0.2,0\n")
    other = csv(tmp_path, "item,score,label\nc,0.5,1\nb,0.4,0\n")
    found = joined({"one": one, "other": other})
    assert isinstance(found, Scored)
    assert np.nan_to_num(found.scores["one"], nan=-1).tolist() == [0.1, 0.2, -1]
    assert np.nan_to_num(found.scores["other"], nan=-1).tolist() == [-1, 0.4, 0.5]
    assert found.sample.ai.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("item,score,label\na,0.1,0\n", "two-truths"),
        ("item,score,label\nz,0.1,0\n", "nothing-shared"),
        ("score,label\n0.1,0\n", "no-column"),
    ],
)
def test_files_that_cannot_be_joined_are_refused(tmp_path: Path, text: str, slug: str) -> None:
    one = csv(tmp_path, "item,score,label\na,0.1,1\n")
    found = joined({"one": one, "other": csv(tmp_path, text)})
    assert isinstance(found, list)
    assert [fault.slug for fault in found] == [slug]
