"""What exactly is signed: the texts that change, and the evidence beside them. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from assay.governance.policies.life.models import Change
from assay.governance.policies.signing.queries.evidence import Shown, evidence_of


@dataclass(frozen=True, slots=True)
class Changed:
    """One file, before and after; empty where it is not there."""

    path: str
    before: str
    after: str

    @property
    def what(self) -> str:
        """What becomes of it."""
        return "removed" if not self.after else "new" if not self.before else "changed"


@dataclass(frozen=True, slots=True)
class Contents:
    """What somebody signs."""

    texts: tuple[Changed, ...]
    evidence: tuple[Shown, ...]

    @property
    def all_hold(self) -> bool:
        """Whether nothing of it is open, and nothing was put aside."""
        return all(each.holds and not each.waived for each in self.evidence)

    @property
    def by_stage(self) -> list[tuple[str, list[Shown]]]:
        """The evidence, a stage after the other."""
        return [(stage, list(found)) for stage, found in groupby(self.evidence, key=lambda each: each.stage)]


def contents_of(change: Change, at: datetime) -> Contents:
    """As it stands now."""
    base = dict(change.base.texts) if change.base is not None else {}
    texts = [
        Changed(path, base.get(path, ""), text or "")
        for path, text in sorted(change.changed_files().items())
        if (text or "") != base.get(path, "")
    ]
    return Contents(tuple(texts), evidence_of(change, at))
