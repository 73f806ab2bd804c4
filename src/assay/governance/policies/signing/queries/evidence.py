"""What a signer is shown beside the text: how each gate before sign-off was found. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.governance.policies.life.gates import REQUIREMENTS, standing
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import Stage

BEFORE = (Stage.RESEARCH, Stage.DRAFTING, Stage.CONSULTATION, Stage.IMPACT)


@dataclass(frozen=True, slots=True)
class Shown:
    """One gate as it stood when somebody looked.

    words   what must be true; `found` how it stands
    digest  of the evidence itself, or empty
    waived  with which words somebody put it aside, or empty
    """

    name: str
    stage: str
    words: str
    found: str
    url: str
    digest: str
    holds: bool
    waived: str


def evidence_of(change: Change, at: datetime) -> tuple[Shown, ...]:
    """Everything that was asked of the change before it came to be signed, asked again."""
    wanted = sorted(
        (one for one in REQUIREMENTS.values() if one.leaving in BEFORE),
        key=lambda one: (BEFORE.index(one.leaving), one.name),
    )
    return tuple(
        Shown(
            each.requirement.name,
            each.requirement.leaving.words,
            each.requirement.words,
            each.finding.words,
            each.finding.url,
            each.finding.digest,
            each.holds,
            each.waived,
        )
        for each in standing(change, wanted, at)
    )


def seal_of(change: Change, evidence: Iterable[Shown]) -> str:
    """What a signature is bound to: the draft, what it starts from, and which evidence there was.

    Words are left out, since some of them count hours; the evidence's own digests are not.
    """
    content = {
        "draft": change.draft_digest,
        "base": "" if change.base is None else change.base.digest,
        "risk": change.risk,
        "said": change.said_digest,
        "evidence": [[each.name, each.digest, each.holds] for each in evidence],
    }
    return sha256_of(canonical_json(content))


def kept(evidence: Iterable[Shown]) -> list[dict[str, object]]:
    """As a signature keeps it."""
    return [
        {"name": each.name, "words": each.words, "found": each.found[:600], "digest": each.digest, "held": each.holds}
        for each in evidence
    ]
