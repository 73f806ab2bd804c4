"""What is written to a segment is read back as it was, and damage costs what it touches and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xxhash import xxh3_64_intdigest

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.entry import Entry
from assay.interfaces.stores.segments.folder import OpenFolder, open_folder
from assay.interfaces.stores.segments.frames import (
    FRAME_BYTES,
    HEADER_BYTES,
    PIECE,
    RECORD,
    Frame,
    frames_of,
    piece_frame,
    read_piece,
)
from assay.interfaces.stores.segments.reading import keys_in, read_sealed
from assay.interfaces.stores.segments.writer import Limits
from assay.interfaces.stores.verifying import verify_file
from tests.interfaces.stores.making import an_entry, asked, entries, read, shown, some_entries, write


@given(st.lists(entries(), max_size=4), st.sampled_from(["written", "interval"]))
@settings(max_examples=40, deadline=None)
def test_whatever_is_written_is_read_back(batches: list[list[Entry]], durability: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        files = write(Path(name), batches, Limits(durability, segment_bytes=2000))  # type: ignore[arg-type]
        found = [record for path in files for record in read(path)[0]]
        assert shown(found) == asked([entry for batch in batches for entry in batch])
        assert all(not verify_file(path).damages for path in files)


def test_a_piece_that_comes_again_is_written_once(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [[an_entry(9, pieces=9)] * 50])
    assert path.stat().st_size < 50 * len(an_entry(9, pieces=9).record) / 2


def test_files_are_numbered_in_the_order_in_which_they_were_begun(tmp_path: Path) -> None:
    files = write(
        tmp_path, [some_entries(20, first) for first in range(0, 100, 20)], Limits("written", segment_bytes=500)
    )
    assert [path.name[:8] for path in files] == [f"{number:08d}" for number in range(1, 6)]


def test_a_closed_segment_lists_its_keys_with_their_places(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [some_entries(10)])
    sealed = read_sealed(path)
    assert sealed is not None and sealed.footer["records"] == 10 and sealed.footer["pieces"] == 9
    places = {record.key: record.offset for record in read(path)[0] if record.key}
    assert dict(keys_in(sealed)) == places and len(places) == 4


def _cut_and_opened(content: bytes, name: str, folder: Path) -> OpenFolder:
    (folder / name).write_bytes(content)
    found = open_folder(folder)
    assert isinstance(found, OpenFolder)
    found.lock.release()
    return found


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that says at once that all is on it: a thousand files would be waited for."""
    monkeypatch.setattr("os.fsync", lambda file: None)
    monkeypatch.setattr("os.fdatasync", lambda file: None, raising=False)


@pytest.mark.slow
@pytest.mark.usefixtures("no_waiting")
def test_a_file_that_was_cut_anywhere_keeps_every_record_that_was_whole(tmp_path: Path) -> None:
    source, given = tmp_path / "source", [an_entry(number, "k", pieces=1) for number in range(4)]
    source.mkdir()
    (path,) = write(source, [given[:2], given[2:]])
    content, whole = path.read_bytes(), asked(given)
    salt = int.from_bytes(content[HEADER_BYTES - 16 : HEADER_BYTES - 8], "little")
    frames = [frame for frame in frames_of(content, salt) if isinstance(frame, Frame) and frame.kind == RECORD]
    ends = [frame.offset + FRAME_BYTES + len(frame.body) for frame in frames]
    for size in range(len(content)):
        folder = tmp_path / f"cut-{size}"
        folder.mkdir()
        _cut_and_opened(content[:size], path.name, folder)
        found = [record for each in folder.glob("*.segment") for record in read(each)[0]]
        assert shown(found) == whole[: sum(end <= size for end in ends)], size
        assert all(not verify_file(each).damages for each in folder.glob("*.segment"))


@pytest.mark.slow
def test_a_byte_that_changed_anywhere_is_found_and_no_wrong_record_comes_out(tmp_path: Path) -> None:
    given = some_entries(5)
    (path,) = write(tmp_path, [given])
    content, whole = path.read_bytes(), set(asked(given))
    for place in range(len(content)):
        for flipped in (0x01, 0x80):
            changed = bytearray(content)
            changed[place] ^= flipped
            path.write_bytes(changed)
            found = verify_file(path)
            assert found.damages or found.torn or found.kind == "open segment", place
            assert set(shown(read(path)[0])) <= whole, place


