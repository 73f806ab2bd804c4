"""Makes the folder of the demonstration's workbench, from a pack and records that were decided. It serves nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assay.interfaces.demo.workbench.releases import CHANNEL, KEYS, editions_of, release
from assay.interfaces.demo.workbench.uploads import RECORDS, keep_decisions

if TYPE_CHECKING:
    from assay.governance.people.models import Person
    from assay.interfaces.demo.workbench.ways_in import WayIn

FOLDER, SETTINGS, WAYS_IN, TOKENS = "workbench", "assay.toml", "people.txt", "tokens.json"
_DATABASE = "workbench.sqlite3"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What stands ready before a database is made.

    settings  the file to serve by
    releases  how many bundles were proved, signed and released
    records   how many decisions were kept
    """

    folder: Path
    settings: Path
    releases: int
    records: int


def prepare(folder: Path, pack: Path, records: Sequence[bytes], now: datetime) -> Prepared:
    """Release bundles, decide uploads by them, and write the settings by which all of it is served.

    raises  NotReleased, NotKept
    """
    place = (folder / FOLDER).resolve()
    # A demonstration begins anew: nothing that a former one left may be taken for its own.
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    editions = editions_of(pack, int(now.timestamp()) * 1_000_000)
    release(place, editions)
    kept = keep_decisions(place, editions, records)
    settings = place / SETTINGS
    settings.write_text(_settings_text(place), encoding="utf-8")
    return Prepared(place, settings, len(editions), kept)


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
"""


def _quoted(text: object) -> str:
    # A TOML string in double quotes; a folder's name may hold either kind of quote.
    plain = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


@dataclass(frozen=True, slots=True)
class Filled:
    """What happened in the database.

    entries   how many the ledger has
    people    those of the story, by name
    ways      how each of them signs in; the file that says it is for whoever runs the demonstration
    """

    entries: int
    people: Mapping[str, Person]
    ways: Sequence[WayIn]


def fill(prepared: Prepared) -> Filled:
    """Let the story happen in the database that Django was started with.

    raises  NotTold
    """
    from django.core.management import call_command

    from assay.governance.ledger.models import Head
    from assay.governance.ledger.subscribers import deliver
    from assay.interfaces.demo.workbench.story import Story
    from assay.interfaces.demo.workbench.ways_in import open_ways, ways_as_text

    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC).replace(microsecond=0)
    people = Story(now).tell()
    while deliver(now):
        pass
    ways = open_ways(people)
    file = prepared.folder / WAYS_IN
    file.touch(mode=0o600)
    file.write_text(ways_as_text(ways), encoding="utf-8")
    return Filled(Head.objects.values_list("size", flat=True).get(), people, ways)
