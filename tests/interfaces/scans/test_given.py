"""What a scan is given: folders, lists and tables. A line that names no file costs itself."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.interfaces.scans.given.entries import Entry
from assay.interfaces.scans.given.lists import NoList
from assay.interfaces.scans.given.sources import Given, count_files, open_entries
from tests.interfaces.scans.making import files

DIGEST = "ab" * 32


def read(
    *paths: Path, lists: tuple[Path, ...] = (), column: str | None = None, root: Path | None = None
) -> list[Entry]:
    with open_entries(Given(paths, tuple(map(str, lists)), column, root)) as entries:
        return list(entries.coming)


def whole(name: str) -> str:
    return str(Path(name).absolute())


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def told(entries: list[Entry]) -> list[str | None]:
    return [entry.fault.slug if entry.fault else None for entry in entries]


def test_folders_files_and_lists_come_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    inside = files(tmp_path / "b", 3)
    (alone,) = files(tmp_path / "a", 1)
    listed = written(tmp_path / "list", f"{inside[1]}\n\n{inside[0]}\r\n")
    entries = read(tmp_path / "b", alone, lists=(listed,))
    assert [entry.path for entry in entries] == [str(path) for path in (*inside, alone, inside[1], inside[0])]
    assert count_files([tmp_path / "b", alone]) == 4


def test_between_zero_bytes_a_name_may_hold_ends_of_lines(tmp_path: Path) -> None:
    listed = written(tmp_path / "list", b"a\nb.png\x00\xff.png\x00last.png")
    entries = read(lists=(listed,))
    assert [entry.shown for entry in entries] == ["a\nb.png", "\udcff.png", "last.png"]
    assert [entry.path for entry in entries] == [whole(entry.shown) for entry in entries]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_tables_bring_ids_and_digests(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"table.{form}"
    if form == "csv":
        written(path, f'sha256,file,id,surface\n{DIGEST},"a,1.png",x1,feed\n,b.png,,\n')
    elif form == "jsonl":
        written(
            path,
            f'{{"file": "a,1.png", "id": "x1", "surface": "feed", "sha256": "sha256:{DIGEST.upper()}"}}\n'
            '{"file":"b.png"}\n',
        )
    else:
        columns = {
            "sha256": [DIGEST, None],
            "views": [1, 2],
            "file": ["a,1.png", "b.png"],
            "id": ["x1", None],
            "surface": ["feed", None],
        }
        pq.write_table(pa.table(columns), path)
    entries = read(path)
    first = Entry(whole("a,1.png"), "a,1.png", "x1", DIGEST, None, "feed")
    assert entries == [first, Entry(whole("b.png"), "b.png")]


def test_lines_that_name_no_file_cost_themselves(tmp_path: Path) -> None:
    rows = ["id,path,sha256", "1,,", "2,https://example.org/a.png,", "3,a.png,abc", "4,a.png", '5,"a', "6,good.png,"]
    entries = read(written(tmp_path / "t.csv", "\n".join(rows)))
    assert told(entries) == ["no-path", "no-fetching", "bad-digest", "wrong-field-count", "broken-csv", None]
    assert entries[0].shown.endswith("t.csv:2")
    lines = [b'{"path": 3}', b'{"path"', b"[1]", b'{"id": 7, "path": "a.png"}', b'{"id": "x"}']
    entries = read(written(tmp_path / "t.jsonl", b"\n".join(lines)))
    assert told(entries) == ["wrong-type", "broken-json", "broken-json", None, "no-path"]
    assert entries[3].id == "7"


def test_no_path_leads_out_of_the_root(tmp_path: Path) -> None:
    root = tmp_path / "media"
    files(root, 1)
    (root / "link.txt").symlink_to("/etc/hostname")
    names = ["000.txt", "../secret.txt", "/etc/hostname", "link.txt", "deep/../000.txt"]
    entries = read(lists=(written(tmp_path / "list", "\n".join(names)),), root=root)
    assert told(entries) == [None, "outside-root", "outside-root", "outside-root", None]
    assert entries[0].path == str((root / "000.txt").resolve())


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.csv", "id,where\n1,a.png\n", "`--column`"),
        ("t.csv", "", "has no header"),
        ("t.parquet", "no table", "cannot be read as Parquet"),
    ],
)
def test_what_is_no_list_of_paths_says_so_with_the_next_step(
    tmp_path: Path, name: str, content: str, words: str
) -> None:
    with pytest.raises(NoList, match=words):
        read(written(tmp_path / name, content))


def test_a_column_that_is_named_is_taken_and_a_near_miss_is_suggested(tmp_path: Path) -> None:
    table = written(tmp_path / "t.csv", "path,original\na.png,b.png\n")
    assert [entry.shown for entry in read(table, column="original")] == ["b.png"]
    with pytest.raises(NoList, match="did you mean `original`"):
        read(table, column="orginal")


def test_entries_of_the_same_line_have_the_same_key_and_others_another(tmp_path: Path) -> None:
    lines = [
        Entry("a", "a"),
        Entry("b", "b"),
        Entry("a", "a", "1"),
        Entry("a", "a", None, DIGEST),
        Entry("x/a", "a"),
        Entry("a", "a", surface="feed"),
    ]
    assert len({entry.key for entry in lines}) == len(lines)
    assert Entry("a", "a", "1").key == Entry("a", "a", "1").key
