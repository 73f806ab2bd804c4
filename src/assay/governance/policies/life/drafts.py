"""A file of a draft is put in place, with its revision kept for ever. It checks no right and writes no ledger entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.office.actor import Actor
from assay.governance.people.models import Person
from assay.governance.policies.life.models import Change, DraftFile, Hand, Revision, keep_text
from assay.governance.policies.life.targets import MAKERS, target_of_file


def hold(change: Change) -> Change:
    """The same change as it stands now, nobody else's to alter until the transaction ends."""
    return Change.objects.select_for_update().get(pk=change.pk)


def draft_file(change: Change, path: str) -> DraftFile | None:
    """A file as it stands in the draft; None where the change does not touch it."""
    return change.files.select_related("text").filter(path=path).first()


def why_not_write(change: Change, paths: Iterable[str], by: Actor) -> list[Fault]:
    """What keeps somebody from writing files of a change, beside its stage.

    Whose role is limited to a policy opens changes of that one; through these they write no other policy, nor what all
    policies share. And what a change retires is not written in it.
    """
    paths, faults = list(paths), []
    if beyond := sorted(path for path in paths if not by.reaches(MAKERS, target_of_file(change, path))):
        words = f"your role does not reach `{beyond[0]}`; ask somebody whose role does, or leave it as it is"
        faults.append(Fault("beyond-role", words, "file"))
    if change.kind == "retire" and change.path in paths:
        words = f"this change retires `{change.policy}`; to write it instead, open a change that amends it"
        faults.append(Fault("retires-it", words, "file"))
    return faults


def put(
    change: Change, path: str, text: str | None, *, by: Actor, at: datetime, kind: str = "saved", started_from: int = 0
) -> Revision:
    """Put a text in place; None removes the file. The change is held by whoever calls.

    started_from  the revision that the writer saw
    """
    revision = note(change, path, text, by=by, at=at, kind=kind, started_from=started_from)
    DraftFile.objects.update_or_create(
        change=change, path=path, defaults={"revision": revision.number, "text": revision.text, "changed_at": at}
    )
    change.draft_digest, change.changed_at = change.digest_now(), at
    change.save(update_fields=["draft_digest", "changed_at"])
    return revision


def note(
    change: Change, path: str, text: str | None, *, by: Actor, at: datetime, kind: str, started_from: int = 0
) -> Revision:
    """Keep a revision without putting it in place."""
    last = change.revisions.filter(path=path).order_by("-number").values_list("number", flat=True).first()
    add_hands(change, by)
    return Revision.objects.create(
        change=change,
        path=path,
        number=(last or 0) + 1,
        started_from=started_from,
        kind=kind,
        text=None if text is None else keep_text(text),
        by=person_of(by),
        at=at,
    )


def add_hands(change: Change, by: Actor) -> None:
    """Remember whoever had a hand in it, and whom they stood in for: it is their own work from now on."""
    keys = [hand.key for hand in by.hands if hand.kind == "person"]
    for person in Person.objects.filter(key__in=keys):
        add_hand(change, person)


def add_hand(change: Change, person: Person) -> None:
    """Remember one person."""
    Hand.objects.get_or_create(change=change, person=person)


def raise_risk(change: Change) -> bool:
    """Somebody's rights are at stake, as was found: more people must sign. False where that was known."""
    if change.risk == "high":
        return False
    change.risk = "high"
    change.save(update_fields=["risk"])
    return True


def person_of(by: Actor) -> Person | None:
    """The person who acts; None where the system does."""
    return Person.of(by.who) if by.who.kind == "person" else None
