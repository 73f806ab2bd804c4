"""A workbench in a process of its own that releases and rolls back when it is told to, by the commands. No test.

Its gates stand open: what it ships is not what the story is about. It reads `launch` or `back` a line, and prints one
line of JSON for each, once the channel was told.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assay.interfaces.cli.governing.opening import open_workbench
from tests.interfaces import small
from tests.interfaces.packs.signing import a_key, found

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.policies.life.models import Change


def main(folder: Path) -> None:
    """Make the house in a folder, then do as told."""
    a_key(folder)
    (folder / "house.toml").write_text(
        f'[bundles]\nsource = "{folder}/channel"\nkeys = "{folder}/keys"\nstate = "{folder}/seen"\n'
        f'[policies]\nsigning_key = "{folder}/ada.key"\nshadow_hours = 0\n'
        f'[workbench]\ndatabase = "sqlite:///{folder}/house.sqlite3"\nkey_file = "{folder}/house.key"\n'
        f'ledger_key = "{folder}/ledger.key"\n'
    )
    open_workbench(folder / "house.toml")
    from assay.governance.office.roles import Role
    from assay.governance.people.actors import actor_of
    from tests.governance.policies.life.houses import let_decide, only_gates
    from tests.workbench.people import a_person

    cast = (("Ada", Role.POLICY_LEAD), ("Bo", Role.OPERATIONS_LEAD))
    ada, bo = (actor_of(a_person(name, role), now()) for name, role in cast)
    let_decide(small.FILES)
    with only_gates({}):
        ship(built(ada, bo), bo)


def built(ada: Actor, bo: Actor) -> Change:
    """A house that has begun, and a change of it that is built; prints the digests of both editions."""
    from assay.governance.policies import ports
    from assay.governance.policies.life import drafts
    from assay.governance.policies.life.commands import begin
    from assay.governance.policies.releasing import building, commands
    from tests.governance.policies.life.houses import opened
    from tests.governance.policies.releasing.desks import PROVED

    building.__dict__["proved_of"] = lambda change: PROVED
    first, channel = begin(by=ada, at=now()), ports.PORTS.channel
    assert not isinstance(first, list), first
    assert channel is not None
    bundle = found(channel.sign(dict(first.texts), PROVED, now()))
    type(first).objects.filter(pk=first.pk).update(bundle=bundle)
    found(channel.publish(bundle, "current", share=1.0, reason="", by="Ada", at=now()))
    change = opened(ada, now())
    text = change.draft_files()[small.POLICY].replace("\n## ", "\nSaid better.\n\n## ", 1)
    drafts.put(change, small.POLICY, text, by=ada, at=now())
    type(change).objects.filter(pk=change.pk).update(stage="launch")
    change.refresh_from_db()
    edition = commands.build_bundle(change=change, by=bo, at=now())
    assert not isinstance(edition, list), edition
    print(json.dumps({"old": first.digest, "new": edition.digest}), flush=True)
    return change


def ship(change: Change, bo: Actor) -> None:
    """Do what each line says, and tell the channel as the clerk does, which looks each second."""
    from assay.governance.policies.releasing import commands
    from assay.governance.policies.releasing.publishing import publish_due

    for line in sys.stdin:
        if line.strip() == "launch":
            made = commands.launch(change=change, share=1.0, by=bo, at=now())
        else:
            made = commands.roll_back(reason="It was wrong.", by=bo, at=now())
        assert not isinstance(made, list), made
        assert publish_due(now()) == 1
        print(json.dumps({"told": time.time(), "edition": made.edition.number}), flush=True)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
