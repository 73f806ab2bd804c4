"""`assay replay`: decides again what a record says went in, and compares the bytes. It never mends a record."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.terminal import counted, printable, sound_pack, wrong_use

if TYPE_CHECKING:
    from assay.engine.decision.record import Replayer

_LONGEST_RECORD = 16 * 1024 * 1024
_MOST_SHOWN = 12
_ABSENT = object()


def replay(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Decision records, one a line, or `-`.")],
    pack: Annotated[Path, typer.Option(help="The pack that the records' bundle was made of.")],
) -> None:
    """Decide records again and compare the bytes. Ends with 1 where they differ."""
    from assay.engine.decision.decide import Decider
    from assay.engine.decision.record import Replayer
    from assay.engine.kernel.errors import Fault
    from assay.interfaces.records.lines import bounded_lines

    replayer = Replayer(Decider(sound_pack(pack)))
    same = differing = 0
    with ExitStack() as stack:
        try:
            stream = sys.stdin.buffer if record == "-" else stack.enter_context(Path(record).open("rb"))
        except OSError as error:
            wrong_use(f"`{record}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}")
        for number, line in bounded_lines(stream, longest=_LONGEST_RECORD):
            if not isinstance(line, Fault) and not line.strip():
                continue
            found = [f"{line.slug}: {line.words}"] if isinstance(line, Fault) else differences(line, replayer)
            same, differing = same + (not found), differing + bool(found)
            for words in found[:_MOST_SHOWN]:
                print(printable(f"{record}:{number}: {words}"))
            if len(found) > _MOST_SHOWN:
                print(f"{record}:{number}: and {len(found) - _MOST_SHOWN} more")
    print(f"{counted(same + differing, 'record')}: {same} the same, {differing} not")
    raise typer.Exit(1 if differing else 0)


def differences(record: bytes, replayer: Replayer) -> list[str]:
    """How a record differs from what is decided now, field by field; nothing where the bytes are the same."""
    if not _has_form(record):
        return ["not-a-record: this is no decision record"]
    try:
        again = replayer.replay(record)
    except ValueError as error:
        return [f"not-replayed: {error}"]
    if again == record:
        return []
    found = [f"differs: {words}" for words in _between(json.loads(record), json.loads(again), "")]
    return found or ["differs: only in how it is written; a record is canonical JSON"]


def _has_form(record: bytes) -> bool:
    """Whether the parts that say how it was decided are there and of the right shape."""
    try:
        decoded = json.loads(record)
    except (ValueError, RecursionError):
        return False
    outcomes = decoded.get("outcomes") if isinstance(decoded, dict) else None
    if not isinstance(outcomes, list) or not outcomes:
        return False
    markets = [outcome.get("markets") if isinstance(outcome, dict) else None for outcome in outcomes]
    return all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in markets)


def _between(was: object, now: object, where: str) -> Iterator[str]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            place = f"{where}.{key}" if where else key
            yield from _between(was.get(key, _ABSENT), now.get(key, _ABSENT), place)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _between(one, other, f"{where}[{number}]")
    elif was != now or type(was) is not type(now):
        yield f"{where}: the record has {_shown(was)}, and now it is {_shown(now)}"


def _shown(value: object) -> str:
    if value is _ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:97] + "…"
