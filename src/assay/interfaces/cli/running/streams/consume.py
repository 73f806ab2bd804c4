"""`assay consume`: items from a broker, decisions out, until it is told to stop. It reads no message itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from assay.interfaces.cli.running.configuring import refuse, show_settings
from assay.interfaces.cli.running.streams.options import Config, Dead, Servers, consumer_settings, known_broker, named
from assay.interfaces.cli.terminal import counted, printable, wrong_use

if TYPE_CHECKING:
    from assay.interfaces.settings.reading import Settings
    from assay.interfaces.stream.counts import Counts
    from assay.interfaces.stream.serving import Running

consume = typer.Typer(help="Decide items from a stream.", no_args_is_help=True)

_Pack: TypeAlias = Annotated[Path | None, typer.Option(help="Decide with the pack in this folder, unsigned.")]
_Bundles: TypeAlias = Annotated[str | None, typer.Option(help="Where signed bundles come from: a channel or a file.")]
_Keys: TypeAlias = Annotated[Path | None, typer.Option(help="The folder of public keys that may sign bundles.")]
_Records: TypeAlias = Annotated[Path | None, typer.Option(help="The folder for decision records.")]
_Port: TypeAlias = Annotated[int | None, typer.Option(help="The port of health and metrics; 0 for none.")]
_Ca: TypeAlias = Annotated[Path | None, typer.Option(help="PEM certificates that the broker's is checked against.")]
_Certificate: TypeAlias = Annotated[Path | None, typer.Option(help="Our own certificate, in PEM.")]
_Key: TypeAlias = Annotated[Path | None, typer.Option(help="The private key of our certificate, in PEM.")]
_Check: TypeAlias = Annotated[
    bool, typer.Option("--check", help="Check the settings, show where each comes from, and end.")
]


@consume.command("nats")
def from_nats(  # noqa: PLR0913 (its options)
    pack: _Pack = None,
    bundles: _Bundles = None,
    keys: _Keys = None,
    records: _Records = None,
    servers: Servers = None,
    stream: Annotated[str | None, typer.Option(help="The stream that items are taken from.")] = None,
    subject: Annotated[str | None, typer.Option(help="The subject of items.")] = None,
    durable: Annotated[str | None, typer.Option(help="The durable consumer's name.")] = None,
    output: Annotated[str | None, typer.Option(help="The subject of decisions.")] = None,
    dead: Dead = None,
    partitions: Annotated[int | None, typer.Option(help="How many partitioned subjects there are.")] = None,
    only: Annotated[str | None, typer.Option(help="Take only these partitions, as in 0,1,2.")] = None,
    create: Annotated[bool, typer.Option("--create", help="Make the streams that are missing.")] = False,
    credentials: Annotated[Path | None, typer.Option(help="A file with the user's JWT and seed.")] = None,
    ca: _Ca = None,
    certificate: _Certificate = None,
    key: _Key = None,
    port: _Port = None,
    config: Config = None,
    check: _Check = False,
) -> None:
    """Decide items from NATS JetStream. Ends with 2 where it cannot begin."""
    where = {"servers": servers, "credentials": credentials, "ca": ca, "certificate": certificate, "key": key}
    names = {"stream": stream, "subject": subject, "durable": durable, "output": output, "dead": dead}
    parts = None if only is None else [name.strip() for name in only.split(",") if name.strip()]
    lanes = {"partitions": partitions, "only": parts, "create": create or None}
    given = named("stream.nats", {**where, **names, **lanes})
    _consume("nats", config, {**given, **_of_any_broker(pack, bundles, keys, records, port)}, check=check)


@consume.command("kafka")
def from_kafka(  # noqa: PLR0913 (its options)
    pack: _Pack = None,
    bundles: _Bundles = None,
    keys: _Keys = None,
    records: _Records = None,
    servers: Servers = None,
    topic: Annotated[str | None, typer.Option(help="The topic that items are taken from.")] = None,
    group: Annotated[str | None, typer.Option(help="The consumer group that shares the work.")] = None,
    output: Annotated[str | None, typer.Option(help="The topic of decisions.")] = None,
    dead: Dead = None,
    security: Annotated[str | None, typer.Option(help="plaintext, tls, sasl or sasl-tls.")] = None,
    user: Annotated[str | None, typer.Option(help="The name to connect with; its password is a setting.")] = None,
    ca: _Ca = None,
    certificate: _Certificate = None,
    key: _Key = None,
    port: _Port = None,
    config: Config = None,
    check: _Check = False,
) -> None:
    """Decide items from Kafka. Ends with 2 where it cannot begin."""
    if security not in (None, "plaintext", "tls", "sasl", "sasl-tls"):
        wrong_use(f"`{security}` is no way to secure a connection; write plaintext, tls, sasl or sasl-tls")
    where = {"servers": servers, "security": security, "user": user, "ca": ca, "certificate": certificate, "key": key}
    names = {"topic": topic, "group": group, "output": output, "dead": dead}
    given = named("stream.kafka", {**where, **names})
    _consume("kafka", config, {**given, **_of_any_broker(pack, bundles, keys, records, port)}, check=check)


def _of_any_broker(
    pack: Path | None, bundles: str | None, keys: Path | None, records: Path | None, port: int | None
) -> dict[str, object]:
    if pack is not None and bundles is not None:
        wrong_use("give a pack or a source of bundles, not both")
    if pack is not None and not (pack / "pack.yaml").is_file():
        wrong_use(f"there is no pack in `{pack}`; a pack is a folder with a `pack.yaml`")
    unsigned = {} if pack is None else {"bundles.source": str(pack), "bundles.allow_unsigned": True}
    return {
        **unsigned,
        **named("bundles", {"source": bundles, "keys": keys}),
        **named("store", {"folder": records}),
        **named("stream", {"port": port}),
    }


def _consume(kind: Literal["nats", "kafka"], config: Path | None, given: Mapping[str, object], *, check: bool) -> None:
    known_broker(kind)
    settings = consumer_settings(config, given)
    if check:
        show_settings(settings)
        return
    _run(kind, settings)


def _run(kind: Literal["nats", "kafka"], settings: Settings) -> None:
    from assay.interfaces.stream.serving import consume as run

    ended = run(kind, settings, _say_begun)
    if isinstance(ended, list):
        refuse(ended)
    print(_sum_up(ended))


def _say_begun(running: Running) -> None:
    # Whoever started it may have stopped reading, as `head` does; it decides all the same.
    with suppress(OSError):
        print(printable(f"assay decides items from {running.source}"))
        if running.health:
            print(f"  health and metrics on port {running.health}: /healthz /readyz /metrics")
        print("Ctrl-C ends it, after the batch under way.", flush=True)


def _sum_up(counts: Counts) -> str:
    words = [f"{counts.decided:,} decided"]
    if counts.repeated:
        words.append(f"{counts.repeated:,} came again and were answered as before")
    if counts.dead:
        by_slug = json.dumps(dict(sorted(counts.dead.items())))[1:-1].replace('"', "")
        words.append(f"{counted(counts.dead.total(), 'dead letter')} ({by_slug})")
    return "; ".join(words)
