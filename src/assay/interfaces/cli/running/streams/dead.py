"""`assay dead`: messages that could not be decided: which, why, and again. It changes no message."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.engine.kernel.errors import Fault
from assay.interfaces.cli.running.configuring import refuse
from assay.interfaces.cli.running.streams.options import (
    Broker,
    Config,
    Dead,
    Servers,
    known_broker,
    named,
    stream_settings,
)
from assay.interfaces.cli.terminal import counted, print_table, print_title, printable, wrong_use

if TYPE_CHECKING:
    from assay.interfaces.stream.letters import Letter, Letters

dead = typer.Typer(help="Look at messages that could not be decided, and send them again.", no_args_is_help=True)
_MOST = 100_000
_Places = Annotated[list[str] | None, typer.Argument(metavar="[PLACE]...", help="As `list` shows them.")]


@dead.command("list")
def list_letters(
    broker: Broker,
    servers: Servers = None,
    subject: Dead = None,
    most: Annotated[int, typer.Option(min=1, max=_MOST, help="How many at most.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a dead letter.")] = False,
    config: Config = None,
) -> None:
    """List dead letters. Ends with 1 where there are any that were not sent again."""
    found = asyncio.run(_all(broker, servers, subject, config, most))
    if as_json:
        for letter in found:
            print(json.dumps(_mapping(letter)))
    elif found:
        print_table(("place", "set aside", "message", "deliveries", "why"), [_row(letter) for letter in found])
    waiting = sum(not letter.retried for letter in found)
    if not as_json:
        print(counted(waiting, "dead letter") + (f"; the first {most} are shown" if len(found) >= most else ""))
    raise typer.Exit(1 if waiting else 0)


@dead.command("show")
def show(
    broker: Broker,
    place: Annotated[str, typer.Argument(metavar="PLACE", help="As `list` shows it.")],
    servers: Servers = None,
    subject: Dead = None,
    raw: Annotated[bool, typer.Option("--raw", help="Only the message, byte by byte.")] = False,
    config: Config = None,
) -> None:
    """Show one dead letter: why it could not be decided, and its bytes."""
    (letter,) = asyncio.run(_some(broker, servers, subject, config, [place]))
    if raw:
        sys.stdout.buffer.write(letter.content or b"")
        return
    print_title(printable(f"{letter.place}: {letter.source}"))
    print(
        printable(f"came by {letter.subject}, set aside {letter.at}, handed over {counted(letter.delivered, 'time')}")
    )
    for fault in letter.faults:
        field = f"`{fault.field}`: " if fault.field and f"`{fault.field}`" not in fault.words else ""
        print(printable(f"{fault.slug}: {field}{fault.words}"))
    if letter.left_out:
        print("its bytes were too many to be kept here; they are where the message stood")
    elif letter.content is None:
        print("it has no content")
    else:
        print(f"{counted(len(letter.content), 'byte')}:")
        print("\n".join(map(printable, letter.content.decode("utf-8", "replace").split("\n"))))


@dead.command("retry")
def retry(
    broker: Broker,
    places: _Places = None,
    all_of_them: Annotated[bool, typer.Option("--all", help="Every dead letter that was not sent again.")] = False,
    servers: Servers = None,
    subject: Dead = None,
    config: Config = None,
) -> None:
    """Send dead letters again where they came by, as they came."""
    if bool(places) == all_of_them:
        wrong_use("name the dead letters to send again, or `--all`")
    done = asyncio.run(_retry(broker, servers, subject, config, places or None))
    print(f"{counted(done, 'message')} sent again")


async def _all(
    broker: str, servers: list[str] | None, subject: str | None, config: Path | None, most: int
) -> Sequence[Letter]:
    letters = await _open(broker, servers, subject, config)
    try:
        return _or_refuse(await letters.letters(most))
    finally:
        await letters.close()


async def _some(
    broker: str, servers: list[str] | None, subject: str | None, config: Path | None, places: Sequence[str]
) -> list[Letter]:
    letters = await _open(broker, servers, subject, config)
    try:
        return await _named(letters, places)
    finally:
        await letters.close()


async def _retry(
    broker: str, servers: list[str] | None, subject: str | None, config: Path | None, places: Sequence[str] | None
) -> int:
    letters = await _open(broker, servers, subject, config)
    try:
        if places is None:
            found = _or_refuse(await letters.letters(_MOST))
            wanted = [letter for letter in found if not letter.retried and not letter.left_out]
        else:
            wanted = await _named(letters, dict.fromkeys(places), again=True)
        done = await letters.retry(wanted)
    finally:
        await letters.close()
    if isinstance(done, Fault):
        refuse([done])
    return done


async def _named(letters: Letters, places: Sequence[str] | dict[str, None], *, again: bool = False) -> list[Letter]:
    found = []
    for place in places:
        letter = await letters.letter(place)
        if letter is None:
            wrong_use(f"there is no dead letter at `{place}`; `assay dead list` shows where they are")
        if again and letter.left_out:
            wrong_use(f"the bytes of `{place}` were too many to be kept; publish them again from where they came")
        found.append(letter)
    return found


async def _open(broker: str, servers: list[str] | None, subject: str | None, config: Path | None) -> Letters:
    kind = known_broker(broker)
    settings = stream_settings(config, named(f"stream.{kind}", {"servers": servers, "dead": subject}))
    if kind == "nats":
        from assay.interfaces.stream.jetstream.publishing import JetStreamLetters

        opened = await JetStreamLetters.open(settings.nats)
        if isinstance(opened, Fault):
            refuse([opened])
        return opened
    from assay.interfaces.stream.kafka.publishing import KafkaLetters

    return KafkaLetters(settings.kafka)


def _or_refuse(found: Sequence[Letter] | Fault) -> Sequence[Letter]:
    if isinstance(found, Fault):
        refuse([found])
    return found


def _row(letter: Letter) -> tuple[str, ...]:
    first, *others = letter.faults
    more = f" (and {len(others)} more)" if others else ""
    again = "sent again: " if letter.retried else ""
    return letter.place, letter.at, letter.source, str(letter.delivered), f"{again}{first.slug}: {first.words}{more}"


def _mapping(letter: Letter) -> dict[str, object]:
    return {
        "place": letter.place,
        "source": letter.source,
        "subject": letter.subject,
        "at": letter.at,
        "delivered": letter.delivered,
        "retried": letter.retried,
        "bytes": None if letter.content is None else len(letter.content),
        "faults": [{"slug": one.slug, "reason": one.words, "field": one.field} for one in letter.faults],
    }
