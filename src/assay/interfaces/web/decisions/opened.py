"""The index behind the pages of decisions, opened for one request. Where nobody follows the records, a page does so."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from django.conf import settings

from assay.engine.kernel.errors import Fault
from assay.interfaces.stores.indexing.opening import follower_of, index_of
from assay.interfaces.stores.indexing.reading.index import IndexReader, reading
from assay.interfaces.stores.settings import StoreSettings

# A clerk follows every second; where none does, pages show what is at most so old.
_STALE_SECONDS = 20.0
_BEHIND_SECONDS = 2.0
# A page takes no longer for it than nobody notices.
_CATCH_UP_SECONDS = 0.05
_catching_up = threading.Lock()


def record_settings() -> StoreSettings:
    """The settings of the record store."""
    found = settings.ASSAY_RECORDS
    assert isinstance(found, StoreSettings)  # noqa: S101 (the site's own settings)
    return found


@contextmanager
def opened_index() -> Generator[IndexReader | Fault]:
    """The index as it is now, or why there is no list of decisions."""
    given = record_settings()
    path = index_of(given)
    if isinstance(path, Fault):
        yield path
        return
    if not path.parent.is_dir() and given.kind == "segments":
        words = f"there is no folder `{path.parent}` of records yet; it is made with the first decision"
        yield Fault("no-records", words, "store.folder")
        return
    with reading(path) as found:
        if isinstance(found, IndexReader) and not _is_stale(found):
            yield found
            return
    fault = _catch_up(given)
    with reading(path) as found:
        yield fault if isinstance(found, Fault) and fault is not None else found


def _is_stale(index: IndexReader) -> bool:
    condition = index.condition()
    if condition.followed is None:
        return True
    age = time.time() - condition.followed / 1e6
    return age > (_BEHIND_SECONDS if condition.behind else _STALE_SECONDS)


def _catch_up(given: StoreSettings) -> Fault | None:
    """Read on for a moment; why that cannot be done, or None."""
    if not _catching_up.acquire(blocking=False):
        return None
    try:
        follower = follower_of(given)
        if isinstance(follower, Fault):
            return follower
        step = follower.follow(_CATCH_UP_SECONDS)
        follower.close()
        return step.fault
    finally:
        _catching_up.release()
