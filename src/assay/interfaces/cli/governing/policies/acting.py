"""As whom a command acts: a person, by a token of theirs. It acts as nobody else, and shows no token."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.governing.opening import open_workbench
from assay.interfaces.cli.running.refusals import refuse
from assay.interfaces.cli.terminal import wrong_use

if TYPE_CHECKING:
    from assay.governance.office.actor import Actor
    from assay.governance.policies.life.models import Change, Edition

TOKEN = "ASSAY_TOKEN"  # noqa: S105 (the name of a variable)
_LONGEST = 200
TokenFile = Annotated[
    Path | None, typer.Option("--token-file", help="A file with your token; without it, the variable ASSAY_TOKEN.")
]


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, and when."""

    by: Actor
    at: datetime


@contextmanager
def acting(config: Path | None, database: str | None, token_file: Path | None) -> Iterator[Acting]:
    """The workbench opened, and the person whose token was shown; ends with 1 where they may not do it."""
    token = _token(token_file)
    open_workbench(config, database)
    from assay.governance.office.operations import NotAllowed
    from assay.governance.people.tokens.queries import who_shows

    at = datetime.now(UTC)
    shown = who_shows(token, at=at)
    if shown is None:
        words = (
            "the token does not hold: it ended, was revoked, or is another workbench's; make one at /account/tokens/"
        )
        refuse(Fault("unknown-token", words))
    try:
        yield Acting(shown[1], at)
    except NotAllowed as refused:
        refuse(Fault("not-allowed", f"{refused}; a token may only what it was made for"))


def change_named(number: int, who: Acting) -> Change:
    """A change by its number, for whoever may read it; ends with 1 where there is none."""
    from assay.governance.policies.life.queries import change_of, see_change

    found = change_of(number)
    if found is None:
        refuse(Fault("no-change", f"there is no change `{number}`; `assay policies list` shows those there are"))
    return see_change(change=found, by=who.by, at=who.at)


def edition_named(number: int) -> Edition:
    """An edition by its number; ends with 1 where there is none."""
    from assay.governance.policies.releasing.queries import edition_of_number

    found = edition_of_number(number)
    if found is None:
        refuse(Fault("no-edition", f"there is no edition `{number}`; `assay policies releases` shows those there are"))
    return found


def _token(file: Path | None) -> str:
    if file is None:
        found = os.environ.get(TOKEN, "")
        if not found:
            words = "say who you are: put a token of yours into ASSAY_TOKEN or a file (`--token-file`)"
            wrong_use(f"{words}; tokens are made on the page /account/tokens/")
        return found.strip()
    try:
        with file.open("rb") as stream:
            return stream.read(_LONGEST).decode("ascii", errors="replace").strip()
    except OSError as error:
        wrong_use(f"`{file}` cannot be read: {(error.strerror or 'it cannot be opened').lower()}")
