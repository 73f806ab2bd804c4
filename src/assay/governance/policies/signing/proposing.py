"""How a new matrix takes effect: proposed by one, approved by two others of two functions. It writes no entry."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor, Target
from assay.governance.office.references import Reference
from assay.governance.office.roles import Function, Role
from assay.governance.people.models import Proposal
from assay.governance.people.proposals.kinds import Carried, ProposalKind, register
from assay.governance.people.rules.approving import Needs
from assay.governance.policies.life.editions import hold_room
from assay.governance.policies.life.targets import ROOM
from assay.governance.policies.signing.events import MatrixChanged
from assay.governance.policies.signing.models import SignOffMatrix
from assay.governance.policies.signing.queries.matrix import matrix_now
from assay.governance.policies.signing.rules.matrix import RISKS, Matrix, faults_of, read, said, written

# Whose word a change of the matrix needs: those who bind the house, of whatever function.
APPROVERS = frozenset(
    {Role.POLICY_LEAD, Role.OPERATIONS_LEAD, Role.LEGAL, Role.PUBLIC_POLICY, Role.COMMUNICATIONS, Role.EXECUTIVE}
)
SUBJECT = Reference("sign-off-matrix", "house")


def content_of(matrix: Matrix) -> dict[str, object]:
    """What is proposed: the matrix, and which one it would take the place of."""
    return {"matrix": written(matrix), "instead_of": matrix_now().number}


def matrix_in(proposal: Proposal) -> Matrix | Fault:
    """The matrix of a proposal."""
    return read(proposal.content.get("matrix"))


def _carry_out(proposal: Proposal, by: Actor, at: datetime, function: Function) -> Carried | list[Fault]:
    found = matrix_in(proposal)
    if isinstance(found, Fault):
        return [found]
    hold_room()
    now = matrix_now()
    if proposal.content.get("instead_of") != now.number:
        return [Fault("changed", "another matrix took effect meanwhile; propose this one again, from what holds now")]
    if faults := faults_of(found):
        return faults
    content = written(found)
    kept = SignOffMatrix.objects.create(
        number=now.number + 1, content=content, reason=proposal.reason, made_at=at, made_by=proposal.author,
        proposal=proposal.key,
    )  # fmt: skip
    digest = Digest(sha256_of(canonical_json(content)))
    return Carried(MatrixChanged(kept.number, proposal.reference, digest, function), SUBJECT)


def _words(_proposal: Proposal, _name: str) -> str:
    return "change who signs changes of policy off"


def _facts(proposal: Proposal) -> tuple[tuple[str, str], ...]:
    found, now = matrix_in(proposal), matrix_now().matrix
    if isinstance(found, Fault):
        return (("Matrix", "cannot be read"),)
    facts = []
    for risk in RISKS:
        label = "Ordinary changes" if risk == "ordinary" else "High risk"
        facts.append((f"{label}, must sign now", said(now[risk])))
        facts.append((f"{label}, would have to", said(found[risk])))
        lines = zip(now[risk], found[risk], strict=True)
        moved = [
            f"{new.role.words}: {old.letter}{' and signs' if old.must_sign else ''} → "
            f"{new.letter}{' and signs' if new.must_sign else ''}"
            for old, new in lines
            if old != new
        ]
        facts.append((f"{label}, what changes", "; ".join(moved) or "nothing"))
    return tuple(facts)


def _target(_proposal: Proposal) -> Target:
    # It holds for every policy and market, so that a limit on a role could not reach it.
    return Target(ROOM)


MATRIX = register(
    ProposalKind(
        name="policies.sign-off-matrix",
        title="Who signs off",
        words=_words,
        facts=_facts,
        approvers=APPROVERS,
        needs=Needs(people=2, functions=2),
        lasts=timedelta(days=14),
        carry_out=_carry_out,
        target=_target,
    )
)
