"""Settings from one TOML file, the environment and a command's options, in this order. It never shows a secret."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.interfaces.settings.listing import BETWEEN, PREFIX, Room, Setting, nested_kinds, settings_of
from assay.interfaces.settings.values import NotOfType, from_file, from_text

LARGEST_FILE = 1 << 20
LARGEST_SECRET = 64 << 10
_MOST_SHOWN = 60
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Value:
    """What a setting came to, and where it was set: a file, a variable, an option; None is its default."""

    setting: Setting
    value: Any = field(repr=False)
    origin: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of some rooms, each as its dataclass."""

    rooms: Mapping[type, Any]
    values: tuple[Value, ...]

    def of(self, kind: type[Kind]) -> Kind:
        """The settings of one room."""
        found: Kind = self.rooms[kind]
        return found


@dataclass(slots=True)
class _Found:
    """What was found so far: texts and values by the place they are for, and everything wrong with them."""

    known: Mapping[str, Setting]
    values: dict[str, Value]
    faults: list[Fault]


def read_settings(
    rooms: Sequence[Room],
    file: Path | None,
    environment: Mapping[str, str],
    given: Mapping[str, object] | None = None,
    *,
    beside: Sequence[Room] = (),
) -> Settings | list[Fault]:
    """The settings of rooms, or all that is wrong with them.

    file         read where it is named; the caller looks whether a usual one is there
    environment  variables such as `ASSAY_SERVICE__PORT`; others are left alone
    given        what a command's options say, by place, as in `service.port`; they go over everything else
    beside       rooms of other commands, which one file may have as well: read, and made into nothing
    """
    known = {setting.place: setting for setting in settings_of(rooms)}
    found = _Found({setting.place: setting for setting in settings_of((*rooms, *beside))}, {}, [])
    if file is not None:
        _from_file(file, (*rooms, *beside), found)
    _from_environment(environment, found)
    for place, value in (given or {}).items():
        found.values[place] = Value(known[place], value, "the command line")
    for place, setting in known.items():
        if setting.required and place not in found.values and not _already_blamed(place, found.faults):
            words = f"`{place}` is not set; write it under [{setting.table}], or set {setting.variable}"
            found.faults.append(Fault("missing-setting", words, place))
    if found.faults:
        return found.faults
    values = tuple(found.values.get(place) or Value(known[place], known[place].default, None) for place in known)
    by_place = {value.setting.place: value.value for value in values}
    made = {room.kind: _made(room.kind, room.table, by_place) for room in rooms}
    faults = [fault for room in rooms for fault in _own_faults(made[room.kind], room.table)]
    return faults or Settings(made, values)


def _already_blamed(place: str, faults: Iterable[Fault]) -> bool:
    return any(fault.field == place for fault in faults)


def _made(kind: type, table: str, values: Mapping[str, Any]) -> Any:
    inside = {name: _made(inner, f"{table}.{name}", values) for name, inner in nested_kinds(kind).items()}
    own = {each.name: values[each.place] for each in settings_of([Room(table, kind)]) if each.table == table}
    return kind(**inside, **own)


def _own_faults(settings: Any, table: str) -> list[Fault]:
    """What a room itself finds wrong: a settings dataclass may say it by a method `faults`."""
    own = settings.faults() if hasattr(settings, "faults") else []
    faults = [
        Fault(fault.slug, fault.words, f"{table}.{fault.field}" if fault.field else table)  # The room knows no table.
        for fault in own
    ]
    for name in nested_kinds(type(settings)):
        faults += _own_faults(getattr(settings, name), f"{table}.{name}")
    return faults


# ------------------------------------------------------------------ the file


