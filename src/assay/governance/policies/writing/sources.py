"""Which texts a document is made of: in force, of a version, of a day, of a draft. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from assay.engine.language.pack.pack import Pack
from assay.governance.policies.life.editions import current_release, edition_at
from assay.governance.policies.life.models import Change, Document, Edition, Version
from assay.governance.policies.ports import PORTS
from assay.governance.policies.writing.documents.reading import sound_pack


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of a whole pack, and what is known of them.

    edition  its number, where the house has one
    draft    whether they are a change's, and nothing of it decides yet
    since    when they began to decide
    until    the last version of a document that they hold, where they are of a day or version
    """

    files: Mapping[str, str] = field(repr=False)
    digest: str
    edition: int | None = None
    draft: bool = False
    since: date | None = None

    @property
    def pack(self) -> Pack | None:
        """The pack as read; None where it has errors."""
        return sound_pack(self.files, self.digest)


def in_force(at: datetime | None = None) -> Texts | None:
    """What decides now, or decided at an instant; where nothing was begun here yet, what the service decides by."""
    release = current_release(at)
    if release is not None:
        since = release.published_at.date() if release.published_at else None
        return of_edition(release.edition, since)
    if Edition.objects.exists() or PORTS.in_force is None:
        return None
    found = PORTS.in_force()
    return None if found is None else Texts(found.files, found.digest)


def of_day(day: date) -> Texts | None:
    """What decided at the end of a day."""
    end = datetime.combine(day + timedelta(days=1), time.min, UTC) - timedelta(microseconds=1)
    edition = edition_at(end)
    return None if edition is None else of_edition(edition, None)


def of_version(policy: str, number: int) -> Texts | None:
    """The pack as it was when a version of a policy began to decide."""
    found = Version.objects.select_related("edition").filter(document__name=policy, number=number).first()
    return None if found is None or found.text_id is None else of_edition(found.edition, found.made_at.date())


def of_change(change: Change) -> Texts:
    """The pack as a change would leave it."""
    files = change.draft_files()
    return Texts(files, change.draft_digest or change.digest_now(), draft=True)


def of_edition(edition: Edition, since: date | None) -> Texts:
    """One edition's texts."""
    return Texts(edition.texts, edition.digest, edition.number, since=since)


def document_of(policy: str) -> Document | None:
    """The document of a policy's name."""
    return Document.objects.filter(name=policy, is_policy=True).first()


def path_of(policy: str, files: Mapping[str, str]) -> str:
    """A policy's file in a pack, by the name that its front matter gives it; empty where there is none."""
    pack = sound_pack(files)
    if pack is not None:
        found = next((one for one in pack.policies if one.id == policy), None)
        return "" if found is None else next((path for path in files if found.path.endswith(path)), "")
    guess = f"policies/{policy}.md"
    return guess if guess in files else ""
