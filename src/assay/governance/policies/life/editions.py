"""Editions of the house's pack: how one is made, what decided when, what it brought. It tells no channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath

from django.db.models import F, Max

from assay.engine.kernel.digest import digest_of_files, sha256_of
from assay.engine.kernel.instants import EPOCH, parse_instant
from assay.engine.language.document.markdown import front_matter, lines_of
from assay.engine.language.document.yaml_tree import MalformedYaml, Scalar, read_yaml
from assay.engine.language.document.yaml_tree import Mapping as YamlMapping
from assay.governance.office.actor import Actor
from assay.governance.people.models import Person
from assay.governance.policies.life.models import Change, Document, Edition, Release, Text, Version, keep_texts

CURRENT = "current"
# A release of this kind lets nothing decide.
_ENDS = "withdraw"


def hold_room() -> None:
    """Let nobody else give numbers until the transaction ends; called before the next number is read."""
    list(Edition.objects.select_for_update().filter(number=1))


def next_number(of: type[Change | Edition | Release]) -> int:
    """The next number of a kind; the room is held by whoever calls."""
    last: int | None = of.objects.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def make_edition(files: Mapping[str, str], *, change: Change | None, by: Actor, at: datetime) -> Edition:
    """All files at once, kept for ever. The same texts of the same change are the same edition."""
    hold_room()
    digest = digest_of_files(files)
    held = Edition.objects.filter(digest=digest, change=change).first()
    if held is not None:
        return held
    keep_texts(files.values())
    return Edition.objects.create(
        number=next_number(Edition),
        digest=digest,
        files={path: sha256_of(text.encode("utf-8")) for path, text in files.items()},
        change=change,
        made_at=at,
        made_by=Person.of(by.who) if by.who.kind == "person" else None,
    )


def current_release(instant: datetime | None = None) -> Release | None:
    """The release by which an edition decides everything, now or as it was at an instant; None where none did."""
    told = Release.objects.filter(part=CURRENT, published_at__isnull=False).exclude(kind=_ENDS)
    if instant is not None:
        told = told.filter(published_at__lte=instant)
    return told.select_related("edition").defer("edition__bundle").order_by("-published_at", "-number").first()


def in_force() -> Edition | None:
    """The edition that decides now."""
    return edition_at(None)


def edition_at(instant: datetime | None) -> Edition | None:
    """The edition that decided at an instant."""
    release = current_release(instant)
    return None if release is None else release.edition


def text_at(document: Document, instant: datetime | None) -> str | None:
    """A document as it decided at an instant; None where it did not."""
    edition = edition_at(instant)
    digest = None if edition is None else edition.files.get(document.path)
    return None if digest is None else Text.objects.values_list("content", flat=True).get(digest=digest)


def version_at(document: Document, instant: datetime | None) -> Version | None:
    """The version of a document that decided at an instant; after a roll-back that is not the newest."""
    edition = edition_at(instant)
    digest = None if edition is None else edition.files.get(document.path)
    if edition is None or digest is None:
        return None
    return document.history.filter(text_id=digest, edition__number__lte=edition.number).first()


def write_versions(edition: Edition, *, at: datetime) -> list[Version]:
    """Write down what an edition brings, when it begins to decide: documents that are new, changed or gone.

    An edition that decided before, and is let decide again, brings nothing new. Nor does a change bring what it left
    as it was: after a roll-back that is not the newest version.
    """
    documents = {each.path: each for each in Document.objects.all()}
    if edition.versions.exists():
        _settle_retired(documents, edition, at)
        _settle_names(documents, edition)
        return []
    newest = dict(Version.objects.filter(number=F("document__versions")).values_list("document_id", "text_id"))
    stood = {path: newest.get(each.pk) for path, each in documents.items()}
    left = stood if edition.change is None or edition.change.base is None else edition.change.base.files
    brought = {path for path in {*documents, *edition.files} if left.get(path) != edition.files.get(path)}
    changed = [
        path
        for path, digest in edition.files.items()
        if path not in documents or (path in brought and stood[path] != digest)
    ]
    gone = [path for path in documents if path in brought and path not in edition.files and stood[path] is not None]
    texts = Text.objects.in_bulk([edition.files[path] for path in changed])
    made = [_version(documents.get(path), path, texts[edition.files[path]], edition, at) for path in changed]
    made += [_version(documents[path], path, None, edition, at) for path in gone]
    _settle_retired(documents, edition, at)
    return made


@dataclass(frozen=True, slots=True)
class Named:
    """What a file calls itself.

    label      its version, such as `1.2.0`, or empty
    effective  the day from which it means to hold, or None
    """

    name: str
    title: str
    label: str = ""
    effective: date | None = None


def named(path: str, text: str) -> Named:
    """What a file calls itself; one that cannot be read is called by its path."""
    stem = PurePosixPath(path).stem
    if not is_policy(path):
        return Named(path, stem.replace("_", " ").replace("-", " ").capitalize())
    front, _ = front_matter(lines_of(text))
    try:
        read = read_yaml(front or "", path)
    except MalformedYaml:
        read = None
    found = read.entries if isinstance(read, YamlMapping) else ()
    said = {key.text: value.text for key, value in found if isinstance(value, Scalar)}
    day = parse_instant(said.get("effective", ""))
    return Named(
        (said.get("policy") or stem)[:120],
        (said.get("title") or stem)[:300],
        said.get("version", "")[:40],
        None if day is None else (EPOCH + timedelta(microseconds=day)).date(),
    )


def is_policy(path: str) -> bool:
    """Whether a file of the pack is a policy, and not what all policies share."""
    return path.startswith("policies/") and path.endswith(".md")


def _settle_retired(documents: Mapping[str, Document], edition: Edition, at: datetime) -> None:
    """What the edition does not have decides no more; what it has again does."""
    for path, each in documents.items():
        retired = path not in edition.files
        if retired is (each.retired_at is None):
            each.retired_at = at if retired else None
            each.save(update_fields=["retired_at"])


def _settle_names(documents: Mapping[str, Document], edition: Edition) -> None:
    """What decides again is called as it was then, also where another version had given it another name."""
    texts = edition.texts
    for path, each in documents.items():
        said = named(path, texts[path]) if path in texts else None
        if said is not None and (said.name, said.title) != (each.name, each.title):
            each.name, each.title = said.name, said.title
            each.save(update_fields=["name", "title"])


def _version(document: Document | None, path: str, text: Text | None, edition: Edition, at: datetime) -> Version:
    said = named(path, "" if text is None else text.content)
    if document is None:
        document = Document(path=path, name=said.name, title=said.title, is_policy=is_policy(path), changed_at=at)
    change = edition.change
    document.versions += 1
    document.changed_at = at
    document.retired_at = at if text is None else None
    if text is not None:
        document.name, document.title = said.name, said.title
    document.save()
    return Version.objects.create(
        document=document,
        number=document.versions,
        label=said.label,
        text=text,
        edition=edition,
        change=change,
        note="" if change is None else change.note,
        effective_on=said.effective or at.date(),
        made_at=at,
        made_by=edition.made_by,
    )
