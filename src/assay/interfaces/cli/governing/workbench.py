"""`assay workbench`: tables, the first administrator, checks, the clerk. It shows a link once, and never again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.governing.opening import (
    ConfigFile,
    Database,
    Port,
    address_of,
    open_workbench,
    workbench_settings,
)
from assay.interfaces.cli.running.configuring import refuse
from assay.interfaces.cli.terminal import counted, printable, wrong_use

if TYPE_CHECKING:
    from collections.abc import Mapping


workbench = typer.Typer(
    name="workbench",
    help="Make the workbench's tables and its first administrator, check it, do its work in the background.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@workbench.callback()
def _group() -> None:
    """Make the workbench's tables and its first administrator, check it, do its work in the background."""


@workbench.command("migrate")
def migrate(
    to: Annotated[
        str | None, typer.Option(help="One room and a migration of it, such as `people 0002`, or `people zero`.")
    ] = None,
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Bring the database to this program's tables; with --to, one room forwards or back."""
    open_workbench(config, database, tables=False)
    from django.core.management.base import CommandError
    from django.db import DatabaseError

    from assay.interfaces.web.site.tables import lacking, migrate, restore_triggers, waiting

    count = len(waiting()) if to is None else 0
    try:
        migrate(to)
    except CommandError as refused:
        wrong_use(f"`{to}` is no room with a migration: {refused}")
    except DatabaseError as error:
        wrong_use(f"the database refused a change: {type(error).__name__}; what had been changed before it stays")
    if to is not None:
        print(printable(f"the tables are at `{to}`"))
        return
    faults = lacking()
    if faults:
        refuse(faults)
    if restore_triggers():
        print("the triggers that guard the ledger were not there, and are again; run `assay ledger verify`")
    print(f"{counted(count, 'migration')} applied; the tables are those of this program")


@workbench.command("administrator")
def administrator(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="With what they will sign in.")],
    name: Annotated[str | None, typer.Option(help="How they are called; the part before the @ if absent.")] = None,
    port: Port = None,
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Make the first administrator, or let one in again; print a link that works once."""
    open_workbench(config, database, port=port)
    from assay.governance.office.actor import Actor
    from assay.governance.office.references import Reference
    from assay.governance.people.commands import create_first_administrator
    from assay.interfaces.web.site.given import origin

    made = create_first_administrator(
        email=email,
        name=name or email.partition("@")[0],
        by=Actor(Reference("system", "command-line"), way="system"),
        at=datetime.now(UTC),
    )
    if isinstance(made, list):
        refuse(made)
    print(printable(f"{made.person.email} is an administrator; this link lets them in, once:"))
    print(f"\n  {origin()}{made.link.path}\n")
    print(f"it holds until {made.link.expires:%Y-%m-%d %H:%M} UTC, is kept as a digest, and is not shown again")


@workbench.command("check")
def check(config: ConfigFile = None, database: Database = None) -> None:
    """Say whether the workbench is fit for people, by Django's checks and ours. Ends with 1 where it is not."""
    settings = open_workbench(config, database, tables=False)
    from assay.interfaces.web.site.checking import all_findings

    findings = all_findings(settings)
    for finding in findings:
        print(printable(f"{finding.kind}: {finding.slug}: {finding.words}"))
    errors = sum(finding.kind == "error" for finding in findings)
    warnings = len(findings) - errors
    print(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    raise typer.Exit(1 if errors else 0)


@workbench.command("work")
def work(
    once: Annotated[bool, typer.Option("--once", help="Do what is due, say how much that was, and end.")] = False,
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Deliver events, sign the ledger, send mails, tidy up, where `assay serve` does not; Ctrl-C ends it."""
    open_workbench(config, database)
    if once:
        _once()
    else:
        _until_told()


@workbench.command("open")
def open_in_browser(port: Port = None, config: ConfigFile = None) -> None:
    """Print the workbench's address, and open it in a browser where there is one."""
    import webbrowser

    from assay.interfaces.web.settings import WorkbenchSettings

    settings = workbench_settings(config, port=port)
    address = settings.of(WorkbenchSettings).public_address or address_of(settings)
    print(address)
    if sys.stdout.isatty():
        webbrowser.open(address)


def _once() -> None:
    from assay.interfaces.web.clerk.working import work_once

    done: Mapping[str, int | None] = work_once()
    for name, number in done.items():
        print(f"{name:<10}{'failed; see the log' if number is None else number}")
    raise typer.Exit(1 if None in done.values() else 0)


def _until_told() -> None:
    import signal
    import threading

    from assay.interfaces.web.clerk.working import work as do_work

    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, frame: ending.set())
    print("the clerk works; Ctrl-C ends it", flush=True)
    do_work(ending)