def _from_file(file: Path, rooms: Sequence[Room], found: _Found) -> None:
    try:
        content = _limited(file, LARGEST_FILE).decode("utf-8")
        tables = tomllib.loads(content)
    except OSError as error:
        why = (error.strerror or "it cannot be opened").lower()
        found.faults.append(Fault("unreadable", f"`{file}` cannot be read: {why}"))
    except UnicodeDecodeError:
        found.faults.append(Fault("bad-settings", f"`{file}` is not UTF-8"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # The library says what it met, which may be a secret's half; only the place is passed on.
        _, _, place = str(error).rpartition("(")
        where = f" ({place}" if place.startswith("at ") else ""
        found.faults.append(Fault("bad-settings", f"`{file}` is no TOML{where}"))
    else:
        _table(tables, "", str(file), _tables(rooms, found.known), found)


def _limited(file: Path, most: int) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise OSError(None, f"it is larger than {most:,} bytes")
    return content


def _tables(rooms: Sequence[Room], known: Mapping[str, Setting]) -> frozenset[str]:
    """The names of all tables, with those that only hold others."""
    named = {setting.table for setting in known.values()} | {room.table for room in rooms}
    parts = [table.split(".") for table in named]
    return frozenset(".".join(each[: depth + 1]) for each in parts for depth in range(len(each)))


def _table(given: Mapping[str, Any], table: str, file: str, tables: frozenset[str], found: _Found) -> None:
    """Take a table's values; what is not known is said with the name that was meant."""
    for key, value in given.items():
        place = f"{table}.{key}" if table else key
        setting = found.known.get(place)
        if setting is not None:
            _take(setting, value, f"`{file}` [{table}]", file, found)
        elif place in tables:
            if isinstance(value, Mapping):
                _table(value, place, file, tables, found)
            else:
                found.faults.append(Fault("wrong-type", f"`{file}`: `{place}` is a table; write [{place}]", place))
        else:
            found.faults.append(_unknown(place, table, file, tables, found.known))


def _unknown(place: str, table: str, file: str, tables: frozenset[str], known: Mapping[str, Setting]) -> Fault:
    key = place.rpartition(".")[2]
    beside = [each.name for each in known.values() if each.table == table]
    beside += [each.rpartition(".")[2] for each in tables if each.rpartition(".")[0] == table]
    hint = did_you_mean(key, beside)
    where = f"in [{table}] of `{file}`" if table else f"in `{file}`"
    kind = "setting" if table else "table"
    words = f"there is no {kind} `{key[:_MOST_SHOWN]}` {where}"
    return Fault("unknown-setting", words + (f"; {hint}" if hint else ""), place[: 2 * _MOST_SHOWN])


def _take(setting: Setting, value: object, place: str, origin: str, found: _Found) -> None:
    try:
        made = from_file(value, setting.annotation)
    except NotOfType as wanted:
        found.faults.append(_misfit(setting, place, wanted, value))
    else:
        found.values[setting.place] = Value(setting, made, origin)


def _misfit(setting: Setting, place: str, wanted: NotOfType, given: object) -> Fault:
    instead = "" if setting.secret else f", and `{str(given)[:_MOST_SHOWN]}` is not"
    unit = f" ({setting.unit})" if setting.unit else ""
    return Fault("wrong-type", f"{place}: `{setting.name}` is {wanted}{unit}{instead}", setting.place)


# ----------------------------------------------------------- the environment


def _from_environment(environment: Mapping[str, str], found: _Found) -> None:
    by_variable = {setting.variable: setting for setting in found.known.values()}
    by_file = {setting.file_variable: setting for setting in found.known.values() if setting.secret}
    for name, text in environment.items():
        if name in by_file:
            _secret_file(by_file[name], name, text, environment, found)
        elif name in by_variable:
            _variable(by_variable[name], name, text, found)
        elif name.startswith(PREFIX) and BETWEEN in name:
            hint = did_you_mean(name, [*by_variable, *by_file])
            words = f"there is no setting for the variable `{name[:_MOST_SHOWN]}`" + (f"; {hint}" if hint else "")
            found.faults.append(Fault("unknown-setting", words, name[:_MOST_SHOWN]))


def _variable(setting: Setting, name: str, text: str, found: _Found) -> None:
    try:
        value = from_text(text, setting.annotation)
    except NotOfType as wanted:
        found.faults.append(_misfit(setting, name, wanted, text))
    else:
        found.values[setting.place] = Value(setting, value, name)


def _secret_file(setting: Setting, name: str, path: str, environment: Mapping[str, str], found: _Found) -> None:
    if setting.variable in environment:
        words = f"both {setting.variable} and {name} are set; keep one"
        found.faults.append(Fault("set-twice", words, setting.place))
        return
    try:
        text = _limited(Path(path), LARGEST_SECRET).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError, ValueError):
        words = f"{name}: `{path[:_MOST_SHOWN]}` cannot be read as a secret; it is a small file of text"
        found.faults.append(Fault("unreadable", words, setting.place))
    else:
        _variable(setting, name, text, found)
