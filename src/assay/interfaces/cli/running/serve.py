"""`assay serve`: the decision service, from one command. It shows a token once, when it makes one, and never again."""

from __future__ import annotations

import errno
import gc
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.interfaces.cli.running.configuring import refuse, settings_option, show_settings
from assay.interfaces.cli.terminal import printable, wrong_use

if TYPE_CHECKING:
    from assay.interfaces.settings.reading import Settings

# Where bundles, events and brakes are remembered when no file of settings says it.
STATE, STATE_VARIABLE = Path("state"), "ASSAY_BUNDLES__STATE"
FIRST_CLIENT = "first"
# An operator's scope is given on purpose only: whoever has it can change what decides.
FIRST_SCOPES = ("decide", "scan", "read")
FIRST_ITEM = '{"id": "upload-1", "signals": {}}'


def serve(
    pack: Annotated[Path | None, typer.Option(help="Decide with the pack in this folder, unsigned.")] = None,
    bundles: Annotated[str | None, typer.Option(help="Where signed bundles come from: a channel or a file.")] = None,
    keys: Annotated[Path | None, typer.Option(help="The folder of public keys that may sign bundles.")] = None,
    records: Annotated[Path | None, typer.Option(help="The folder for decision records.")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on; 127.0.0.1 if absent.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file with settings.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check the settings, show where each comes from, and end.")
    ] = False,
) -> None:
    """Decide items over HTTP. Ends with 2 where it cannot start."""
    with _loading():
        _load_logging()
        from assay.interfaces.cli.running.rooms import consumer_rooms, service_rooms

        rooms = service_rooms()
    known = {room.table for room in rooms}
    beside = [room for room in consumer_rooms() if room.table not in known]
    settings = settings_option(config, rooms, _given(config, pack, bundles, keys, records, host, port), beside)
    if check:
        show_settings(settings)
        return
    _check_port(settings)
    token = _first_token(settings, make=config is None)
    _run(settings, token)


@contextmanager
def _loading() -> Iterator[None]:
    """A restart waits for what is loaded, and a thousand modules hold no garbage to look for."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _load_logging() -> None:
    """Load structlog without rich, which it would load for a developer's output that a service never writes."""
    if "rich" in sys.modules or "structlog" in sys.modules:
        return
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import structlog  # noqa: F401 (loaded here, and used by those that log)
    finally:
        del sys.modules["rich"]


def _given(
    config: Path | None,
    pack: Path | None,
    bundles: str | None,
    keys: Path | None,
    records: Path | None,
    host: str | None,
    port: int | None,
) -> dict[str, object]:
    """What the options say, by the settings that they are for."""
    if pack is not None and bundles is not None:
        wrong_use("give a pack or a source of bundles, not both")
    if pack is not None and not (pack / "pack.yaml").is_file():
        wrong_use(f"there is no pack in `{pack}`; a pack is a folder with a `pack.yaml`")
    given: dict[str, object] = {}
    if pack is not None:
        given = {"bundles.source": str(pack), "bundles.allow_unsigned": True}
    if config is None and STATE_VARIABLE not in os.environ:
        given["bundles.state"] = STATE
    named = {
        "bundles.source": bundles,
        "bundles.keys": keys,
        "store.folder": records,
        "service.host": host,
        "service.port": port,
    }
    return {**given, **{place: value for place, value in named.items() if value is not None}}


def _check_port(settings: Settings) -> None:
    """Whether the address can be listened on, before anything is loaded or written."""
    from assay.interfaces.service.settings import ServiceSettings

    service = settings.of(ServiceSettings)
    if service.unix_socket is not None:
        return
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            service.host, service.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            wrong_use(
                f"port {service.port} of {service.host} is in use; choose another with --port, or 0 for a free one"
            )
        why = (error.strerror or "it is no address").lower()
        wrong_use(f"nothing can listen on port {service.port} of `{service.host}`: {why}")


def _first_token(settings: Settings, *, make: bool) -> str | None:
    """A token where there is none yet: made for a first try; what runs by a settings file is given its own."""
    from assay.interfaces.service.guard.book import make_token
    from assay.interfaces.service.guard.settings import GuardSettings

    tokens = settings.of(GuardSettings).tokens
    if tokens.exists():
        return None
    if not make:
        wrong_use(f"there is no file of tokens at `{tokens}`; `assay token create` makes one")
    made = make_token(tokens, FIRST_CLIENT, FIRST_SCOPES)
    if isinstance(made, list):
        refuse(made)
    return made.credential


def _run(settings: Settings, token: str | None) -> None:
    with _loading():
        from assay.interfaces.service.serving import serve as run

    def started(address: str) -> None:
        # Whoever started it may have stopped reading, as `head` does; it serves others.
        with suppress(OSError):
            for line in _first_steps(settings, address, token):
                print(line, flush=True)

    ended = run(settings, started)
    if isinstance(ended, list):
        refuse(ended)
    raise typer.Exit(ended)


def _first_steps(settings: Settings, address: str, token: str | None) -> list[str]:
    """What a person sees first: where it listens, the token if it is new, and a request that works."""
    from assay.interfaces.deciding.live.settings import BundleSettings
    from assay.interfaces.service.guard.settings import GuardSettings
    from assay.interfaces.stores.settings import StoreSettings

    store, guard = settings.of(StoreSettings), settings.of(GuardSettings)
    where = f"in {store.folder}" if store.kind == "segments" else f"by {store.kind}"
    lines = [
        f"assay decides at {address}",
        f"  by       {settings.of(BundleSettings).source}",
        f"  records  {where} ({store.durability} before a decision is answered)",
    ]
    if token is None:
        lines.append(f"  tokens   in {guard.tokens}; `assay token create` makes another")
        shown = "$ASSAY_TOKEN"
    else:
        lines += [f"  token    {token}", f"           kept as a digest in {guard.tokens}, and not shown again"]
        shown = token
    lines = [printable(line) for line in lines]
    path, socket_option = f"{address}/v1/decisions", ""
    if address.startswith("unix:"):
        path, socket_option = "http://localhost/v1/decisions", f"--unix-socket {address.removeprefix('unix:')} "
    return [
        *lines,
        "",
        "try it:",
        f"  curl -s {socket_option}{path} -H 'Authorization: Bearer {shown}' \\".replace("'", '"'),
        f"    -H \"Content-Type: application/json\" -d '{FIRST_ITEM}'",
        "",
        "Ctrl-C ends it, after what is on its way is answered.",
    ]
