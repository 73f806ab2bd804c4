"""Save a file of a draft, merge it with what others saved meanwhile, choose between words, put a revision back.

What somebody typed is kept as a revision first, word for word; only then is it merged with what stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.policies.drafting.events import DraftSaved, RevisionRestored, Way, WordingChosen
from assay.governance.policies.drafting.models import Aside
from assay.governance.policies.drafting.queries import drafts
from assay.governance.policies.drafting.rules.writing import faults_of_text, may_hold, plain
from assay.governance.policies.life.drafts import draft_file, hold, note, person_of, put, why_not_write
from assay.governance.policies.life.merging import Merged, merge_texts, take
from assay.governance.policies.life.models import Change, Revision
from assay.governance.policies.life.targets import MAKERS, target_of

Choice: TypeAlias = Literal["take", "both", "keep"]
NOTHING_CHANGED = "nothing-changed"


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving.

    revision  the text that stands now
    own       what the writer typed, word for word
    text      what stands now
    way       `saved` as typed, `merged` with what others wrote, or in part kept `beside`
    """

    revision: int
    own: int
    text: str
    way: Way


@command("policies.save-draft", words="write the text of a change", roles=MAKERS, target=target_of)
def save_draft(
    *, change: Change, path: str, text: str, started_from: int, edition: int | None = None, by: Actor, at: datetime
) -> Saved | list[Fault]:
    """Save a file.

    started_from  the revision that the writer began with, 0 for the edition that the draft starts from
    edition       the number of that edition as the writer saw it, where another one may have taken its place
    """
    held, typed = hold(change), plain(text)
    faults = _closed(held) or _not_there(held, path, started_from)
    faults = faults or why_not_write(held, [path], by) or faults_of_text(typed)
    if faults:
        return faults
    row = draft_file(held, path)
    before = drafts.text_at(held, path, started_from, edition) or ""
    stands = (drafts.text_at(held, path, 0) if row is None else row.text and row.text.content) or ""
    if typed in (stands, before):
        return [Fault(NOTHING_CHANGED, "nothing was changed since it was saved", "text")]
    revision = 0 if row is None else row.revision
    if stands == before:
        made = put(held, path, typed, by=by, at=at, started_from=started_from)
        saved = Saved(made.number, made.number, typed, "saved")
    else:
        saved = _merge(held, _Sides(path, before, stands, typed, revision, started_from), by, at)
    file = reference_of(held, path)
    append(DraftSaved(file, saved.own, saved.way, Digest(held.draft_digest)), subject=held.reference, by=by, at=at)
    return saved


@dataclass(frozen=True, slots=True)
class _Sides:
    """A text as it was when somebody began, as it stands by now, and as they typed it."""

    path: str
    before: str
    stands: str
    typed: str
    revision: int
    started_from: int


def _merge(change: Change, sides: _Sides, by: Actor, at: datetime) -> Saved:
    """Both what stands and what was typed, the latter kept as it is first."""
    merged, path, revision = merge_texts(sides.before, sides.stands, sides.typed), sides.path, sides.revision
    kind = "saved" if merged.clean else "aside"
    own = note(change, path, sides.typed, by=by, at=at, kind=kind, started_from=sides.started_from)
    if not merged.clean:
        _keep_beside(own, merged)
    if merged.text != sides.stands:
        revision = put(change, path, merged.text, by=by, at=at, kind="merged", started_from=own.number).number
    return Saved(revision, own.number, merged.text, "merged" if merged.clean else "beside")


def _keep_beside(revision: Revision, merged: Merged) -> None:
    """Keep words in sight until somebody chooses, as they clashed when they were saved."""
    clashes = [[clash.base, clash.ours, clash.theirs] for clash in merged.clashes]
    Aside.objects.create(revision=revision, clashes=clashes)


