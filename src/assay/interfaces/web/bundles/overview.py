"""How it stands with bundles, from the files that a service and its channel leave. It asks no running service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.instants import parse_instant
from assay.interfaces.deciding.events import Event, EventLog
from assay.interfaces.deciding.live.keeping import Keeping, Notes
from assay.interfaces.deciding.live.settings import BundleSettings
from assay.interfaces.packs.channel.places import FolderPlace, Reading
from assay.interfaces.packs.channel.release import LARGEST_RELEASE, Release, past_name, read_release
from assay.interfaces.packs.signed.keys import read_keys
from assay.interfaces.web.bundles.kept import (
    Signatures,
    bundle_of_digest,
    channel_folder,
    digests_kept,
    signatures_of,
)

EVENTS = "events.jsonl"
_MOST_RELEASES = 50
_MOST_HAPPENED = 100
_BAD = frozenset({"bundle-refused", "source-unreachable", "poll-failed", "state-unwritable"})
_WORTH_A_LOOK = frozenset({"rolled-back", "bundle-from-state", "brake-on"})


@dataclass(frozen=True, slots=True)
class Stage:
    """What a bundle does now: `kind` is good, warning or neutral."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle in the list.

    stages  what it does now; none where it does nothing
    since   when it last began to decide here, as far as that was noted
    """

    digest: str
    pack: str
    version: str
    signatures: Signatures
    stages: tuple[Stage, ...]
    since: datetime | None

    @property
    def short(self) -> str:
        """The digest as people cite it."""
        return self.digest[7:19]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to bundles, as a timeline shows it."""

    at: datetime
    words: str
    state: str
    detail: str = ""
    url: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release of the channel, and by which key it was signed."""

    release: Release
    issued: datetime
    signer: str


@dataclass(frozen=True, slots=True)
class Overview:
    """How it stands.

    deciding  the digest of the bundle that decides, or None where nothing is known of it
    notes     what cannot be shown, and why
    """

    source: str
    deciding: str | None
    bundles: tuple[BundleRow, ...]
    releases: tuple[ReleaseRow, ...]
    happened: tuple[Happening, ...]
    notes: tuple[Fault, ...]
    pinned_by: str = ""
    pinned_since: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


def overview_of(settings: BundleSettings) -> Overview:
    """How it stands with the bundles of some settings."""
    faults: list[Fault] = []
    notes = _notes(settings, faults)
    events = _events(settings)
    deciding = _deciding(settings, notes)
    kept = digests_kept(settings)
    if deciding is None and len(kept) == 1 and settings.state is None:
        # A folder or a file by itself: there is nothing else that could decide.
        deciding = kept[0]
    began = _began(events)
    releases = _releases(settings, faults)
    newest = releases[0].release if releases else None
    rows = [_row(digest, settings, _stages(digest, deciding, notes, newest), began.get(digest)) for digest in kept]
    rows.sort(key=lambda row: (not row.stages, -(row.since.timestamp() if row.since else 0.0), row.version))
    pinned = notes.pinned
    return Overview(
        source=_title(settings),
        deciding=deciding,
        bundles=tuple(rows),
        releases=releases,
        happened=tuple(_happening(event) for event in reversed(events[-_MOST_HAPPENED:])),
        notes=tuple(faults),
        pinned_by=pinned.by if pinned else "",
        pinned_since=datetime.fromtimestamp(pinned.since / 1e6, UTC) if pinned else None,
    )


def _notes(settings: BundleSettings, faults: list[Fault]) -> Notes:
    if settings.state is None:
        words = "no state folder is set, so what was taken up, refused or rolled back is not remembered"
        faults.append(Fault("no-state", words, "bundles.state"))
        return Notes()
    keeping = Keeping(settings.state)
    fault = keeping.open()
    if fault is not None:
        faults.append(fault)
    return keeping.notes


def _deciding(settings: BundleSettings, notes: Notes) -> str | None:
    if notes.pinned is not None:
        return notes.pinned.digest
    return None if notes.good is None else notes.good.current


def _stages(digest: str, deciding: str | None, notes: Notes, newest: Release | None) -> tuple[Stage, ...]:
    good, pinned = notes.good, notes.pinned
    found = []
    if digest == deciding:
        found.append(Stage("warning", "Decides, rolled back to") if pinned else Stage("good", "Decides now"))
    if good is not None and pinned is None:
        if digest == good.staged:
            found.append(Stage("good", f"Decides {good.staged_share:.0%} of items"))
        if digest == good.shadow:
            found.append(Stage("neutral", f"Looks at {good.shadow_share:.0%} of items, decides none"))
    if pinned is not None and digest == pinned.over:
        found.append(Stage("warning", "Put aside by the rollback"))
    if not found and newest is not None and digest in newest.bundles:
        # The service has not taken it up, or leaves no state behind by which that could be seen.
        found.append(Stage("neutral", "Released"))
    if not found and digest in notes.former:
        found.append(Stage("neutral", "Decided before"))
    return tuple(found)


def _row(digest: str, settings: BundleSettings, stages: tuple[Stage, ...], since: datetime | None) -> BundleRow:
    bundle = bundle_of_digest(digest, settings)
    if isinstance(bundle, Fault):
        return BundleRow(digest, "", "", Signatures(faults=(bundle,)), stages, since)
    return BundleRow(digest, bundle.pack, bundle.version, signatures_of(bundle, settings), stages, since)


def _releases(settings: BundleSettings, faults: list[Fault]) -> tuple[ReleaseRow, ...]:
    """Releases of a channel in a folder, the newest first; one at an address is not asked by a page."""
    folder = channel_folder(settings)
    if folder is None:
        if "://" in settings.source:
            words = "the channel is at an address, which no page asks; what was taken from it stands below"
            faults.append(Fault("channel-elsewhere", words))
        return ()
    if settings.keys is None:
        return ()
    keys = read_keys(settings.keys)
    if isinstance(keys, list):
        faults.extend(keys)
        return ()
    place = FolderPlace(folder)
    found: list[ReleaseRow] = []
    for number in sorted(_numbers(settings), reverse=True)[:_MOST_RELEASES]:
        name = past_name(number)
        content = place.read(name, most=LARGEST_RELEASE)
        if not isinstance(content, Reading):
            continue
        release = read_release(content.content, name, keys)
        if isinstance(release, Fault):
            faults.append(release)
        else:
            found.append(ReleaseRow(release[0], datetime.fromtimestamp(release[0].issued / 1e6, UTC), release[1]))
    return tuple(found)


def _numbers(settings: BundleSettings) -> list[int]:
    folder = channel_folder(settings)
    names = [] if folder is None else [path.stem for path in (folder / "releases").glob("*.json")]
    return [int(name) for name in names if name.isascii() and name.isdigit()]


def _events(settings: BundleSettings) -> tuple[Event, ...]:
    return () if settings.state is None else EventLog(settings.state / EVENTS).recent(1_000)


def _began(events: tuple[Event, ...]) -> Mapping[str, datetime]:
    """By digest, when a bundle last began to decide."""
    kinds = ("bundle-swapped", "rolled-back", "bundle-from-state")
    return {str(event.fields.get("digest")): _at(event) for event in events if event.kind in kinds}


def _happening(event: Event) -> Happening:
    state = "bad" if event.kind in _BAD else "warning" if event.kind in _WORTH_A_LOOK else "neutral"
    slug = event.fields.get("slug")
    return Happening(_at(event), event.words, state, str(slug) if slug else "")


def _at(event: Event) -> datetime:
    found = parse_instant(event.at)
    return datetime.fromtimestamp((found or 0) / 1e6, UTC)


def _title(settings: BundleSettings) -> str:
    return settings.source or "no source is set"
