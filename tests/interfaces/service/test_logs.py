"""Logs that nobody can write any more: whoever logs does not feel it, and a line is whole JSON or is not there."""

from __future__ import annotations

import errno
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from assay.interfaces.service.logs import set_up_logs


class Broken(io.StringIO):
    """A stream whose reader has gone, or whose disk is full."""

    fails = True

    def write(self, text: str) -> int:
        if self.fails:
            raise OSError(errno.EPIPE, "nobody reads")
        return super().write(text)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broken]:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    found = Broken()
    monkeypatch.setattr(sys, "stderr", found)
    set_up_logs("info")
    yield found
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def test_a_log_that_cannot_be_written_fails_nothing_and_is_written_again_once_it_can_be(stream: Broken) -> None:
    log = structlog.get_logger("assay.test")
    log.error("fault", kind="ValueError")
    logging.getLogger("a.library").warning("words")
    stream.fails = False
    log.warning("answered", status=503)
    logging.getLogger("a.library").warning("more words")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["answered", "more words"]
