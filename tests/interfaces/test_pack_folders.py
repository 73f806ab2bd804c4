"""A pack's folder is read as texts, and nothing outside it is."""

from __future__ import annotations

from pathlib import Path

from assay.interfaces.packs import LARGEST, read_folder

NEEDED = {"pack.yaml": "pack: a\n", "signals.yaml": "signals: {}\n", "measures.yaml": "single: {}\n"}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_line_ends_and_byte_order_marks_make_no_other_pack(tmp_path: Path) -> None:
    plain = {name: text.encode() for name, text in NEEDED.items()} | {"policies/a.md": b"---\npolicy: a\n---\n"}
    windows = {name: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for name, content in plain.items()}
    one, other = read_folder(write(tmp_path / "a", plain)), read_folder(write(tmp_path / "b", windows))
    assert one == other == ({name: content.decode() for name, content in plain.items()}, [])


def test_only_the_files_of_a_pack_are_read(tmp_path: Path) -> None:
    write(tmp_path, {"pack.yaml": b"pack: a\n", "notes.txt": b"x", "policies/deep/a.md": b"x", "policies/a.txt": b"x"})
    assert set(read_folder(tmp_path)[0]) == {"pack.yaml"}


def test_a_link_out_of_the_pack_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    folder = write(tmp_path / "pack", {"pack.yaml": b"pack: a\n", "policies/a.md": b"x"})
    (folder / "policies" / "b.md").symlink_to(tmp_path / "secret.md")
    files, (problem,) = read_folder(folder)
    assert "policies/b.md" not in files
    assert problem.words == "this link leads out of the pack"


def test_bytes_that_are_no_text_are_shown_by_their_line(tmp_path: Path) -> None:
    files, (problem,) = read_folder(write(tmp_path, {"pack.yaml": b"pack: a\ntitle: \xff\n"}))
    assert files == {}
    assert (problem.slug, problem.span.line) == ("malformed-block", 2)


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    files, (problem,) = read_folder(write(tmp_path, {"pack.yaml": b" " * (LARGEST + 1)}))
    assert files == {}
    assert "larger than" in problem.words


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    files, (problem,) = read_folder(tmp_path / "nowhere")
    assert files == {}
    assert problem.slug == "missing-file"