def test_a_damaged_record_costs_itself_and_a_damaged_piece_the_records_that_need_it(tmp_path: Path) -> None:
    given = some_entries(40)
    (path,) = write(tmp_path, [given])
    content, places = path.read_bytes(), [record.offset for record in read(path)[0]]
    changed = bytearray(content)
    changed[places[20] + 30] ^= 1
    path.write_bytes(changed)
    found, damages = read(path)
    assert shown(found) == asked(given[:20] + given[21:])
    assert [(each.offset, each.slug) for each in damages] == [(places[20], "damaged-frame")]

    changed = bytearray(content)
    changed[content.index(SHARED_TEXT)] ^= 1
    path.write_bytes(changed)
    found, damages = read(path)
    lost = [entry for entry in given if SHARED_TEXT in entry.record]
    assert lost and shown(found) == asked([entry for entry in given if entry not in lost])
    assert [each.slug for each in damages].count("missing-piece") == len(lost)


SHARED_TEXT = b'"rule/4"'


def test_a_frame_of_another_file_is_no_frame_here(tmp_path: Path) -> None:
    one, other = write(tmp_path, [some_entries(3)]), tmp_path / "other"
    other.mkdir()
    (strange,) = write(other, [some_entries(3)])
    content, foreign = one[0].read_bytes(), strange.read_bytes()
    one[0].write_bytes(content[:HEADER_BYTES] + foreign[HEADER_BYTES:])
    assert read(one[0])[0] == []


def test_a_torn_tail_is_put_aside_and_the_file_closed(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [some_entries(4)])
    last = read(path)[0][-1].offset
    found = _cut_and_opened(path.read_bytes()[: last + 10], path.name, tmp_path)
    (recovered,) = found.recovered
    assert recovered.records == 3 and [each.slug for each in recovered.damages] == ["torn-tail"]
    assert recovered.aside is not None and recovered.aside.stat().st_size == 10
    assert verify_file(path).kind == "segment" and verify_file(path).records == 3


def test_opening_twice_changes_nothing_more(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [some_entries(4)])
    _cut_and_opened(path.read_bytes()[:-30], path.name, tmp_path)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir() if each.name != ".lock"}
    assert _cut_and_opened(path.read_bytes(), path.name, tmp_path).recovered == ()
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir() if each.name != ".lock"} == before


def test_the_next_number_is_above_every_file_of_any_kind(tmp_path: Path) -> None:
    write(tmp_path, [some_entries(1)], number=4)
    (tmp_path / "00000009-20261122T000000Z.parquet").write_bytes(b"")
    found = open_folder(tmp_path)
    assert isinstance(found, OpenFolder) and found.number == 10
    found.lock.release()


def test_a_file_that_is_no_segment_is_put_aside_whole(tmp_path: Path) -> None:
    found = _cut_and_opened(b"x" * 100, "00000001-20261122T000000Z.segment", tmp_path)
    assert [(each.records, each.damages[0].slug) for each in found.recovered] == [(0, "no-segment")]
    assert [each.read_bytes() for each in tmp_path.glob("*.aside")] == [b"x" * 100]


def test_a_segment_of_another_version_is_touched_by_nobody(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [some_entries(3)])
    content = bytearray(path.read_bytes())
    content[8] = 2
    content[32:40] = xxh3_64_intdigest(bytes(content[:32])).to_bytes(8, "little")
    path.write_bytes(content)
    found = open_folder(tmp_path)
    assert isinstance(found, Fault) and found.slug == "other-version" and "version 2" in found.words
    assert path.read_bytes() == content and len(list(tmp_path.iterdir())) == 2


def test_a_record_with_another_piece_than_it_was_kept_with_is_no_record(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [some_entries(3)])
    content = bytearray(path.read_bytes())
    salt = int.from_bytes(content[HEADER_BYTES - 16 : HEADER_BYTES - 8], "little")
    pieces = [frame for frame in frames_of(bytes(content), salt) if isinstance(frame, Frame) and frame.kind == PIECE]
    number, piece = read_piece(pieces[0]) or (0, b"")
    # Every checksum of a frame holds, as if a wrong number had been written.
    forged = piece_frame(number, piece.replace(b"rule/0", b"rule/9"), salt + pieces[0].offset)
    content[pieces[0].offset : pieces[0].offset + len(forged)] = forged
    path.write_bytes(content)
    found, damages = read(path)
    assert shown(found) == asked(some_entries(3)[1:]) and [each.slug for each in damages] == ["wrong-digest"]
    assert read_sealed(path) is not None and verify_file(path).damages
