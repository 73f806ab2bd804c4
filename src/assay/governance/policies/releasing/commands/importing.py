"""Texts from elsewhere become a change's draft: from a folder, a bundle, a revision of git. It opens no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import turned_line
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.life.drafts import hold, note, why_not_write
from assay.governance.policies.life.models import Change, DraftFile
from assay.governance.policies.life.stages import Stage
from assay.governance.policies.life.targets import MAKERS, target_of
from assay.governance.policies.releasing.events import DraftImported
from assay.governance.policies.releasing.texts import normal_text, why_not_texts


@command(
    "policies.import-draft",
    words="take the draft of a change from a folder, a bundle or a revision",
    roles=MAKERS,
    target=target_of,
)
def import_draft(*, change: Change, files: Mapping[str, str], by: Actor, at: datetime) -> Change | list[Fault]:
    """The whole pack as it is elsewhere: what differs from the draft becomes it, as a revision each; nothing else does.

    files  all texts of the pack by path; one that is not among them is removed
    """
    change = hold(change)
    # What was written elsewhere may come before anybody has described it here.
    if not change.is_editable and change.at_stage is not Stage.IDEA:
        words = f"change {change.number} stands at `{change.at_stage.words}`, where its texts are not edited any more"
        return [Fault("not-editable", words)]
    if not files:
        return [Fault("no-texts", "there is no text of a pack in it", "files")]
    if faults := why_not_texts(files):
        return faults
    files = {path: normal_text(text) for path, text in files.items()}
    draft = dict(change.draft_files())
    differing = sorted(path for path in {*draft, *files} if draft.get(path) != files.get(path))
    if not differing:
        return [Fault("nothing-differs", f"the draft of change {change.number} holds the same texts already")]
    if faults := [*why_not_write(change, differing, by), *_turned(files, differing)]:
        return faults
    for path in differing:
        _put(change, path, files.get(path), by, at)
    # Once for all of them: the digest is of the whole pack.
    change.draft_digest, change.changed_at = change.digest_now(), at
    change.save(update_fields=["draft_digest", "changed_at"])
    append(DraftImported(len(differing), Digest(change.draft_digest)), subject=change.reference, by=by, at=at)
    return change


def _turned(files: Mapping[str, str], differing: Iterable[str]) -> list[Fault]:
    """Of what would be written: nobody can read, and so sign, what is shown in another order than it stands in."""
    found = [(path, turned_line(files.get(path, ""))) for path in differing]
    return [
        Fault("turned-text", f"`{path}` has a mark in line {line} that shows words in another order; take it out")
        for path, line in found
        if line is not None
    ]


def _put(change: Change, path: str, text: str | None, by: Actor, at: datetime) -> None:
    revision = note(change, path, text, by=by, at=at, kind="imported")
    DraftFile.objects.update_or_create(
        change=change, path=path, defaults={"revision": revision.number, "text": revision.text, "changed_at": at}
    )
