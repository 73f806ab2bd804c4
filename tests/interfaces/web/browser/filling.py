"""Makes a folder with the demonstration's workbench, and signs some of its people in. It serves nothing.

The site that will be looked at runs in another process, and Django is loaded once in each.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from assay.engine.decision.decide import Decider
from assay.engine.decision.item import Item
from assay.engine.decision.record import RecordWriter
from assay.engine.kernel.instants import instant_of
from assay.interfaces.cli.items.demo_workbench import fill_workbench
from assay.interfaces.packs.folders import load_pack
from tests.interfaces.running import STARTER

UPLOADS = 12
SIGNED_IN = ("Ada", "Bo", "Cy", "Dee", "Eli", "Fay", "Gus", "Jun", "Kim", "Rae", "Uma")


def some_records(now: datetime) -> list[bytes]:
    """Records of a few uploads, of which some are certain, some open, and one has an id that a stranger chose."""
    decider = Decider(load_pack(STARTER))
    writer = RecordWriter(decider)
    found = []
    for number in range(UPLOADS):
        signals = {
            "ai_extent": ("generated", "altered", "none")[number % 3],
            "person.kind": ("identifiable", "none")[number % 2],
            "modality": "image",
        }
        name = "upload-<b>&\u202e" if number == 0 else f"upload-{number}"
        item = Item.from_signals(signals, decider.vocabulary, id=name)
        assert isinstance(item, Item), item
        found.append(writer.write(decider.decide(item, instant_of(now))))
    return found


def main(folder: Path) -> None:
    """Print what the command prints, and in the last line the sessions of those who are signed in, by name."""
    now = datetime.now(UTC)
    people = fill_workbench(folder, STARTER, some_records(now)).people
    from django.conf import settings as django_settings
    from django.test import Client

    sessions = {}
    for name in SIGNED_IN:
        client = Client()
        client.force_login(people[name])
        sessions[name] = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    keys = {name: str(person.key) for name, person in people.items()}
    print(json.dumps({"cookie": django_settings.SESSION_COOKIE_NAME, "sessions": sessions, "keys": keys}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