@command("policies.choose-wording", words="choose between words that two people wrote", roles=MAKERS, target=target_of)
def choose_wording(
    *, change: Change, path: str, beside: int, clash: int, choice: Choice, seen: int, by: Actor, at: datetime
) -> int | list[Fault]:
    """Decide on one clash: take the words kept beside, keep both, or leave what stands. The revision that stands then.

    beside  the revision kept beside
    clash   its number
    seen    the revision that stood when it was looked at
    """
    held = hold(change)
    faults = _closed(held) or why_not_write(held, [path], by)
    if faults:
        return faults
    aside = Aside.objects.filter(
        revision__change=held, revision__path=path, revision__number=beside, outcome=""
    ).select_related("revision__text", "revision__by").first()  # fmt: skip
    row = draft_file(held, path)
    if aside is None or row is None:
        return [Fault("decided", "this was decided on already; look at the text as it stands", "choice")]
    chosen = next((each for each in drafts.clashes_of(held, aside) if each.number == clash), None)
    if chosen is None or row.revision != seen:
        words = "the text was edited since you looked; look at both wordings again and choose once more"
        return [Fault("moved", words, "choice")]
    stands, revision = row.text.content if row.text is not None else "", row.revision
    if choice != "keep":
        if chosen.place is None:
            words = "the words around it were edited since; put it in by hand, then choose to leave what stands"
            return [Fault("moved", words, "choice")]
        text = take(stands, chosen.place, both=choice == "both")
        revision = put(held, path, text, by=by, at=at, kind="merged", started_from=beside).number
    _settle(aside, clash, choice, by=by, at=at)
    file, word = reference_of(held, path), "left" if choice == "keep" else "taken"
    happened = WordingChosen(file, beside, revision, word, Digest(held.draft_digest))  # type: ignore[arg-type]
    append(happened, subject=held.reference, by=by, at=at)
    return revision


def _settle(aside: Aside, clash: int, choice: Choice, *, by: Actor, at: datetime) -> None:
    """Note that a clash was decided on; where it was the last one, the words need not be kept in sight."""
    aside.decided = {**aside.decided, str(clash): choice}
    if not drafts.clashes_of(aside.revision.change, aside):
        aside.outcome = "left" if set(aside.decided.values()) == {"keep"} else "taken"
        aside.settled_by, aside.settled_at = person_of(by), at
    aside.save()


@command("policies.restore-revision", words="put back a former text of a change", roles=MAKERS, target=target_of)
def restore_revision(*, change: Change, path: str, number: int, by: Actor, at: datetime) -> Revision | list[Fault]:
    """Let a file stand as a revision left it, 0 being the edition that the draft starts from; nothing is deleted."""
    held = hold(change)
    faults = _closed(held) or _not_there(held, path, number) or why_not_write(held, [path], by)
    if faults:
        return faults
    text, row = drafts.text_at(held, path, number), draft_file(held, path)
    if text is None:
        return [Fault("no-text", "there was no such file then; choose a later revision", "number")]
    stands = drafts.text_at(held, path, 0) if row is None else row.text and row.text.content
    if text == stands:
        return [Fault(NOTHING_CHANGED, "the text stands so already", "number")]
    revision = put(held, path, text, by=by, at=at, started_from=0 if row is None else row.revision)
    happened = RevisionRestored(reference_of(held, path), number, revision.number, Digest(held.draft_digest))
    append(happened, subject=held.reference, by=by, at=at)
    return revision


def reference_of(change: Change, path: str) -> Reference:
    """A file of a draft, as the ledger names it."""
    return Reference("draft-file", f"{change.number}/{path}")


def _closed(change: Change) -> list[Fault]:
    if change.is_editable:
        return []
    words = f"change {change.number} is in {change.at_stage.words.lower()}, where its text stands; send it back to edit"
    return [Fault("not-editable", words)]


def _not_there(change: Change, path: str, revision: int) -> list[Fault]:
    known = () if change.base is None else change.base.files
    if not may_hold(path, change.path, known):
        return [
            Fault("no-such-file", f"a draft of this change has no file `{path[:80]}`; choose one of the list", "file")
        ]
    if not drafts.knows(change, path, revision):
        words = f"there is no revision {revision} of this file; load the page again, what you typed stays in the field"
        return [Fault("no-such-revision", words, "started_from")]
    return []
