"""A draft is put onto the edition that decides now, with what others changed meanwhile. It loses nobody's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.life.drafts import hold, put
from assay.governance.policies.life.editions import in_force
from assay.governance.policies.life.events import ChangeRebased
from assay.governance.policies.life.merging import marked, merge_texts
from assay.governance.policies.life.models import Change, Edition
from assay.governance.policies.life.stages import EDITABLE, Stage
from assay.governance.policies.life.targets import MAKERS, target_of


@command("policies.rebase", words="put a draft onto the edition in force", roles=MAKERS, target=target_of)
def rebase(*, change: Change, by: Actor, at: datetime) -> Change | list[Fault]:
    """Merge what came in force meanwhile into the draft; where both wrote the same lines, both stand there, marked."""
    held = hold(change)
    now = in_force()
    if held.at_stage not in EDITABLE | {Stage.IDEA}:
        return [Fault("not-editable", "the draft is closed from sign-off on; send the change back first", "stage")]
    if held.base is None or now is None or now.pk == held.base_id:
        return [Fault("up-to-date", "the draft stands on the edition in force already", "base")]
    old, new = held.base.texts, now.texts
    clashes = 0
    files = held.changed_files()
    held.base = now
    held.save(update_fields=["base"])
    for path, mine in files.items():
        retires = held.kind == "retire" and path == held.path
        text, clashed = (None, False) if retires else _merged(old.get(path), mine, new.get(path), now)
        clashes += clashed
        if text != mine:
            seen = held.files.get(path=path).revision
            put(held, path, text, by=by, at=at, kind="rebased", started_from=seen)
    held.draft_digest, held.changed_at = held.digest_now(), at
    held.save(update_fields=["draft_digest", "changed_at"])
    append(ChangeRebased(now.reference, clashes), subject=held.reference, by=by, at=at)
    return held


def _merged(old: str | None, mine: str | None, new: str | None, edition: Edition) -> tuple[str | None, bool]:
    """A file of the draft on its new base, and whether both sides wrote the same lines."""
    if new in (old, mine):
        return mine, False
    if mine is None:
        # What this change would remove has changed: whoever wants it gone says so again, having read it.
        return (None, False) if old is not None and new is None else (new, new is not None)
    if new is None:
        return mine, True
    merged = merge_texts(old or "", mine, new)
    if merged.clean:
        return merged.text, False
    return marked(merged, "this change", f"edition {edition.number}"), True


def moved_under(change: Change, now: Edition | None) -> Mapping[str, str]:
    """By path, what another change did to a file since this draft began: `changed`, `new` or `gone`."""
    if change.base is None or now is None:
        return {}
    old, new = change.base.files, now.files
    said = {path: "new" if path not in old else "changed" for path, digest in new.items() if old.get(path) != digest}
    return {**said, **{path: "gone" for path in old if path not in new}}
