"""Kinds of things that others must approve, registered by the room that carries them out. It carries out none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor, Target
from assay.governance.office.references import Reference
from assay.governance.office.roles import Function, Role
from assay.governance.people.models import Proposal
from assay.governance.people.rules.approving import Needs


@dataclass(frozen=True, slots=True)
class Carried:
    """What the last approval brought about: the one ledger entry of the command that gave it."""

    event: object
    subject: Reference


# By whom, at which instant, for which function the last approval was given.
CarryOut: TypeAlias = Callable[[Proposal, Actor, datetime, Function], "Carried | list[Fault]"]


@dataclass(frozen=True, slots=True)
class ProposalKind:
    """One kind of proposal.

    name       `room.what`, such as `people.grant-role`
    words      what would be done, as a sentence's end: from the proposal and the name of whoever gains
    facts      what there is to know before one approves, as labels and words
    approvers  roles whose approval counts, where they reach the target
    lasts      how long it waits
    carry_out  does it, in the transaction of the last approval; faults undo that approval
    """

    name: str
    title: str
    words: Callable[[Proposal, str], str]
    facts: Callable[[Proposal], tuple[tuple[str, str], ...]]
    approvers: frozenset[Role]
    needs: Needs
    lasts: timedelta
    carry_out: CarryOut
    target: Callable[[Proposal], Target]


KINDS: dict[str, ProposalKind] = {}


def register(kind: ProposalKind) -> ProposalKind:
    """Make a kind known; again under the same name replaces."""
    KINDS[kind.name] = kind
    return kind


def kind_of(proposal: Proposal) -> ProposalKind:
    """The kind of a proposal; raises KeyError for one whose room is not installed."""
    return KINDS[proposal.kind]
