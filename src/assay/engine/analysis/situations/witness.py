"""A concrete item that shows something, in the vocabulary's words. It says what it shows and proves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.engine.kernel.instants import format_instant
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Witness:
    """A concrete item that shows a finding.

    id       the item's id, which rollouts hash
    signals  what is known of it, in the vocabulary's order; what is not named is unknown
    market   the market it is decided in
    as_of    the instant, in microseconds since the epoch
    scoped   the names of those signals that have a value for each market
    shows    what the decision comes to there, in a few plain words
    """

    id: str
    subject: str
    signals: Mapping[str, MaybeValue]
    market: str
    as_of: int
    scoped: frozenset[str] = frozenset()
    shows: str = ""

    def record(self, vocabulary: Vocabulary) -> dict[str, object]:
        """The item record that `assay decide` reads."""
        signals: dict[str, object] = {}
        for name, value in self.signals.items():
            if value is not None:
                written = vocabulary.by_name[name].write(value)
                signals[name] = {self.market: written} if name in self.scoped else written
        made: dict[str, object] = {"id": self.id, "signals": signals}
        return made if self.subject == "item" else {**made, "subject": self.subject}

    def as_json(self, vocabulary: Vocabulary) -> dict[str, object]:
        """The witness as the report has it: the record, the market and the instant to decide it for."""
        return {
            "item": self.record(vocabulary),
            "market": self.market,
            "as_of": format_instant(self.as_of),
            "shows": self.shows,
        }
