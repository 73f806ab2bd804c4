"""Settings for commands that run: read, shown with where each comes from, or refused in words. It shows no secret."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from assay.interfaces.cli.terminal import print_table, printable, wrong_use

if TYPE_CHECKING:
    from assay.engine.kernel.errors import Fault
    from assay.interfaces.settings.listing import Room
    from assay.interfaces.settings.reading import Settings, Value

CONFIG = "ASSAY_CONFIG"
# What platforms set for the database of a program, and the setting that it is for.
DATABASE, DATABASE_SETTING = "DATABASE_URL", "ASSAY_WORKBENCH__DATABASE"


def settings_option(
    config: Path | None, rooms: Sequence[Room], given: Mapping[str, object], beside: Sequence[Room] = ()
) -> Settings:
    """The settings of a command; ends with 2 and everything wrong with them.

    config  the file that an option names; without it, the one that `ASSAY_CONFIG` names
    """
    from assay.interfaces.settings.reading import read_settings

    if config is None and os.environ.get(CONFIG):
        config = Path(os.environ[CONFIG])
    if config is not None and not config.is_file():
        wrong_use(f"there is no file `{config}` with settings")
    found = read_settings(rooms, config, with_database(os.environ), given, beside=beside)
    if isinstance(found, list):
        refuse(found)
    return found


def with_database(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, with `DATABASE_URL` under the name of its setting where that one is not set."""
    url = environment.get(DATABASE)
    if not url or DATABASE_SETTING in environment or f"{DATABASE_SETTING}_FILE" in environment:
        return environment
    return {**environment, DATABASE_SETTING: url}


def refuse(faults: Sequence[Fault]) -> NoReturn:
    """Say every fault, and end with 2."""
    for fault in faults:
        place = f"{fault.field}: " if fault.field else ""
        print(printable(f"assay: {place}{fault.slug}: {fault.words}"), file=sys.stderr)
    raise typer.Exit(2)


def show_settings(settings: Settings) -> None:
    """Every setting with its value and where that was set."""
    print_table(("setting", "value", "set by"), [_row(value) for value in settings.values])


def _row(value: Value) -> tuple[str, str, str]:
    from assay.interfaces.settings.values import shown

    setting = value.setting
    text = shown(value.value)
    if setting.secret and text:
        text = "(secret)"
    unit = f" {setting.unit}" if setting.unit and text else ""
    return setting.place, text + unit, value.origin or "default"
