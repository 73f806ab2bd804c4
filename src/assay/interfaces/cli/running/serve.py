"""`assay serve`: the decision service and the workbench. It shows a token once, when it makes one, and never again."""

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
    from assay.interfaces.service.guard.beside import Beside
    from assay.interfaces.settings.reading import Settings

# Where bundles, events and brakes are remembered when no file of settings says it.
STATE, STATE_VARIABLE = Path("state"), "ASSAY_BUNDLES__STATE"
FIRST_CLIENT = "first"
# An operator's scope is given on purpose only: whoever has it can change what decides.
FIRST_SCOPES = ("decide", "scan", "read")
FIRST_ITEM = '{"id": "upload-1", "signals": {}}'


def serve(  # noqa: PLR0913 (each argument is an option of the command)
    pack: Annotated[Path | None, typer.Option(help="Decide with the pack in this folder, unsigned.")] = None,
    bundles: Annotated[str | None, typer.Option(help="Where signed bundles come from: a channel or a file.")] = None,
    keys: Annotated[Path | None, typer.Option(help="The folder of public keys that may sign bundles.")] = None,
    records: Annotated[Path | None, typer.Option(help="The folder for decision records.")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on; 127.0.0.1 if absent.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
    workbench: Annotated[
        bool | None, typer.Option("--workbench/--no-workbench", help="Whether to show the workbench beside it.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file with settings.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check the settings, show where each comes from, and end.")
    ] = False,
) -> None:
    """Decide items over HTTP, and show the workbench at the same address. Ends with 2 where it cannot start."""
    with _loading():
        _load_logging()
        from assay.interfaces.cli.running.rooms import consumer_rooms, service_rooms

        rooms = service_rooms()
    known = {room.table for room in rooms}
    beside = [room for room in consumer_rooms() if room.table not in known]
    given = _given(config, pack, bundles, keys, records, host, port)
    settings = settings_option(
        config, rooms, given if workbench is None else {**given, "workbench.enabled": workbench}, beside
    )
    if check:
        show_settings(settings)
        return
    _check_port(settings)
    token = _first_token(settings, make=config is None)
    _run(settings, token, _told_again(config, named_port=port is not None))


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


def _told_again(config: Path | None, *, named_port: bool) -> str:
    """What a second command must be told, to speak of the same workbench; `PORT` stands for the port."""
    return (f" --config {config}" if config is not None else "") + (" --port PORT" if named_port else "")


def _run(settings: Settings, token: str | None, again: str) -> None:
    with _loading():
        from assay.interfaces.service.serving import serve as run

    def started(address: str) -> None:
        # Whoever started it may have stopped reading, as `head` does; it serves others.
        with suppress(OSError):
            for line in _first_steps(settings, address, token, again):
                print(line, flush=True)

    ended = run(settings, started, _beside(settings))
    if isinstance(ended, list):
        refuse(ended)
    raise typer.Exit(ended)


def _beside(settings: Settings) -> Beside | None:
    """The workbench, which loads itself when the service takes requests; none where it is switched off."""
    from assay.interfaces.service.guard.settings import GuardSettings
    from assay.interfaces.web.settings import WorkbenchSettings

    if not settings.of(WorkbenchSettings).enabled:
        return None
    with _loading():
        from assay.interfaces.web.mounted.workbench import Workbench

    return Workbench(settings, settings.of(GuardSettings).allowed_hosts)


def _workbench_lines(settings: Settings, address: str, again: str) -> list[str]:
    """Where people open the workbench, and how the first of them gets in."""
    from assay.interfaces.web.settings import WorkbenchSettings
    from assay.interfaces.web.site.databases import sqlite_file
    from assay.interfaces.web.site.given import as_browsers_call

    workbench = settings.of(WorkbenchSettings)
    if not workbench.enabled:
        return []
    opens = workbench.public_address or as_browsers_call(address)
    if not opens:
        return ["the workbench needs `workbench.public_address`, behind a proxy before the socket"]
    lines = [f"the workbench opens at {opens}"]
    file = sqlite_file(workbench.database_url)
    if file is None:
        lines.append("  people   in PostgreSQL; `assay workbench migrate` makes the tables of a new database")
    elif Path(file).exists():
        lines.append(f"  people   in {file}")
    else:
        again = again.replace("PORT", address.rpartition(":")[2])
        lines.append(f"  people   in {file}, which is new; the first one comes in by:")
        lines.append(f"           assay workbench administrator EMAIL{again}")
    return lines


def _first_steps(settings: Settings, address: str, token: str | None, again: str) -> list[str]:
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
    lines = [printable(line) for line in [*lines, *_workbench_lines(settings, address, again)]]
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
