"""What happens in sign-off, as the ledger keeps it: who said what of which draft; never the words that they said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.governance.ledger.events import Digest, event
from assay.governance.office.references import Reference
from assay.governance.office.roles import Function, Role
from assay.governance.policies.signing.rules.counting import Verdict


@event("policies.change-signed", words="gave their word on {subject} as {role}: {verdict}")
@dataclass(frozen=True, slots=True)
class ChangeSigned:
    """Somebody signed, or dissented.

    stands_for  whose role it was, where it was not their own
    draft       what they said it of
    evidence    what they were shown beside it
    conditions  how many they set
    """

    signature: Reference
    role: Role
    function: Function
    stands_for: Reference | None
    verdict: Verdict
    draft: Digest
    evidence: tuple[Digest, ...]
    conditions: int


@event("policies.signature-withdrawn", words="withdrew their word on {subject}, given as {role}")
@dataclass(frozen=True, slots=True)
class SignatureWithdrawn:
    """It counts no more, nor do its conditions."""

    signature: Reference
    role: Role


@event("policies.condition-answered", words="said that a condition of {subject} is met")
@dataclass(frozen=True, slots=True)
class ConditionAnswered:
    """Whoever set it, or another of that function, has to confirm it."""

    condition: Reference
    setter: Reference


@event("policies.condition-judged", words="judged a condition of {subject}: {outcome}")
@dataclass(frozen=True, slots=True)
class ConditionJudged:
    """Whether it is met was confirmed, or denied."""

    condition: Reference
    meeter: Reference | None
    outcome: Literal["met", "not-met"]


@event("policies.veto-set", words="stopped {subject} with a legal veto")
@dataclass(frozen=True, slots=True)
class VetoSet:
    """Nobody but legal lifts it."""

    veto: Reference


@event("policies.veto-lifted", words="lifted the legal veto on {subject}")
@dataclass(frozen=True, slots=True)
class VetoLifted:
    """The change may go on."""

    veto: Reference


@event("policies.sign-off-matrix-proposed", words="proposed who signs changes off")
@dataclass(frozen=True, slots=True)
class MatrixProposed:
    """Two others of two functions have to approve it."""

    proposal: Reference
    matrix: Digest


@event("policies.sign-off-matrix-changed", words="changed who signs changes off")
@dataclass(frozen=True, slots=True)
class MatrixChanged:
    """From now on, for every change that is not yet out."""

    number: int
    proposal: Reference
    matrix: Digest
    function: Function
