"""The evidence benchmark counts what its columns say, from labels as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.evidencing.answer import Answer, ai_of, source_types_in
from benchmarks.evidencing.columns import COLUMNS
from benchmarks.evidencing.runs import Run
from benchmarks.evidencing.sample import Labelled, labelled_files, trust_of

LABELS = """file,kind,truth
signed/a.png,provenance,ai=yes;integrity=ok
signed/b.png,provenance,ai=partial;integrity=expired
c2pa-parser/c.png,provenance,no crash; any verdict
photo/d.jpg,image-pixels,real
fakes/e.jpg,image-pixels,ai
absent/f.jpg,provenance,ai=no;integrity=none
words/g.jsonl,text,pairs human/ai
"""


def test_labels_are_read_with_their_truth_and_what_is_absent_is_left_out(tmp_path: Path) -> None:
    for name in ("signed/a.png", "signed/b.png", "c2pa-parser/c.png", "photo/d.jpg", "fakes/e.jpg", "words/g.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    found = {Path(file.path).name: (file.group, file.ai, file.integrity) for file in labelled_files(tmp_path)}
    assert found == {
        "a.png": ("signed", "yes", "ok"),
        "b.png": ("signed", "partial", "expired"),
        "c.png": ("c2pa-parser", "", ""),
        "d.jpg": ("photo", "no", "none"),
        "e.jpg": ("stripped", "yes", "none"),
    }
    assert trust_of(tmp_path) is None


@pytest.mark.parametrize(
    ("types", "said"),
    [
        (["http://example.org/digitalsourcetype/trainedAlgorithmicMedia"], "yes"),
        (["http://example.org/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"], "partial"),
        (["algorithmicMedia", "composite", "digitalCapture"], ""),
    ],
)
def test_source_types_come_to_one_word(types: list[str], said: str) -> None:
    nested = [{"actions": [{"digitalSourceType": each}]} for each in types]
    assert ai_of(source_types_in(nested)) == said


@pytest.mark.parametrize(
    ("title", "file", "answer"),
    [
        ("AI, signed, real", Labelled("x", "c2pa-real", "yes", "ok"), Answer(ai="yes")),
        ("false AI", Labelled("x", "trap", "no", "none"), Answer(ai="yes")),
        ("part told apart", Labelled("x", "c2pa-real", "partial", "ok"), Answer(ai="partial")),
        ("broken seen", Labelled("x", "c2pa-fixture", "no", "broken"), Answer(broken=True)),
        ("ok called broken", Labelled("x", "clean", "no", "none"), Answer(broken=True)),
        ("expired called broken", Labelled("x", "c2pa-real", "yes", "expired"), Answer(broken=True)),
        ("attack believed", Labelled("x", "attack", "yes", "unsigned"), Answer(ai="yes", proved=True)),
        ("stripped called human", Labelled("x", "stripped", "yes", "none"), Answer(human=True)),
        ("errors", Labelled("x", "c2pa-parser", "", ""), Answer(error="it fell over")),
    ],
)
def test_a_column_counts_its_answer_and_not_silence(title: str, file: Labelled, answer: Answer) -> None:
    (column,) = (each for each in COLUMNS if each.title == title)
    assert column.of(Run("a", "", {"x": answer}, {}), [file]) == (1, 1)
    assert column.of(Run("a", "", {"x": Answer()}, {}), [file]) == (0, 1)
