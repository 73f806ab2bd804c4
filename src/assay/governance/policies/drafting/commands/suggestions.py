"""Accept a suggestion: it becomes a revision by whoever accepts, and whoever suggested has a hand in the text."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.drafting.commands.saving import reference_of
from assay.governance.policies.drafting.events import SuggestionAccepted
from assay.governance.policies.drafting.models import Remark
from assay.governance.policies.drafting.queries import drafts
from assay.governance.policies.drafting.rules.anchors import Anchor, with_lines
from assay.governance.policies.drafting.rules.writing import faults_of_text
from assay.governance.policies.life.drafts import draft_file, hold, person_of, put, why_not_write
from assay.governance.policies.life.merging import merge_texts
from assay.governance.policies.life.models import Change, Hand, Revision
from assay.governance.policies.life.targets import MAKERS, target_of


@command("policies.accept-suggestion", words="accept a suggestion for a change", roles=MAKERS, target=target_of)
def accept_suggestion(*, change: Change, remark: Remark, by: Actor, at: datetime) -> Revision | list[Fault]:
    """Put the suggested lines in place, together with all that was written since."""
    held = hold(change)
    remark.refresh_from_db()
    if remark.kind != "suggestion" or remark.state != "open":
        return [Fault("no-suggestion", "this suggestion is no longer open; load the page again")]
    if not held.is_editable:
        words = f"change {held.number} is in {held.at_stage.words.lower()}, where its text stands; send it back to edit"
        return [Fault("not-editable", words)]
    if faults := why_not_write(held, [remark.path], by):
        return faults
    row, seen = draft_file(held, remark.path), remark.seen.content
    stands = (drafts.text_at(held, remark.path, 0) if row is None else row.text and row.text.content) or ""
    merged = merge_texts(seen, stands, with_lines(seen, Anchor(remark.first, remark.last), remark.suggested))
    if not merged.clean:
        words = "these lines were edited since it was suggested; write it by hand, then settle it, or decline it"
        return [Fault("moved", words)]
    faults = faults_of_text(merged.text)
    if faults or merged.text == stands:
        return faults or [Fault("nothing-changed", "the text says so already; settle the suggestion instead")]
    revision = put(held, remark.path, merged.text, by=by, at=at, started_from=0 if row is None else row.revision)
    if remark.by is not None:
        # Whoever suggested words that stand in the text has written them: they cannot sign it off.
        Hand.objects.get_or_create(change=held, person=remark.by)
    remark.state, remark.closed_by, remark.closed_at = "accepted", person_of(by), at
    remark.save(update_fields=["state", "closed_by", "closed_at"])
    happened = SuggestionAccepted(
        remark.reference, reference_of(held, remark.path), revision.number, Digest(held.draft_digest)
    )
    append(happened, subject=held.reference, by=by, at=at)
    return revision
