"""Every setting of some rooms, with its names in the file and in the environment. It reads neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, get_type_hints

PREFIX = "ASSAY_"
# Two underscores, since an orchestrator that runs a service named `assay` sets `ASSAY_SERVICE_PORT` by itself.
BETWEEN = "__"


@dataclass(frozen=True, slots=True)
class Room:
    """A table of the settings file, and the dataclass that its values make."""

    table: str
    kind: type


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that an operator may set.

    table    with the tables it stands in, as in `stream.nats`
    default  MISSING where it must be set
    """

    table: str
    name: str
    annotation: Any
    default: Any
    words: str
    unit: str | None
    secret: bool

    @property
    def place(self) -> str:
        """As people name it: `service.port`."""
        return f"{self.table}.{self.name}"

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + BETWEEN.join(part.upper() for part in self.place.split("."))

    @property
    def file_variable(self) -> str:
        """Of a secret: the variable that names a file which holds it."""
        return self.variable + "_FILE"

    @property
    def sentence(self) -> str:
        """What it does, as the documentation has it."""
        return f"{self.words[:1].upper()}{self.words[1:].rstrip('.')}."

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is MISSING


def settings_of(rooms: Sequence[Room]) -> Iterator[Setting]:
    """Every setting, in the order in which rooms and their fields are written."""
    for room in rooms:
        yield from _of_class(room.table, room.kind)


def nested_kinds(kind: type) -> Mapping[str, type]:
    """The fields of a settings dataclass that are tables of their own, with their dataclasses."""
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind) if _is_table(hints[each.name])}


def _is_table(annotation: Any) -> bool:
    return isinstance(annotation, type) and is_dataclass(annotation)


def _of_class(table: str, kind: type) -> Iterator[Setting]:
    hints = get_type_hints(kind)
    for each in fields(kind):
        annotation = hints[each.name]
        if _is_table(annotation):
            yield from _of_class(f"{table}.{each.name}", annotation)
            continue
        default = each.default if each.default_factory is MISSING else each.default_factory()
        said = each.metadata
        yield Setting(
            table, each.name, annotation, default, said.get("words", ""), said.get("unit"), said.get("secret", False)
        )
