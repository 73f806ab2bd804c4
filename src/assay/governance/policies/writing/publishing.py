"""The house's policies as a folder of plain pages that any web server shows. It writes in no folder but its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from django.template.loader import render_to_string

from assay.engine.kernel.errors import Fault
from assay.governance.policies.life.models import Document
from assay.governance.policies.writing import making, sources
from assay.governance.policies.writing.catalogues import languages_of, wording_of
from assay.governance.policies.writing.documents.as_json import document_json
from assay.governance.policies.writing.documents.facts import Changed, Wording
from assay.governance.policies.writing.documents.languages import Language, day_words, known_language, language_of
from assay.governance.policies.writing.documents.public import PublicPage
from assay.governance.policies.writing.drawing.pdf import guidance_pdf
from assay.governance.policies.writing.making import Wanted
from assay.governance.policies.writing.sources import Texts
from assay.governance.policies.writing.strings.labels import PAGE
from assay.governance.policies.writing.strings.sources import SOURCE_LANGUAGE

# What this wrote, so that the next time it can remove what is no longer there, and nothing else.
MANIFEST = "assay-site.json"
_MOST_CHANGES = 200
_NO_TEXTS = Fault("nothing-in-force", "no policy is in force here; begin with a pack, or release one, and publish then")


@dataclass(frozen=True, slots=True)
class Published:
    """What was written.

    files    names inside the folder
    removed  those of an earlier time that are no longer there
    left_out languages that are not fresh enough, by policy
    """

    folder: Path
    files: tuple[str, ...]
    removed: tuple[str, ...]
    left_out: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Other:
    """The same page in another language."""

    language: Language
    file: str


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the house's change log."""

    title: str
    changed: Changed
    day: str
    file: str
    says: str


def publish_site(folder: Path, *, at: datetime) -> Published | Fault:
    """Write the public pages of everything in force; whoever calls may read the policies.

    folder  empty, or one that was written by this before
    """
    texts = sources.in_force(at)
    if texts is None or texts.pack is None:
        return _NO_TEXTS
    before = _before(folder)
    if isinstance(before, Fault):
        return before
    site = _Site(texts, at)
    made = dict(site.files())
    try:
        removed = _write(folder, made, before)
    except OSError as error:
        words = f"`{folder}` cannot be written: {error.strerror}; what was there before may stand beside what is new"
        return Fault("cannot-write", words)
    return Published(folder, tuple(sorted(made)), removed, site.left_out)


def write_documents(
    folder: Path, *, policy: str | None = None, market: str | None = None, language: str = SOURCE_LANGUAGE, at: datetime
) -> list[Path] | Fault:
    """Write the guidance as PDF and the public page as JSON, of one policy or of all in force; what was written."""
    texts = sources.in_force(at)
    pack = None if texts is None else texts.pack
    if texts is None or pack is None:
        return _NO_TEXTS
    if language_of(language) is None:
        return Fault("no-such-language", f"`{language[:20]}` is no language; write a tag such as `de`")
    names = [one.id for one in pack.policies if policy in (None, one.id)]
    if not names:
        return Fault("no-such-policy", f"no policy in force is named `{(policy or '')[:60]}`")
    made: dict[str, bytes] = {}
    for name in names:
        wanted = Wanted(name, texts, at.date(), language, market)
        page, guidance = making.public_of(wanted), making.guidance_for(wanted)
        if page is None or guidance is None:
            return Fault("no-such-market", f"`{(market or '')[:20]}` is no market; write a code such as `DE`")
        printed = guidance_pdf(guidance, at)
        if isinstance(printed, Fault):
            return printed
        made[_named(name, language, f"guidance-{guidance.market.name.replace('+', '-')}.pdf")] = printed
        made[_named(name, language, "json")] = _json(page)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_put(folder, name, content) for name, content in made.items()]
    except OSError as error:
        return Fault("cannot-write", f"`{folder}` cannot be written: {error.strerror}")


