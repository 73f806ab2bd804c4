"""What may be read of drafts: texts, revisions, words kept beside. It changes none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assay.governance.office.actor import Actor
from assay.governance.office.operations import query
from assay.governance.office.roles import INSIDE
from assay.governance.policies.drafting.models import Aside
from assay.governance.policies.drafting.rules.writing import SHARED, may_hold
from assay.governance.policies.life.merging import Clash, merge_texts
from assay.governance.policies.life.models import Change, DraftFile, Edition, Revision
from assay.governance.policies.life.targets import target_of


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that a draft holds or could hold.

    is_policy  whether it is the change's own policy
    shared     whether other policies turn on it
    changed    whether the draft has another text than the edition in force
    """

    path: str
    is_policy: bool
    shared: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A file of a draft as it stands.

    revision  that of the text; 0 where nobody wrote in it yet
    edition   the number of the edition that it starts from, 0 where there is none
    before    its text in that edition, empty where it is new
    """

    path: str
    text: str
    revision: int
    edition: int
    before: str
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClashFacts:
    """Words that two people wrote differently, and nobody decided on yet.

    number  by which it is chosen
    ours    what stands now; theirs what is kept beside
    place   where it clashes with what stands; None where the words around it were edited since, so that it can only be
            put in by hand
    """

    number: int
    ours: str
    theirs: str
    place: Clash | None


@dataclass(frozen=True, slots=True)
class AsideFacts:
    """Words kept beside, with what of them waits for a choice."""

    aside: Aside
    revision: Revision
    clashes: tuple[ClashFacts, ...]


@query(
    "policies.see-draft", words="read the draft of a change and what stands beside it", roles=INSIDE, target=target_of
)
def draft_of(*, change: Change, path: str, by: Actor, at: datetime) -> DraftFacts | None:
    """One file of a draft; None where the draft cannot hold such a file."""
    before = base_texts(change, [path]).get(path)
    if not may_hold(path, change.path, () if before is None else (path,)):
        return None
    row = change.files.select_related("text").filter(path=path).first()
    text = before if row is None else None if row.text is None else row.text.content
    return DraftFacts(
        path, text or "", 0 if row is None else row.revision, 0 if change.base is None else change.base.number,
        before or "", None if row is None else row.changed_at,
    )  # fmt: skip


def files_of(change: Change) -> list[FileFacts]:
    """The files that can be written in: the policy first, then what is shared, then what the draft touches beside."""
    held = {} if change.base is None else change.base.files
    touched = {row.path: row for row in change.files.all()}
    paths = dict.fromkeys([change.path, *(name for name in SHARED if name in held), *sorted(touched)])
    return [FileFacts(path, path == change.path, path in SHARED, _changed(path, touched, held)) for path in paths]


def _changed(path: str, touched: Mapping[str, DraftFile], held: Mapping[str, str]) -> bool:
    return path in touched and touched[path].text_id != held.get(path)


def base_texts(change: Change, paths: Iterable[str], edition: int | None = None) -> Mapping[str, str]:
    """Texts of the edition that a draft starts from, or of another one; what it does not have is left out."""
    from assay.governance.policies.life.models import contents_of

    base = change.base if edition is None else Edition.objects.filter(number=edition).first()
    if base is None:
        return {}
    wanted = {path: base.files[path] for path in paths if path in base.files}
    found = contents_of(wanted.values())
    return {path: found[digest] for path, digest in wanted.items()}


def text_at(change: Change, path: str, revision: int, edition: int | None = None) -> str | None:
    """A file as a revision left it, 0 being the edition that the draft starts from; None where there is none."""
    if revision == 0:
        return base_texts(change, [path], edition).get(path)
    found = change.revisions.select_related("text").filter(path=path, number=revision).first()
    return None if found is None or found.text is None else found.text.content


def knows(change: Change, path: str, revision: int) -> bool:
    """Whether a file of a draft has a revision."""
    return revision == 0 or change.revisions.filter(path=path, number=revision).exists()


def asides_of(change: Change, path: str | None = None) -> list[AsideFacts]:
    """Words kept beside that still clash with what stands, and were not decided on."""
    rows = Aside.objects.filter(revision__change=change, outcome="").select_related("revision__text", "revision__by")
    rows = rows.order_by("pk") if path is None else rows.filter(revision__path=path).order_by("pk")
    facts = [AsideFacts(row, row.revision, clashes_of(change, row)) for row in rows]
    return [each for each in facts if each.clashes]


def clashes_of(change: Change, aside: Aside) -> tuple[ClashFacts, ...]:
    """What of some words kept beside waits for a choice. What nobody chose waits, whatever was edited since."""
    revision = aside.revision
    row = change.files.select_related("text").filter(path=revision.path).first()
    now = row.text.content if row is not None and row.text is not None else ""
    before = text_at(change, revision.path, revision.started_from) or ""
    theirs = revision.text.content if revision.text is not None else ""
    there: dict[tuple[str, str], list[Clash]] = {}
    for clash in merge_texts(before, now, theirs).clashes:
        there.setdefault((clash.base, clash.theirs), []).append(clash)
    found = []
    for number, (base, ours, kept) in enumerate(aside.clashes):
        same = there.get((base, kept))
        place = same.pop(0) if same else None
        # Words that stand in the text by now, or that only were to be left out, are lost to nobody.
        if str(number) not in aside.decided and (place is not None or (kept.strip() and kept not in now)):
            found.append(ClashFacts(number, ours if place is None else place.ours, kept, place))
    return tuple(found)


def revisions_of(change: Change, path: str, before: int | None = None, most: int = 60) -> list[Revision]:
    """The revisions of a file, the newest first."""
    rows = change.revisions.filter(path=path).select_related("by").defer("text__content").order_by("-number")
    return list((rows if before is None else rows.filter(number__lt=before))[:most])
