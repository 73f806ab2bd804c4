"""Files are hashed in processes of their own, and whatever goes wrong with one costs that one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pebble import ProcessExpired, ProcessFuture

from assay.detection.copies import pooled
from assay.detection.copies.kinds import HashKind
from assay.detection.copies.pooled import Hashed, Wish, hash_files

WISH = Wish((HashKind.PDQ,))


class Pool:
    """Ends each file as it is told to, in place of processes."""

    def __init__(self, ends: Iterable[BaseException | None]) -> None:
        self._ends: Iterator[BaseException | None] = iter(ends)

    def schedule(self, job: Callable[..., Any], args: tuple[Path, Wish], timeout: float) -> ProcessFuture[Hashed]:
        future: ProcessFuture[Hashed] = ProcessFuture()
        end = next(self._ends)
        if end is None:
            future.set_result(Hashed(args[0]))
        else:
            future.set_exception(end)
        return future

    def stop(self) -> None:
        """Nothing is under way."""

    def join(self) -> None:
        """Nothing is under way."""


def test_whatever_ends_the_hashing_of_one_file_costs_that_file(monkeypatch: pytest.MonkeyPatch) -> None:
    died = ProcessExpired("died")  # type: ignore[no-untyped-call]
    ends = [KeyError("a decoder's own"), died, TimeoutError(), MemoryError(), None]
    monkeypatch.setattr(pooled, "new_pool", lambda *given: Pool(ends))
    found = list(hash_files([Path(str(place)) for place in range(5)], WISH))
    assert [each.fault and each.fault.slug for each in found] == [
        "scanner-failed",
        "scanner-crashed",
        "scanner-timed-out",
        "out-of-memory",
        None,
    ]
