"""Makes a folder with a workbench in which one policy is being written, and signs two writers in. It serves nothing.

.venv/bin/python -m benchmarks.editing.filling FOLDER

Its last line says where it is, as JSON. Django is loaded once a process, so this one is asked for by another.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.governance.people.models import Person
    from assay.governance.policies.life.models import Change

POLICY = "likeness"
WRITERS = ("Ada", "Eve")


def main(folder: Path) -> None:
    """Fill it, and say so."""
    from assay.interfaces.demo.workbench.make import TOKENS, prepare
    from assay.interfaces.service.guard.book import make_token
    from benchmarks.opening.filling import STARTER
    from benchmarks.opening.starting import start

    now = datetime.now(UTC)
    prepared = prepare(folder, STARTER, [], now)
    start(prepared.settings)
    make_token(prepared.folder / TOKENS, "benchmark", ("decide",))
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    people = {name: _writer(name, now) for name in WRITERS}
    change = _drafting(people["Ada"], _files(STARTER), now)
    sessions = {name: _session(person) for name, person in people.items()}
    said = {
        "settings": str(prepared.settings),
        "cookie": settings.SESSION_COOKIE_NAME,
        "sessions": sessions,
        "address": f"/changes/{change.number}/draft/",
    }
    print(json.dumps(said))


def _files(folder: Path) -> Mapping[str, str]:
    from assay.interfaces.packs.folders import load_pack

    return load_pack(folder).files


def _writer(name: str, now: datetime) -> Person:
    from assay.governance.office.roles import Role
    from assay.governance.people.models import Grant, Person

    person = Person.objects.create_user(f"{name.lower()}@example.org", name=name)
    Grant.objects.create(person=person, role=Role.POLICY_LEAD, starts=now - timedelta(days=1))
    return person


def _drafting(writer: Person, files: Mapping[str, str], now: datetime) -> Change:
    """A change of a policy of the starter pack whose text may be edited; how it came to be there is not measured."""
    from assay.engine.kernel.digest import digest_of_files
    from assay.governance.people.actors import actor_of
    from assay.governance.policies.life.commands import begin, open_change
    from assay.governance.policies.life.models import Change
    from assay.governance.policies.ports import InForce, install

    install(in_force=lambda: InForce(files, digest_of_files(files), "the starter pack"))
    by = actor_of(writer, now)
    begun = begin(by=by, at=now)
    made = open_change(kind="amend", title="Say it better", why="To be measured.", policy=POLICY, by=by, at=now)
    if isinstance(begun, list) or isinstance(made, list):
        raise TypeError(begun if isinstance(begun, list) else made)
    Change.objects.filter(pk=made.pk).update(stage="drafting")
    return made


def _session(person: Person) -> str:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import settings
    from django.test import Client

    if not Authenticator.objects.filter(user=person).exists():
        TOTP.activate(person, generate_totp_secret())
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main(Path(sys.argv[1]))