class _Site:
    """All pages of one publication."""

    def __init__(self, texts: Texts, at: datetime) -> None:
        self.texts, self.at, self.day = texts, at, at.date()
        self.pages: dict[str, dict[str, PublicPage]] = {}
        self.left_out: dict[str, tuple[str, ...]] = {}
        pack = texts.pack
        for policy in pack.policies if pack is not None else ():
            self._read(policy.id)

    def _read(self, policy: str) -> None:
        standings = making.languages_for(policy, self.texts)
        fresh = [each.language for each in standings if each.is_fresh]
        stale = tuple(each.language for each in standings if not each.is_fresh)
        found: dict[str, PublicPage] = {}
        for language in (SOURCE_LANGUAGE, *fresh):
            page = making.public_of(Wanted(policy, self.texts, self.day, language))
            if page is not None:
                found[language] = page
        self.pages[policy] = found
        if stale:
            self.left_out[policy] = stale

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file by its name."""
        for name in ("style.css", "icon.svg"):
            yield name, files(__package__).joinpath("templates", "writing", "site", name).read_bytes()
        for policy, pages in self.pages.items():
            for language, page in pages.items():
                yield _named(policy, language, "html"), self._policy(policy, page)
                yield _named(policy, language, "json"), _json(page)
        for language in self._languages():
            yield _named("index", language, "html"), self._index(language)
        yield "changes.html", self._changes()

    def _languages(self) -> list[str]:
        """Languages into which the page's own words and at least one policy are translated."""
        used = {language for pages in self.pages.values() for language in pages}
        spoken = set(languages_of(PAGE))
        return [SOURCE_LANGUAGE, *sorted(each for each in used & spoken if each != SOURCE_LANGUAGE)]

    def _policy(self, policy: str, page: PublicPage) -> bytes:
        others = [
            Other(known_language(language), _named(policy, language, "html"))
            for language in self.pages[policy]
            if language != page.language.tag
        ]
        more = {"page": page, "others": others, "json": _named(policy, page.language.tag, "json")}
        return self._framed("policy", page.language.tag, more)

    def _index(self, language: str) -> bytes:
        listed = []
        for policy, pages in self.pages.items():
            chosen = language if language in pages else SOURCE_LANGUAGE
            if chosen in pages:
                listed.append((pages[chosen], _named(policy, chosen, "html")))
        others = [
            Other(known_language(each), _named("index", each, "html")) for each in self._languages() if each != language
        ]
        more = {"pages": sorted(listed, key=lambda each: each[0].title.words.casefold()), "others": others}
        return self._framed("index", language, more)

    def _changes(self) -> bytes:
        return self._framed("changes", SOURCE_LANGUAGE, {"changes": list(house_changes(self.pages))})

    def _framed(self, template: str, language: str, more: Mapping[str, object]) -> bytes:
        wording: Wording = wording_of("", language)
        page = more.get("page")
        shown = [page] if isinstance(page, PublicPage) else [each[SOURCE_LANGUAGE] for each in self.pages.values()]
        days = [each.changed.day for one in shown for each in one.newest if each.changed.day is not None]
        index = _named("index", language if language in self._languages() else SOURCE_LANGUAGE, "html")
        given = {
            "language": known_language(language),
            "source": known_language(SOURCE_LANGUAGE),
            "labels": wording.labels,
            "index": index,
            "digest": self.texts.digest,
            "updated": wording.label("updated", day=day_words(max(days), language)).words if days else "",
            **more,
        }
        return render_to_string(f"writing/site/{template}.html", given).encode("utf-8")


def house_changes(pages: Mapping[str, object]) -> Iterator[Told]:
    """What every version of every policy told the public, the newest first."""
    told = [
        (changed, document)
        for document in Document.objects.filter(is_policy=True)
        for changed in making.changes_of(document.name, most=_MOST_CHANGES)
    ]
    told.sort(key=lambda each: (each[0].day or date.min, each[0].number), reverse=True)
    for changed, document in told[:_MOST_CHANGES]:
        day = day_words(changed.day, SOURCE_LANGUAGE) if changed.day else ""
        file = _named(document.name, SOURCE_LANGUAGE, "html") if document.name in pages else ""
        yield Told(document.title, changed, day, file, _says(changed))


def _says(changed: Changed) -> str:
    parts = [
        f"{words}: {', '.join(titles)}"
        for words, titles in (("New", changed.added), ("Changed", changed.altered), ("Gone", changed.removed))
        if titles
    ]
    return f"{'. '.join(parts)}." if parts else "Published."


def _named(name: str, language: str, ending: str) -> str:
    return f"{name}.{ending}" if language == SOURCE_LANGUAGE else f"{name}.{language}.{ending}"


def _json(page: PublicPage) -> bytes:
    return (json.dumps(document_json(page), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _before(folder: Path) -> Sequence[str] | Fault:
    """What was written there before; a folder with anything else is not ours to write in."""
    if not folder.exists():
        return ()
    if not folder.is_dir():
        return Fault("no-folder", f"`{folder}` is no folder; name one that is empty or not there yet")
    manifest = folder / MANIFEST
    if not manifest.is_file():
        if any(folder.iterdir()):
            return Fault("foreign-folder", f"`{folder}` holds files that this did not write; name an empty folder")
        return ()
    try:
        found = json.loads(manifest.read_text("utf-8"))
    except (OSError, ValueError):
        return Fault("bad-manifest", f"`{MANIFEST}` in `{folder}` cannot be read; name an empty folder")
    named = found.get("files", []) if isinstance(found, dict) else []
    return [each for each in named if isinstance(each, str) and Path(each).name == each and each not in {".", ".."}]


def _write(folder: Path, made: Mapping[str, bytes], before: Sequence[str]) -> tuple[str, ...]:
    """Each file is whole at every moment; the manifest names old and new until all are there."""
    folder.mkdir(parents=True, exist_ok=True)
    removed = tuple(sorted(set(before) - set(made) - {MANIFEST}))
    _put(folder, MANIFEST, _manifest([*made, *removed]))
    for name, content in made.items():
        _put(folder, name, content)
    for name in removed:
        (folder / name).unlink(missing_ok=True)
    _put(folder, MANIFEST, _manifest(made))
    return removed


def _manifest(names: Sequence[str] | Mapping[str, bytes]) -> bytes:
    return (json.dumps({"schema": "assay.site/1", "files": sorted(names)}, indent=2) + "\n").encode("utf-8")


def _put(folder: Path, name: str, content: bytes) -> Path:
    target, partial = folder / name, folder / f".{name}.part"
    partial.write_bytes(content)
    partial.replace(target)
    return target
