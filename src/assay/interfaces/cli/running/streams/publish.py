"""`assay publish`: item records from a file to a broker, for trying streams out. It leaves deciding to consumers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.running.configuring import refuse
from assay.interfaces.cli.running.streams.options import Broker, Config, Servers, known_broker, named, stream_settings
from assay.interfaces.cli.terminal import Waiting, counted, wrong_use

if TYPE_CHECKING:
    from typing import BinaryIO

    from assay.interfaces.stream.publishing import Publisher
    from assay.interfaces.stream.settings import StreamSettings


def publish(
    broker: Broker,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Item records, one a line, or `-`.")],
    servers: Servers = None,
    subject: Annotated[str | None, typer.Option(help="The subject or topic of items.")] = None,
    partitions: Annotated[int | None, typer.Option(help="NATS: how many partitioned subjects there are.")] = None,
    create: Annotated[bool, typer.Option("--create", help="NATS: make the streams that are missing.")] = False,
    config: Config = None,
) -> None:
    """Publish item records. Ends with 2 where the broker does not take them."""
    kind = known_broker(broker)
    if kind == "nats":
        own = {"servers": servers, "subject": subject, "partitions": partitions, "create": create or None}
    else:
        own = {"servers": servers, "topic": subject}
    settings = stream_settings(config, named(f"stream.{kind}", own))
    from assay.interfaces.stream.publishing import ready

    with ExitStack() as stack:
        try:
            stream = sys.stdin.buffer if file == "-" else stack.enter_context(Path(file).open("rb"))
        except OSError as error:
            wrong_use(f"`{file}` cannot be opened: {(error.strerror or 'it cannot be read').lower()}")
        total = asyncio.run(_publisher(kind, settings).publish(ready(_shown(stream))))
    if not isinstance(total, int):
        refuse([total])
    print(f"{counted(total, 'item')} published")


def _shown(stream: BinaryIO) -> Iterator[bytes]:
    """The lines, with a bar for whoever waits."""
    lines: Iterable[bytes] = stream
    with Waiting("publishing", None) as waiting:
        for number, line in enumerate(lines, start=1):
            yield line
            waiting.reached(number)


def _publisher(kind: str, settings: StreamSettings) -> Publisher:
    if kind == "nats":
        from assay.interfaces.stream.jetstream.publishing import JetStreamPublisher

        return JetStreamPublisher(settings.nats)
    from assay.interfaces.stream.kafka.publishing import KafkaPublisher

    return KafkaPublisher(settings.kafka)
