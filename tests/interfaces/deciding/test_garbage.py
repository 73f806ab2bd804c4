"""What is loaded is not looked at again, and what it took the place of is freed."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from assay.interfaces.deciding.garbage import settle


class Circle:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_at_again() -> None:
    loaded = Circle()
    settle()
    assert gc.get_freeze_count() > 0
    assert not any(found is loaded for found in gc.get_objects())


def test_a_circle_that_was_loaded_and_is_used_no_more_is_freed_the_next_time() -> None:
    old = Circle()
    watched = weakref.ref(old)
    settle()
    del old
    gc.collect()
    assert watched() is not None
    settle()
    assert watched() is None
