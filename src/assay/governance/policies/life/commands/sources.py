"""What was read for a change is noted. No link is ever followed."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.references import Reference
from assay.governance.policies.life.commands.describing import OVER
from assay.governance.policies.life.drafts import add_hands, hold, person_of
from assay.governance.policies.life.events import SourceAdded, SourceRemoved
from assay.governance.policies.life.models import Change, Source
from assay.governance.policies.life.models.changes import SOURCE_KINDS
from assay.governance.policies.life.targets import MAKERS, target_of

LONGEST_TITLE, LONGEST_LINK, LONGEST_NOTE, MOST_SOURCES = 300, 600, 4_000, 200


@command("policies.add-source", words="add what was read for a change", roles=MAKERS, target=target_of)
def add_source(
    *, change: Change, kind: str, title: str, link: str = "", note: str = "", by: Actor, at: datetime
) -> Source | list[Fault]:
    """Note what was read, where it stands and what it says for this change."""
    held = hold(change)
    faults = _faults(held, kind, title.strip(), link.strip(), note.strip())
    if faults:
        return faults
    source = Source.objects.create(
        change=held, kind=kind, title=title.strip(), link=link.strip(), note=note.strip(), by=person_of(by), at=at
    )
    add_hands(held, by)
    append(SourceAdded(Reference("source", str(source.key))), subject=held.reference, by=by, at=at)
    return source


@command("policies.remove-source", words="take a source from a change", roles=MAKERS, target=target_of)
def remove_source(*, change: Change, source: Source, by: Actor, at: datetime) -> Change | list[Fault]:
    """It does not belong here after all."""
    held = hold(change)
    if held.at_stage.is_over:
        return [OVER]
    found = held.sources.filter(pk=source.pk)
    if not found.exists():
        return [Fault("no-source", "the change has no such source; it may have been taken away already", "source")]
    append(SourceRemoved(Reference("source", str(source.key))), subject=held.reference, by=by, at=at)
    found.delete()
    return held


def _faults(change: Change, kind: str, title: str, link: str, note: str) -> list[Fault]:
    if change.at_stage.is_over:
        return [OVER]
    faults = []
    if kind not in SOURCE_KINDS:
        faults.append(Fault("no-kind", "choose what kind of source it is", "kind"))
    if not title:
        faults.append(Fault("no-title", "say what it is called", "title"))
    for name, given, most in (
        ("title", title, LONGEST_TITLE),
        ("link", link, LONGEST_LINK),
        ("note", note, LONGEST_NOTE),
    ):
        if len(given) > most:
            faults.append(Fault("too-long", f"it has at most `{most}` characters; shorten it", name))
    if link and not is_web_address(link):
        faults.append(Fault("no-link", "a link begins with `https://` or `http://` and a host", "link"))
    if change.sources.count() >= MOST_SOURCES:
        faults.append(Fault("too-many", f"a change has at most `{MOST_SOURCES}` sources; take one away first"))
    return faults


def is_web_address(link: str) -> bool:
    """Whether a person's browser may be led there: no script, no file, nothing that hides its host."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    plain = not any(letter.isspace() or not letter.isprintable() for letter in link)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None and plain
