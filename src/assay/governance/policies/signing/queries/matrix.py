"""The matrix that holds, and those before it. It changes none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.signing.models import SignOffMatrix
from assay.governance.policies.signing.rules.matrix import DEFAULT, Matrix, read


@dataclass(frozen=True, slots=True)
class MatrixInForce:
    """By what is signed now.

    number  0 is the one that comes with the program
    """

    number: int
    matrix: Matrix


def matrix_now() -> MatrixInForce:
    """The newest one; a kept one that cannot be read would let nobody decide, so the one that comes with us holds."""
    kept = SignOffMatrix.objects.order_by("-number").first()
    found = None if kept is None else read(kept.content)
    if kept is None or found is None or isinstance(found, Fault):
        return MatrixInForce(0, DEFAULT)
    return MatrixInForce(kept.number, found)


@query("policies.see-sign-off-matrix", words="read who signs changes off", roles=INSIDE, reach="room")
def see_matrix(*, by: Actor, at: datetime) -> tuple[MatrixInForce, Sequence[SignOffMatrix]]:
    """What holds, and every version with who made it, newest first."""
    return matrix_now(), list(SignOffMatrix.objects.select_related("made_by").order_by("-number")[:200])
