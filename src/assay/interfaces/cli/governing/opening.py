"""Opens the workbench for a command: its settings, the site, a look whether the tables are there. It serves nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.running.configuring import CONFIG, refuse, settings_option, with_database
from assay.interfaces.cli.terminal import wrong_use

if TYPE_CHECKING:
    from assay.interfaces.settings.reading import Settings

ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="A TOML file with settings, as `assay serve` takes it.")
]
Database = Annotated[str | None, typer.Option(help="The workbench's database, such as `sqlite:///workbench.sqlite3`.")]

Port = Annotated[int | None, typer.Option(help="The port that `assay serve --port` was given.")]


def workbench_settings(config: Path | None, database: str | None = None, port: int | None = None) -> Settings:
    """The settings of the workbench, with those of records and bundles; ends with 2 and everything wrong with them."""
    from assay.interfaces.cli.running.rooms import all_rooms, workbench_rooms
    from assay.interfaces.settings.reading import Settings, read_settings

    said = {"workbench.database": database, "service.port": port}
    given: dict[str, object] = {place: value for place, value in said.items() if value is not None}
    if config is None and os.environ.get(CONFIG):
        config = Path(os.environ[CONFIG])
    if config is not None and not config.is_file():
        wrong_use(f"there is no file `{config}` with settings")
    rooms, every = workbench_rooms(), all_rooms()
    found = read_settings(
        rooms, config, with_database(os.environ), given, beside=[room for room in every if room not in rooms]
    )
    if isinstance(found, Settings):
        return found
    if any(not (fault.field or "").startswith("bundles") for fault in found):
        refuse(found)
    # Nothing decides here, so a command on people needs no source of bundles.
    fewer = [room for room in rooms if room.table != "bundles"]
    return settings_option(config, fewer, given, [room for room in every if room not in fewer])


def address_of(settings: Settings) -> str:
    """Where `assay serve` listens by these settings, as a browser on this machine calls it."""
    from assay.interfaces.service.settings import ServiceSettings
    from assay.interfaces.web.site.given import as_browsers_call

    service = settings.of(ServiceSettings)
    host = f"[{service.host}]" if ":" in service.host else service.host
    return as_browsers_call(f"http://{host}:{service.port}")


def open_workbench(
    config: Path | None, database: str | None = None, *, port: int | None = None, tables: bool = True
) -> Settings:
    """The settings, after Django was started with them; ends with 2 where something is in the way.

    port    the port in links, where no public address is set
    tables  whether the database must have the tables of this program; a new SQLite file gets them
    """
    from assay.interfaces.service.logs import set_up_logs
    from assay.interfaces.service.settings import ServiceSettings
    from assay.interfaces.web.settings import WorkbenchSettings
    from assay.interfaces.web.site.starting import start_django

    settings = workbench_settings(config, database, port)
    set_up_logs(settings.of(ServiceSettings).log_level)
    faults = start_django(settings, address=address_of(settings))
    if not faults and tables:
        from assay.interfaces.web.site.tables import prepare

        faults = prepare(settings.of(WorkbenchSettings).database_url)
    if faults:
        refuse(faults)
    return settings
