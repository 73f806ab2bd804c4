"""What the commands of streams share: their options as settings, and a broker's library that may be absent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from assay.interfaces.cli.running.configuring import settings_option
from assay.interfaces.cli.terminal import wrong_use

if TYPE_CHECKING:
    from assay.interfaces.settings.reading import Settings
    from assay.interfaces.stream.settings import StreamSettings

BROKERS = ("nats", "kafka")
Broker: TypeAlias = Annotated[str, typer.Argument(metavar="BROKER", help="nats or kafka.")]
Servers: TypeAlias = Annotated[list[str] | None, typer.Option("--server", help="Where the broker is; may be repeated.")]
Config: TypeAlias = Annotated[Path | None, typer.Option(help="A TOML file with settings.")]
Dead: TypeAlias = Annotated[str | None, typer.Option("--dead", help="The subject or topic of dead letters.")]
_LIBRARIES = {"nats": "nats", "kafka": "confluent_kafka"}


def known_broker(given: str) -> Literal["nats", "kafka"]:
    """The broker that an argument names; ends with 2 where it names none, or its library is not installed."""
    from importlib.util import find_spec

    if given not in BROKERS:
        wrong_use(f"`{given}` is no broker we know; write nats or kafka")
    if find_spec(_LIBRARIES[given]) is None:
        wrong_use(f"the library for {given} is not installed; `pip install 'assay[{given}]'` brings it")
    return "nats" if given == "nats" else "kafka"


def named(table: str, options: Mapping[str, object]) -> dict[str, object]:
    """Options that were given, by the settings they are for."""
    return {
        f"{table}.{name}": tuple(value) if isinstance(value, list) else value
        for name, value in options.items()
        if value is not None and value != []
    }


def stream_settings(config: Path | None, given: Mapping[str, object]) -> StreamSettings:
    """The settings of streams alone, for commands that decide nothing."""
    from assay.interfaces.cli.running.rooms import all_rooms
    from assay.interfaces.settings.listing import Room
    from assay.interfaces.stream.settings import StreamSettings

    beside = [room for room in all_rooms() if room.kind is not StreamSettings]
    return settings_option(config, [Room("stream", StreamSettings)], given, beside).of(StreamSettings)


def consumer_settings(config: Path | None, given: Mapping[str, object]) -> Settings:
    """The settings of a consumer."""
    from assay.interfaces.cli.running.rooms import all_rooms, consumer_rooms

    rooms = consumer_rooms()
    known = {room.table for room in rooms}
    return settings_option(config, rooms, given, [room for room in all_rooms() if room.table not in known])
