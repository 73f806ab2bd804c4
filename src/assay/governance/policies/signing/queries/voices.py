"""Signatures as the rules see them. It reads, and judges nothing itself."""

from __future__ import annotations

from collections.abc import Iterable

from assay.governance.office.references import Reference
from assay.governance.office.roles import Role
from assay.governance.policies.life.models import Change
from assay.governance.policies.signing.models import Signature
from assay.governance.policies.signing.queries.matrix import matrix_now
from assay.governance.policies.signing.rules.counting import Count, Verdict, Voice, count
from assay.governance.policies.signing.rules.matrix import lines_for


def voice_of(signature: Signature) -> Voice:
    """One signature; its person and its change are read along. Of what is said otherwise by now, it is of no draft."""
    as_said = signature.said in ("", signature.change.said_digest)
    return Voice(
        signature.person.reference,
        frozenset(map(Reference.read, signature.hands)),
        Role(signature.role),
        Verdict(signature.verdict),
        signature.digest if as_said else "",
        signature.withdrawn_at is not None,
        signature.person.is_active,
    )


def signatures_of(change: Change) -> list[Signature]:
    """All that were ever given, in order, each with its people and conditions."""
    found = change.signatures.select_related("person", "stands_for").prefetch_related(
        "conditions__who", "conditions__met_by", "conditions__confirmed_by"
    )
    return list(found.order_by("pk"))


def count_of(change: Change, signatures: Iterable[Signature]) -> Count:
    """How far a change is signed, as it stands now: the draft, whose work it is, and the matrix are asked anew."""
    lines = lines_for(matrix_now().matrix, change.risk)
    return count(map(voice_of, signatures), change.hands, change.draft_digest, lines)
