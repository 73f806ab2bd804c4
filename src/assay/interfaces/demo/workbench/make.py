"""Makes the folder of the demonstration's workbench, from a pack and records that were decided. It serves nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assay.engine.kernel.instants import instant_of
from assay.governance.policies.ports import Workshop
from assay.interfaces.demo.workbench.releases import CHANNEL, CHANNEL_NAME, HISTORY, KEYS, SIGNER, First, release_first
from assay.interfaces.demo.workbench.uploads import RECORDS, Turn, keep_decisions

if TYPE_CHECKING:
    from assay.governance.people.models import Person
    from assay.interfaces.demo.workbench.ways_in import WayIn

FOLDER, SETTINGS, WAYS_IN, TOKENS = "workbench", "assay.toml", "people.txt", "tokens.json"
_DATABASE = "workbench.sqlite3"
# Uploads that the demonstration decides came in the last days of each edition.
_UPLOAD_TIME = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What stands ready before a database is made.

    settings  the file to serve by
    first     what decided before the house kept its policies here
    history   made-up past uploads
    records   from which uploads are decided anew
    """

    folder: Path
    settings: Path
    first: First
    history: Path
    records: Sequence[bytes]


def prepare(folder: Path, pack: Path, records: Sequence[bytes], now: datetime) -> Prepared:
    """Release the first bundle, and write the settings by which everything is served.

    raises  NotReleased
    """
    place = (folder / FOLDER).resolve()
    # A demonstration begins anew: nothing that a former one left may be taken for its own.
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    first = release_first(place, pack, now)
    settings = place / SETTINGS
    settings.write_text(_settings_text(place), encoding="utf-8")
    return Prepared(place, settings, first, place / HISTORY, records)


def _settings_text(place: Path) -> str:
    quoted = {name: _quoted(place / name) for name in (CHANNEL, KEYS, RECORDS, "state", TOKENS, "mail")}
    keys = {name: _quoted(place / f"{name}.key") for name in ("workbench", "ledger")}
    return f"""# The demonstration's own settings, made by `assay demo --workbench`.
[service]
port = 8600

[guard]
tokens = {quoted[TOKENS]}

[bundles]
source = {quoted[CHANNEL]}
keys = {quoted[KEYS]}
state = {quoted["state"]}

[store]
folder = {quoted[RECORDS]}

[workbench]
database = {_quoted("sqlite:///" + str(place / _DATABASE))}
key_file = {keys["workbench"]}
ledger_key = {keys["ledger"]}

[workbench.mail]
folder = {quoted["mail"]}

[policies]
signing_key = {_quoted(place / f"{SIGNER}.key")}
channel_name = {_quoted(CHANNEL_NAME)}
history = {_quoted(place / HISTORY)}
# A house of real people lets a change look on for days; whoever tries this out has an evening.
shadow_hours = 0
"""


def _quoted(text: object) -> str:
    # A TOML string in double quotes; a folder's name may hold either kind of quote.
    plain = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


@dataclass(frozen=True, slots=True)
class Filled:
    """What happened in the database.

    entries   how many the ledger has
    releases  how many the channel was told
    records   how many decisions were kept
    people    those of the story, by name
    ways      how each of them signs in; the file that says it is for whoever runs the demonstration
    """

    entries: int
    releases: int
    records: int
    people: Mapping[str, Person]
    ways: Sequence[WayIn]


def fill(prepared: Prepared, workshop: Workshop) -> Filled:
    """Let the story happen in the database that Django was started with, and decide uploads by what was released.

    workshop  who proves and rehearses the story's drafts
    raises    NotTold, NotKept
    """
    from django.core.management import call_command

    from assay.governance.ledger.models import Head
    from assay.governance.ledger.subscribers import deliver
    from assay.governance.policies.life.models import Release
    from assay.interfaces.demo.workbench.story import Story
    from assay.interfaces.demo.workbench.ways_in import open_ways, ways_as_text

    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC).replace(microsecond=0)
    _install(prepared, workshop)
    people = Story(now).tell()
    while deliver(now):
        pass
    kept = keep_decisions(prepared.folder, _turns(now), prepared.records)
    ways = open_ways(people)
    file = prepared.folder / WAYS_IN
    file.touch(mode=0o600)
    file.write_text(ways_as_text(ways), encoding="utf-8")
    entries = Head.objects.values_list("size", flat=True).get()
    return Filled(entries, Release.objects.exclude(published_at=None).count(), kept, people, ways)


def _install(prepared: Prepared, workshop: Workshop) -> None:
    """No service has run yet that could say what decides, and no clerk who could work: the story has its own."""
    from assay.governance.policies.ports import InForce, install

    first = prepared.first
    found = InForce(first.pack.files, first.pack.digest, "the first release", first.bundle)
    install(in_force=lambda: found, workshop=workshop)


def _turns(now: datetime) -> list[Turn]:
    """Editions that decided everything, each until the next one did."""
    from assay.governance.policies.life.models import Release

    told = list(Release.objects.filter(part="current").exclude(published_at=None).order_by("number"))
    ends = [each.published_at for each in told[1:]] + [now]
    turns = []
    for release, end in zip(told, ends, strict=True):
        if release.published_at is not None and end is not None:
            begins = max(release.published_at, end - _UPLOAD_TIME)
            sequence = release.sequence or 1
            turns.append(Turn(release.edition.texts, sequence, instant_of(begins), instant_of(end)))
    return turns
