"""Labels of one block by row: who said what, and what all of them come to. It judges nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from assay.engine.backtest.history.block import Label

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Voices:
    """What was said of one row.

    by       by person and thing
    settled  by thing, what settled it
    agreed   by thing what settled it, or else what most say; nothing where as many say something else
    """

    by: dict[str, dict[str, str]] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    agreed: dict[str, str] = field(default_factory=dict)

    def agree(self) -> None:
        """Work out what all of them come to, once everything was said."""
        if len(self.by) == 1:
            self.agreed.update(*self.by.values())
        else:
            for of in dict.fromkeys([of for said in self.by.values() for of in said]):
                first, *others = Counter([said[of] for said in self.by.values() if of in said]).most_common(2)
                if not others or others[0][1] < first[1]:
                    self.agreed[of] = first[0]
        self.agreed.update(self.settled)


def voices_of(labels: Iterable[Label]) -> dict[int, Voices]:
    """What was said, by row; where somebody spoke twice of one thing, the later word counts."""
    found: dict[int, Voices] = {}
    unnamed: Counter[tuple[int, str]] = Counter()
    for label in sorted(labels, key=_moment):
        voices = found.get(label.row)
        if voices is None:
            voices = found[label.row] = Voices()
        by = label.by
        if not by:
            # Somebody who is not named is nobody else: their words must not replace one another's.
            unnamed[label.row, label.of] += 1
            by = f"#{unnamed[label.row, label.of]}"
        said = voices.settled if label.final else voices.by.setdefault(by, {})
        said[label.of] = label.value
    for voices in found.values():
        voices.agree()
    return found


def _moment(label: Label) -> tuple[int, bool, int]:
    return label.row, label.at is not None, label.at or 0
