"""References: only a plain file below the folder of media, however the path is written."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.service.scanned.references import copy_checked, parts_of
from tests.interfaces.service.scanned.made import digest_of

SECRET = b"nobody may read this"
CONTENT = b"a picture"


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    """A folder of media, with ways out of it that somebody may have laid."""
    root = tmp_path / "media"
    (root / "in").mkdir(parents=True)
    (root / "in" / "a.jpg").write_bytes(CONTENT)
    (root / "in" / "...").write_bytes(CONTENT)
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "a.jpg").write_bytes(SECRET)
    (root / "link.jpg").symlink_to(tmp_path / "secret")
    (root / "inside.jpg").symlink_to(root / "in" / "a.jpg")
    (root / "folder").symlink_to(tmp_path / "beside")
    (root / "round").symlink_to(root)
    (root / "proc").symlink_to("/proc/self")
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(root)
        try:
            listening.bind("socket")
        finally:
            os.chdir(here)
        yield root


def copied(media: Path, reference: str, content: bytes = SECRET) -> bytes | str:
    """What was copied, or the slug of why nothing was."""
    parts = parts_of(reference)
    if isinstance(parts, Fault):
        return parts.slug
    target = media.parent / "copy"
    found = copy_checked(media, parts, digest_of(content), target, 1_000)
    if isinstance(found, Fault):
        return found.slug
    return target.read_bytes()


@pytest.mark.parametrize("reference", ["in/a.jpg", "in/..."])
def test_a_plain_file_below_the_folder_is_copied(media: Path, reference: str) -> None:
    assert copied(media, reference, CONTENT) == CONTENT


@pytest.mark.parametrize(
    "reference",
    [
        "", ".", "..", "/", "../secret", "in/../../secret", "in/../in/a.jpg", "./in/a.jpg", "in/./a.jpg", "in//a.jpg",
        "/etc/passwd", "//etc/passwd", "in/a.jpg/", "in", "in/a.jpg/..", "..\\secret", "in\\a.jpg", "C:\\secret",
        "in/a.jpg\x00.png", "\x00", "in/a\n.jpg", "link.jpg", "inside.jpg", "folder/a.jpg", "round/in/a.jpg",
        "proc/environ", "pipe", "socket", "nothing.jpg", "in/a.jpg/b", "~/secret", "$HOME/secret", "%2e%2e/secret",
        "..%2fsecret", "file:///etc/passwd", "http://127.0.0.1/secret", "data:,x", "\u202e../secret", "in/a.jpg\u2028",
        "．．/secret", "a/" * 600, "a/" * 40 + "a", "x" * 300, "\ud800",
    ],
)  # fmt: skip
def test_no_other_path_leads_anywhere(media: Path, reference: str) -> None:
    assert copied(media, reference) in ("bad-reference", "no-such-file")
    assert copied(media, reference, CONTENT) in ("bad-reference", "no-such-file")
    assert not (media.parent / "copy").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["..", ".", "", "in", "a.jpg", "secret", "folder", "round", "link.jpg"]), max_size=6))
def test_no_path_made_of_what_is_there_leads_out(media: Path, names: list[str]) -> None:
    assert copied(media, "/".join(names)) in ("bad-reference", "no-such-file", "digest-mismatch")
    (media.parent / "copy").unlink(missing_ok=True)


def test_a_file_that_is_replaced_by_a_link_while_it_is_named_is_not_followed(media: Path) -> None:
    parts = parts_of("in/a.jpg")
    assert isinstance(parts, tuple)
    (media / "in" / "a.jpg").unlink()
    (media / "in" / "a.jpg").symlink_to(media.parent / "secret")
    found = copy_checked(media, parts, digest_of(SECRET), media.parent / "copy", 1_000)
    assert isinstance(found, Fault)
    assert found.slug == "no-such-file"


def test_what_is_longer_than_may_be_is_not_copied(media: Path) -> None:
    (media / "long").write_bytes(bytes(1_001))
    assert copied(media, "long", bytes(1_001)) == "file-too-large"


def test_no_answer_tells_what_else_lies_there(media: Path) -> None:
    answers = {copied(media, name) for name in ("nothing", "link.jpg", "pipe", "in", "folder/a.jpg", "folder/none")}
    assert answers == {"no-such-file"}
