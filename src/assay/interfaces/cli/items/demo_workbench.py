"""The part of `assay demo` that fills a workbench, and says how to open it. It serves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assay.interfaces.cli.running.refusals import refuse
from assay.interfaces.cli.terminal import Waiting, counted, wrong_use

if TYPE_CHECKING:
    from assay.interfaces.demo.workbench.make import Filled

CLIENT = "demonstration"
SCOPES = ("decide", "read")


def fill_workbench(folder: Path, pack: Path, records: Sequence[bytes]) -> Filled:
    """Release, decide, let made-up people work; then print the command that opens it, and who can sign in."""
    from assay.interfaces.demo.workbench.make import TOKENS, WAYS_IN, fill, prepare
    from assay.interfaces.demo.workbench.releases import NotReleased
    from assay.interfaces.demo.workbench.telling import NotTold
    from assay.interfaces.demo.workbench.uploads import NotKept
    from assay.interfaces.service.guard.book import make_token
    from assay.interfaces.web.ports.workshop.nearby import Nearby

    try:
        with Waiting("filling a workbench", None) as waiting:
            waiting.reached(0)
            prepared = prepare(folder, pack, records, datetime.now(UTC))
            _start(prepared.settings)
            made = make_token(prepared.folder / TOKENS, CLIENT, SCOPES)
            if isinstance(made, list):
                refuse(*made)
            filled = fill(prepared, Nearby(prepared.history))
    except (NotKept, NotReleased, NotTold) as failed:
        wrong_use(f"the demonstration's workbench could not be made: {failed}")
    ada = next(way for way in filled.ways if way.member.name == "Ada")
    place = folder / prepared.folder.name
    parts = (
        counted(len(filled.people), "made-up person", "made-up people"),
        counted(filled.entries, "ledger entry", "ledger entries"),
        counted(filled.releases, "signed release"),
        counted(filled.records, "kept decision"),
    )
    print(f"{', '.join(parts)} for the workbench")
    print(f"open it: assay serve --config {place / prepared.settings.name}")
    print(f"sign in: {ada.member.email}, password {ada.password}, code {ada.codes[0]}")
    print(f"         everybody else stands in {place / WAYS_IN}, with codes that work once each")
    return filled


def _start(settings: Path) -> None:
    """Load Django with the demonstration's own settings, and no one else's."""
    from assay.interfaces.cli.running.rooms import service_rooms
    from assay.interfaces.settings.reading import read_settings
    from assay.interfaces.web.site.starting import start_django

    found = read_settings(service_rooms(), settings, {})
    if isinstance(found, list):
        refuse(*found)
    faults = start_django(found)
    if faults:
        refuse(*faults)
