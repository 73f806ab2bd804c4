from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.detection.measuring.labelled import Labels, labels_of


def table(folder: Path, text: str) -> Labels:
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return labels_of(path)


def test_a_folder_says_the_truth_and_the_generator(tmp_path: Path) -> None:
    for name in ("ai/flux/a.png", "ai/b.png", "real/coco/c.png", "ai/.hidden/d.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = labels_of(tmp_path)
    assert [(each.path.name, each.is_ai, each.family) for each in found.items] == [
        ("b.png", True, ""),
        ("a.png", True, "flux"),
        ("c.png", False, "coco"),
    ]
    assert found.faults == ()


def test_a_folder_without_one_of_both_says_which(tmp_path: Path) -> None:
    (tmp_path / "ai").mkdir()
    (fault,) = labels_of(tmp_path).faults
    assert (fault.slug, fault.field) == ("no-folder", "real")


def test_a_file_name_may_say_the_rest(tmp_path: Path) -> None:
    (tmp_path / "ai").mkdir()
    (tmp_path / "real").mkdir()
    (tmp_path / "ai" / "cat_7_jpeg_q40.jpg").write_bytes(b"x")
    pattern = re.compile(r"^(?P<group>\w+_\d+)_(?P<corruption>none|jpeg_q40)$")
    (item,) = labels_of(tmp_path, pattern=pattern).items
    assert (item.group, item.corruption, item.family) == ("cat_7", "jpeg_q40", "")


def test_a_bad_line_of_a_table_costs_itself_and_names_its_place(tmp_path: Path) -> None:
    found = table(tmp_path, "file,truth,weight\na.png,AI,2\nb.png,maybe,1\n,real,1\nc.png,real,-1\nd.png,human,\n")
    assert [(each.path.name, each.is_ai, each.weight) for each in found.items] == [
        ("a.png", True, 2),
        ("d.png", False, 1),
    ]
    assert [(fault.slug, fault.field) for fault in found.faults] == [
        ("unknown-truth", "line 3"),
        ("no-file", "line 4"),
        ("bad-weight", "line 5"),
    ]


def test_a_table_without_a_column_says_which_is_near(tmp_path: Path) -> None:
    (fault,) = table(tmp_path, "file,truht\na.png,ai\n").faults
    assert "did you mean `truht`" in fault.words


@pytest.mark.parametrize("content", [b"\xff\xfe\x00file", b"file,truth\n\xff,ai\n"])
def test_what_is_no_table_is_a_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    assert labels_of(path).faults
    assert labels_of(tmp_path / "none.csv").faults[0].slug == "no-labels"


def test_lines_of_texts_become_files_and_a_pair_shares_its_origin(tmp_path: Path) -> None:
    path, texts = tmp_path / "news.jsonl", tmp_path / "texts"
    texts.mkdir()
    path.write_text(
        '{"id": "n1", "human": "a person wrote this", "ai": "a machine wrote this"}\n'
        '{"text": "another one", "truth": "ai", "family": "gpt"}\n'
        '{"text": "no truth"}\n{broken\n[1]\n',
        encoding="utf-8",
    )
    found = labels_of(path, texts=texts)
    assert [(each.is_ai, each.group, each.family) for each in found.items] == [
        (False, "n1", "news"),
        (True, "n1", "news"),
        (True, "2", "gpt"),
    ]
    assert found.items[0].path.read_text(encoding="utf-8") == "a person wrote this"
    assert [(fault.slug, fault.field) for fault in found.faults] == [
        ("no-text", "line 3"),
        ("no-json", "line 4"),
        ("no-text", "line 5"),
    ]
