"""The tables of a new file: made once, by one process, while others wait."""

from __future__ import annotations

import fcntl
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from assay.engine.kernel.errors import Fault
from assay.interfaces.web.site import tables


def test_whoever_comes_while_the_tables_are_made_waits_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the service has just begun and its first administrator is made in another terminal."""
    making, begun, made = tmp_path / "workbench.sqlite3.making", Event(), Event()

    def make() -> None:
        with making.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            begun.set()
            sleep(0.2)
            made.set()
            making.unlink()

    monkeypatch.setattr(tables, "_is_new", lambda _: False)
    monkeypatch.setattr(tables, "lacking", lambda: [] if made.is_set() else [Fault("old-database", "some are missing")])
    other = Thread(target=make)
    other.start()
    begun.wait()
    assert tables.prepare(f"sqlite:///{tmp_path}/workbench.sqlite3") == []
    other.join()
    assert list(tmp_path.iterdir()) == []
