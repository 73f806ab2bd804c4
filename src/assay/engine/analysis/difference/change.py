"""What a comparison of two packs found: items that change, and clauses that changed. It compares nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assay.engine.analysis.situations.witness import Witness
from assay.engine.kernel.span import Span
from assay.engine.kernel.truth import Truth
from assay.engine.language.pack.vocabulary import Vocabulary


class Direction(StrEnum):
    """What a change does to items, as somebody who is affected would say."""

    WIDENED = "widened"
    NARROWED = "narrowed"
    OPENED = "opened"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Company:
    """Rules whose items are left out of a region.

    already    rules that both versions have, and that impose the measure there or may
    otherwise  rules of the other version only, which impose it there
    above      rules whose items are in a region before this one
    """

    already: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """Some of the items that change; the regions of a change hold no item twice.

    words      the condition in plain words, to be read after “when” or, where something is missing, by itself
    condition  the same in the language of conditions; empty where it speaks of what is unknown or of a rollout
    complete   whether it speaks of items of which everything is known; else of those that wait for an answer
    missing    for the latter, the signals that are unknown in the witness and make the difference
    witness    one of the items, with what both versions come to

    Items on which one of these rules imposes the measure are not meant (see `Company`):
    already    rules that are the same in both versions
    otherwise  changed rules of the other version
    above      changed rules whose items are in a region before this one
    """

    words: str
    condition: str
    complete: bool
    missing: tuple[str, ...]
    witness: Witness
    already: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One measure that turns out otherwise, in market classes in which it does so for the same items.

    measure        its id
    markets        the names of classes, and `codes` the single markets in them
    since, until   from when until when, microseconds since the epoch; None is no end
    before, after  its truth in the old and in the new version, by the rules that changed
    meanwhile      whether it is about what is done while rules are open (`until_known`), not about what is certain
    rules          the changed rules that are behind it, of either version
    regions        the items, each in one region only
    """

    measure: str
    subject: str
    markets: tuple[str, ...]
    codes: tuple[str, ...]
    since: int
    until: int | None
    before: Truth
    after: Truth
    direction: Direction
    meanwhile: bool
    rules: tuple[str, ...]
    regions: tuple[Region, ...]


class Edit(StrEnum):
    """What happened to a clause."""

    ADDED = "added"
    REMOVED = "removed"
    NARROWED = "narrowed"
    WIDENED = "widened"
    MOVED = "moved"
    CHANGED = "changed"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class ClauseEdit:
    """One clause (a rule with its section, an exception, a word of the vocabulary) that is not as it was.

    name           how the clause is cited in the new version, or in the old where it is gone
    edits          what happened: its condition widened or narrowed, its measures moved, its prose reworded, …
    words          that in a sentence
    before, after  the text of the clause, prose and program; empty where it was not there
    decides        whether some decision can differ by it
    """

    name: str
    title: str
    edits: tuple[Edit, ...]
    words: str
    before: str
    after: str
    span: Span
    decides: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the solver left undecided, with the question in SMT-LIB 2."""

    words: str
    query: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything in which two versions of a pack differ.

    old, new  content addresses
    as_of     from which instant on, in microseconds since the epoch
    vocabulary  the words of both versions together, which witnesses are written in
    changes   by measure, in the pack's order
    clauses   in the order of the new version
    notes     what else differs and may change decisions, such as the calendar; in sentences
    """

    old: str
    new: str
    old_title: str
    new_title: str
    as_of: int
    vocabulary: Vocabulary
    changes: tuple[Change, ...]
    clauses: tuple[ClauseEdit, ...]
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it is proved that no decision differs."""
        return not self.changes and not self.notes and not self.doubts
