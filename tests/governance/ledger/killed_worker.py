"""A process that delivers and kills itself after so many entries; started by a test, with a store's address."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime

import django
from django.conf import settings

from assay.interfaces.web.site.databases import database_of


def main(address: str, stop: int) -> None:
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "assay.governance.ledger"],
        DATABASES={"default": database_of(address)},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    from assay.governance.ledger.commands import append
    from assay.governance.ledger.subscribers import Happened, deliver, subscriber
    from assay.governance.office.actor import SYSTEM
    from assay.governance.office.references import Reference
    from tests.governance.ledger.making import ThingMoved

    handled = 0

    @subscriber("tests.killed", kinds=("tests.thing-counted",))
    def handle(happened: Happened) -> None:
        nonlocal handled
        append(
            ThingMoved(Reference("shelf", "a")), subject=Reference("thing", str(happened.number)), by=SYSTEM,
            at=datetime.now(UTC),
        )  # fmt: skip
        if handled == stop:
            os.kill(os.getpid(), signal.SIGKILL)
        handled += 1

    while deliver(datetime.now(UTC)):
        pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
