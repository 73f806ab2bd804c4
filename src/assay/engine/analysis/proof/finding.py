"""What a proof found: findings with their witnesses, and what was proved. It holds results and searches for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assay.engine.analysis.situations.witness import Witness
from assay.engine.kernel.span import Span


class Kind(StrEnum):
    """What can be found; the value is the slug that people read, and the name of its page."""

    DEAD_RULE = "dead-rule"
    SWALLOWED_RULE = "swallowed-rule"
    UNDERMINED_RULE = "undermined-rule"
    SHADOWED_RULE = "shadowed-rule"
    CLASHING_RULES = "clashing-rules"
    GAP = "gap"
    LABEL_CURES = "label-cures"
    BROKEN_INVARIANT = "broken-invariant"
    BROKEN_OBLIGATION = "broken-obligation"
    WOULD_BREAK = "would-break"
    VACUOUS_OBLIGATION = "vacuous-obligation"
    FALLEN_SCENARIO = "fallen-scenario"
    OPEN_FOREVER = "open-forever"
    PHANTOM_QUESTION = "phantom-question"
    UNDECIDED = "undecided"


class Weight(StrEnum):
    """How much a finding matters: an error keeps a pack from being released."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


WEIGHTS: Mapping[Kind, Weight] = {
    Kind.SHADOWED_RULE: Weight.WARNING,
    Kind.WOULD_BREAK: Weight.NOTE,
    Kind.OPEN_FOREVER: Weight.WARNING,
    Kind.PHANTOM_QUESTION: Weight.WARNING,
    Kind.UNDECIDED: Weight.WARNING,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should know before the pack ships.

    subjects   what it is about: references of rules, ids of promises, names of signals
    words      what is the matter, in plain words, one sentence
    hint       the next step
    span       the place in the pack
    witnesses  one item; two where the finding compares them, such as unlabelled and labelled
    markets    the market classes in which it is so; none means that markets make no difference
    query      for what is undecided, the question in SMT-LIB 2
    """

    kind: Kind
    subjects: tuple[str, ...]
    words: str
    span: Span
    hint: str = ""
    witnesses: tuple[Witness, ...] = ()
    markets: tuple[str, ...] = ()
    weight: Weight = Weight.ERROR
    query: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim that was looked into.

    check     the kind of finding that it would be
    subjects  as in a finding
    title     the claim, in plain words: what is so if it is proved
    outcome   `proved`, `refuted`, `undecided` or, for duties, `not-formal`
    reason    why it is not formal; what was left out
    """

    check: Kind
    subjects: tuple[str, ...]
    title: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that was found out about a pack.

    digest     the pack's content address
    as_of      from which instant on, in microseconds since the epoch
    findings   errors first, then by place
    checked    every claim, in the order looked into
    texts      the text signals, of which the solver only knows which tests they pass
    solved     how many claims the solver was asked, and `reused` how many were known from before
    """

    digest: str
    as_of: int
    findings: tuple[Finding, ...]
    checked: tuple[Checked, ...]
    texts: tuple[str, ...] = ()
    solved: int = 0
    reused: int = 0
    markets: tuple[str, ...] = field(default=())

    @property
    def sound(self) -> bool:
        """Whether the pack can be released: no error, and nothing left undecided."""
        return not any(found.weight is Weight.ERROR or found.kind is Kind.UNDECIDED for found in self.findings)

    def count(self, weight: Weight) -> int:
        """How many findings weigh so much."""
        return sum(found.weight is weight for found in self.findings)
