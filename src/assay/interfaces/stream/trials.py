"""How often a message was tried on its own and never ended, across restarts. It never says that of one that waited."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from assay.interfaces.stream.ports import Arrived

# Each stands for a process that died; what came before so many others is no suspect any more.
_MOST = 1_000
_DECODER = msgspec.json.Decoder(dict[str, int])


class Trials:
    """Messages that were begun alone and have not ended, with how often.

    A broker's count says how often a message was handed over. That grows also where a consumer was killed while the
    message merely waited in its hands, so it can only make a message suspicious. What is counted here is that its own
    deciding was begun, with nothing beside it, and that the process ended before that did.

    path  the file that a next process reads; without one, only this process is remembered
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._begun: dict[str, int] = {}
        if path is not None:
            # What is not there or not readable was never counted: at worst a message is tried a few times more.
            with contextlib.suppress(OSError, ValueError):
                self._begun = _DECODER.decode(path.read_bytes())

    def ended_on(self, arrived: Arrived) -> int:
        """How often a message was begun alone and never ended."""
        return self._begun.get(arrived.key, 0)

    def begin(self, arrived: Arrived) -> None:
        """Count one more, until it is cleared; a process that dies before leaves the count behind."""
        self._begun[arrived.key] = self._begun.pop(arrived.key, 0) + 1
        if len(self._begun) > _MOST:
            del self._begun[next(iter(self._begun))]
        self._write()

    def clear(self, arrived: Arrived) -> None:
        """It came to an end, or what keeps it from one is not the message."""
        if self._begun.pop(arrived.key, None) is not None:
            self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        beside = self._path.with_suffix(".new")
        # A count that cannot be written is lost, not a message.
        with contextlib.suppress(OSError):
            beside.write_bytes(msgspec.json.encode(self._begun))
            beside.replace(self._path)
