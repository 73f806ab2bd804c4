"""A change whose text is being written, and people who write in it at once. It is no test."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tests.governance.policies.life.houses import LIKENESS, begun, opened

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.policies.drafting.commands import Saved
    from assay.governance.policies.life.models import Change


def drafting(by: Actor, at: datetime) -> Change:
    """A change of the small house's policy on likeness that stands in drafting."""
    begun(by, at)
    change = opened(by, at)
    change.stage = "drafting"
    change.save(update_fields=["stage"])
    return change


def written(change: Change, text: str, started_from: int, *, by: Actor, at: datetime, path: str = LIKENESS) -> Saved:
    """What came of saving; it must have been kept."""
    from assay.governance.policies.drafting.commands import save_draft

    made = save_draft(change=change, path=path, text=text, started_from=started_from, by=by, at=at)
    assert not isinstance(made, list), made
    return made


def stands(change: Change, path: str = LIKENESS) -> str:
    """The text as it stands."""
    from assay.governance.policies.drafting.queries.drafts import text_at
    from assay.governance.policies.life.drafts import draft_file

    row = draft_file(change, path)
    return (text_at(change, path, 0) or "") if row is None or row.text is None else row.text.content
