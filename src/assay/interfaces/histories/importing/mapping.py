"""Which column of a source holds what, as people say it. It never lets one column stand for two things."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from assay.engine.backtest.history.block import DIMENSIONS, ELSEWHERE
from assay.engine.backtest.history.layout import RESERVED, market_of
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.identifiers import did_you_mean
from assay.engine.language.pack.pack import Pack

_LARGEST = 1 << 20


def read_mapping(path: Path | None, options: Iterable[str], pack: Pack) -> dict[str, str] | list[Fault]:
    """By a source's column, what of the layout it holds; from a file of `name: column`, and options over it."""
    meant: dict[str, str] = {}
    faults: list[Fault] = []
    if path is not None:
        found = _of_file(path)
        if isinstance(found, Fault):
            return [found]
        meant |= found
    for option in options:
        name, between, column = option.partition("=")
        if not between or not name.strip() or not column.strip():
            faults.append(Fault("bad-mapping", f"`{option[:60]}` is not of the form `name=column`"))
        else:
            meant[name.strip()] = column.strip()
    faults += [fault for name in meant if (fault := _unknown(name, pack)) is not None]
    columns = list(meant.values())
    faults += [
        Fault("bad-mapping", f"the column `{column[:60]}` cannot be two things")
        for column in sorted({column for column in columns if columns.count(column) > 1})
    ]
    return faults or {column: name for name, column in meant.items()}


def _of_file(path: Path) -> dict[str, str] | Fault:
    try:
        with path.open("rb") as stream:
            text = stream.read(_LARGEST + 1)
    except OSError as error:
        return Fault("no-such-file", f"`{path}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}")
    try:
        found = yaml.safe_load(text[:_LARGEST].decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return Fault("bad-mapping", "this is no YAML of the form `name: column`")
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and isinstance(column, str) for name, column in found.items()
    ):
        return Fault("bad-mapping", "a mapping is lines of `name: column`, both text")
    return found


def _unknown(name: str, pack: Pack) -> Fault | None:
    market = market_of(name)
    if market is not None:
        if market == ELSEWHERE or market in pack.markets.codes:
            return None
        return Fault("unknown-market", f"`{name[:60]}`: no market is named `{market[:40]}`")
    known = [*RESERVED, *DIMENSIONS, *pack.vocabulary.by_name]
    if name in known:
        return None
    hint = did_you_mean(name, known)
    words = f"no signal and nothing of the layout is called `{name[:60]}`" + (f"; {hint}" if hint else "")
    return Fault("bad-mapping", words)
