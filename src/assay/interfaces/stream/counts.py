"""What a consumer has done since its start, for health, metrics and the last line. It reads no message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from assay.engine.kernel.errors import Fault


class Counts:
    """Counts that only grow, and what is wrong just now.

    decided    messages decided and answered
    repeated   messages that came again and were answered as before
    dead       dead letters by slug
    lost       messages that went to another consumer while we worked on them
    waits      how often a batch had to wait because records or answers could not be kept
    waiting    messages that wait, by subject or partition; `sources` names those of each lane
    ages       how many seconds old the last message was when it was answered, by lane
    faults     what keeps a lane from going on, by lane
    """

    def __init__(self) -> None:
        self.decided = self.repeated = self.lost = self.waits = 0
        self.dead: Counter[str] = Counter()
        self.waiting: dict[str, int] = {}
        self.sources: dict[str, tuple[str, ...]] = {}
        self.ages: dict[str, float] = {}
        self.faults: dict[str, Fault] = {}

    def as_mapping(self) -> Mapping[str, object]:
        """For programs."""
        return {
            "decided": self.decided,
            "repeated": self.repeated,
            "dead_letters": dict(sorted(self.dead.items())),
            "lost": self.lost,
            "waits": self.waits,
            "waiting": dict(sorted(self.waiting.items())),
        }
