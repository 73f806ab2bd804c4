"""Another matrix of who signs off is proposed. It takes effect when two others have approved it."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.people.models import Person, Proposal
from assay.governance.people.proposals.making import propose
from assay.governance.policies.signing.events import MatrixProposed
from assay.governance.policies.signing.proposing import APPROVERS, MATRIX, SUBJECT, content_of
from assay.governance.policies.signing.queries.matrix import matrix_now
from assay.governance.policies.signing.rules.matrix import Matrix, faults_of, written


@command("policies.propose-sign-off-matrix", words="propose who signs changes off", roles=APPROVERS)
def propose_matrix(*, matrix: Matrix, reason: str, by: Actor, at: datetime) -> Proposal | list[Fault]:
    """Waits for two others of two functions."""
    faults = faults_of(matrix)
    if written(matrix) == written(matrix_now().matrix):
        faults.append(Fault("nothing-new", "this is how it is already; change a role, then propose it"))
    if not reason.strip():
        faults.append(Fault("no-words", "say why, for the two who approve it", "reason"))
    if faults:
        return faults
    made = propose(
        MATRIX, subject=SUBJECT, gets=None, content=content_of(matrix), reason=reason, author=Person.of(by.who),
        hands=by.hands, at=at,
    )  # fmt: skip
    if isinstance(made, list):
        return made
    digest = Digest(sha256_of(canonical_json(written(matrix))))
    append(MatrixProposed(made.reference, digest), subject=SUBJECT, by=by, at=at)
    return made
