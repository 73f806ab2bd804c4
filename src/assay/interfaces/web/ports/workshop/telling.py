"""How a process for work speaks: lines of JSON, progress now and then, one answer at the end. It never reads."""

from __future__ import annotations

import json
import os
import time
from typing import TextIO

from assay.engine.kernel.errors import Fault
from assay.governance.policies.ports import Outcome

_BETWEEN = 0.2


class Telling:
    """Says how far it is, a few times a second at the most."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._next, self._words = stream, 0.0, "starting"

    def begin(self, words: str) -> None:
        """What is done now, said at once."""
        self._words, self._next = words, 0.0
        self.reached(0, 0)

    def reached(self, done: int, total: int) -> None:
        """How much of it is done."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _BETWEEN
            self._say({"kind": "progress", "done": done, "total": total, "words": self._words})

    def answer(self, found: Outcome | Fault) -> None:
        """The end."""
        if isinstance(found, Fault):
            self._say({"kind": "fault", "slug": found.slug, "words": found.words})
        else:
            self._say(
                {
                    "kind": "outcome",
                    "passed": found.passed,
                    "words": found.words,
                    "document": found.document,
                    "page": found.page,
                }
            )
        self._stream.flush()
        # Its watcher waits for the caller, which waits for this; nothing is left to be tidied up.
        os._exit(0)

    def _say(self, said: object) -> None:
        self._stream.write(json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")
        self._stream.flush()
