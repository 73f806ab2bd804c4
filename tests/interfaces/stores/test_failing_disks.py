"""A disk that fails at any call: nothing half counts, what was kept stays, and it works again when the disk does."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.interfaces.stores.entry import StoreUnwritable
from assay.interfaces.stores.segments.folder import OpenFolder, open_folder
from assay.interfaces.stores.segments.system import RealSystem
from assay.interfaces.stores.segments.writer import Limits, SegmentWriter
from assay.interfaces.stores.verifying import verify_file
from tests.interfaces.stores.making import asked, read, shown, some_entries


class FailingSystem(RealSystem):
    """The operating system, of which some calls fail; a write that fails has taken a part."""

    def __init__(self, fails: frozenset[int] = frozenset(), error: int = errno.ENOSPC) -> None:
        self.calls, self._fails, self._error = 0, fails, error

    def _count(self) -> None:
        self.calls += 1
        if self.calls in self._fails:
            raise OSError(self._error, "it failed")

    def create(self, path: Path) -> int:
        self._count()
        return super().create(path)

    def write(self, file: int, content: bytes | memoryview) -> int:
        self.calls += 1
        if self.calls in self._fails:
            super().write(file, memoryview(content)[: len(content) // 2])
            raise OSError(self._error, "it failed")
        # The system may always take a part only.
        return super().write(file, memoryview(content)[: max(1, len(content) * 2 // 3)])

    def sync(self, file: int) -> None:
        self._count()

    def truncate(self, file: int, size: int) -> None:
        self._count()
        super().truncate(file, size)

    def close(self, file: int) -> None:
        super().close(file)
        self._count()

    def sync_folder(self, folder: Path) -> None:
        self._count()


def _written(folder: Path, system: FailingSystem, limits: Limits) -> tuple[list[int], list[int]]:
    """Which of some batches were said to be kept, and which not."""
    writer = SegmentWriter(folder, limits, 1, system=system)
    kept, failed = [], []
    for batch in range(6):
        try:
            writer.write(some_entries(3, 10 * batch))
            kept.append(batch)
        except StoreUnwritable:
            failed.append(batch)
        if batch == 3:
            writer.tend()
    writer.close()
    return kept, failed


@given(
    st.frozensets(st.integers(1, 40), max_size=6), st.sampled_from(["synced", "written"]), st.sampled_from([300, 10**6])
)
@settings(max_examples=150, deadline=None)
def test_what_was_said_to_be_kept_is_there_and_nothing_else_but_what_could_not_be_cut(
    fails: frozenset[int], durability: str, segment_bytes: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, system = Path(name), FailingSystem(fails)
        kept, failed = _written(folder, system, Limits(durability, segment_bytes=segment_bytes))  # type: ignore[arg-type]
        assert len(kept) + len(failed) == 6
        opened = open_folder(folder)
        assert isinstance(opened, OpenFolder)
        opened.lock.release()
        files = sorted(folder.glob("*.segment"))
        found = [each for path in files for each in shown(read(path)[0])]
        wanted = [each for batch in kept for each in asked(some_entries(3, 10 * batch))]
        assert [each for each in found if each in wanted] == wanted
        assert all(not verify_file(path).damages for path in files)
        # A batch that failed may stand there in part where the file could not be cut either: never counted, never torn.
        doubtful = {each for batch in failed for each in asked(some_entries(3, 10 * batch))}
        assert set(found) - set(wanted) <= doubtful


def test_a_batch_that_failed_leaves_nothing_where_the_file_can_be_cut(tmp_path: Path) -> None:
    for call in range(1, 12):
        folder = tmp_path / str(call)
        folder.mkdir()
        kept, failed = _written(folder, FailingSystem(frozenset({call})), Limits("synced"))
        found = [each for path in sorted(folder.glob("*.segment")) for each in shown(read(path)[0])]
        assert found == [each for batch in kept for each in asked(some_entries(3, 10 * batch))], (call, failed)


class FullSystem(RealSystem):
    """A disk that has room, or none."""

    full = False

    def sync(self, file: int) -> None:
        pass

    def write(self, file: int, content: bytes | memoryview) -> int:
        # The header of a new file still fits.
        if self.full and len(content) > 100:
            raise OSError(errno.ENOSPC, "there is no room")
        return super().write(file, content)


def test_a_full_disk_is_named_and_room_is_all_it_needs(tmp_path: Path) -> None:
    system = FullSystem()
    writer = SegmentWriter(tmp_path, Limits("synced"), 1, system=system)
    writer.write(some_entries(2))
    system.full = True
    for _ in range(20):
        with pytest.raises(StoreUnwritable, match="disk-full") as raised:
            writer.write(some_entries(2, 10))
        assert "make room" in raised.value.words
        with pytest.raises(StoreUnwritable, match="disk-full"):
            writer.probe()
    # A disk that stays full does not fill the folder with files of nothing.
    assert len(list(tmp_path.iterdir())) == 1
    system.full = False
    writer.probe()
    writer.write(some_entries(2, 10))
    writer.close()
    found = [each for path in sorted(tmp_path.glob("*.segment")) for each in shown(read(path)[0])]
    assert found == asked([*some_entries(2), *some_entries(2, 10)])


@pytest.mark.parametrize(
    ("number", "slug"),
    [
        (errno.EIO, "disk-failed"),
        (errno.EROFS, "folder-unwritable"),
        (errno.ENOENT, "folder-missing"),
        (errno.EDOM, "store-unwritable"),
    ],
)
def test_every_error_has_a_slug_and_words(number: int, slug: str, tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, Limits(), 1, system=FailingSystem(frozenset({1}), number))
    with pytest.raises(StoreUnwritable) as raised:
        writer.write(some_entries(1))
    assert raised.value.slug == slug and str(tmp_path) in raised.value.words


def test_an_interval_that_cannot_be_synced_is_said_and_the_next_batch_goes_to_a_new_file(tmp_path: Path) -> None:
    system = FailingSystem()
    writer = SegmentWriter(tmp_path, Limits("interval", interval_seconds=0.0), 1, system=system)
    writer.write(some_entries(2))
    system._fails = frozenset({system.calls + 1})
    with pytest.raises(StoreUnwritable):
        writer.tend()
    writer.write(some_entries(2, 10))
    assert len(list(tmp_path.glob("*.segment"))) == 2
    writer.close()


def test_a_file_that_could_not_be_synced_when_it_was_closed_is_said_where_a_sync_was_promised(tmp_path: Path) -> None:
    class NeverSynced(FullSystem):
        synced = 0

        def sync(self, file: int) -> None:
            self.synced += 1
            if self.synced > 1:
                raise OSError(errno.EIO, "it failed")

    writer = SegmentWriter(tmp_path, Limits("interval", segment_bytes=100), 1, system=NeverSynced())
    writer.write(some_entries(3))
    with pytest.raises(StoreUnwritable, match="disk-failed"):
        writer.tend()
    assert writer.tend() == 60.0
