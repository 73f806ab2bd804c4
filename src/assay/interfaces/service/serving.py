"""Runs the decision service: one process, one loop, one address. It never stops with a decision half kept."""

from __future__ import annotations

import asyncio
import math
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog
import uvicorn
from starlette.applications import Starlette

from assay.engine.kernel.errors import Fault
from assay.interfaces.deciding.counting.metrics import Metrics
from assay.interfaces.service.app import build_app
from assay.interfaces.service.exchange import App
from assay.interfaces.service.guard.beside import Beside, Divided
from assay.interfaces.service.guard.guard import Guard
from assay.interfaces.service.guard.protocol import guarded_protocol
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.logs import set_up_logs
from assay.interfaces.service.opening import Opened, open_parts
from assay.interfaces.service.routes.table import ROUTES
from assay.interfaces.service.settings import ServiceSettings
from assay.interfaces.settings.reading import Settings

# A unix socket is for those of its folder's group; who may enter is decided by tokens all the same.
_SOCKET_MODE = 0o660
_STOPPED, _OUR_FAULT = 0, 3

Started = Callable[[str], None]


def serve(
    settings: Settings, started: Started = lambda address: None, beside: Beside | None = None
) -> int | list[Fault]:
    """Serve until told to stop by SIGTERM or SIGINT; or all that keeps the service from starting.

    started  is told the address as soon as requests are taken
    beside   another program for every path that is not the service's own
    returns  0 where it was told to stop, 3 where it could not begin or end as it should
    """
    service = settings.of(ServiceSettings)
    set_up_logs(service.log_level)
    listening = _listen(service)
    if isinstance(listening, Fault):
        return [listening]
    try:
        with listening:
            opened = open_parts(settings)
            return opened if isinstance(opened, list) else _run(settings, opened, listening, started, beside)
    finally:
        if service.unix_socket is not None:
            service.unix_socket.unlink(missing_ok=True)


def _run(settings: Settings, opened: Opened, listening: socket.socket, started: Started, beside: Beside | None) -> int:
    log, address, live = structlog.get_logger("assay.service"), _address(listening), opened.parts.live

    def tell() -> None:
        status = live.status()
        log.info("started", address=address, bundle=live.lineup.current.digest)
        if status.from_state:
            # Or who starts it would believe that the source they named decides.
            why = "the source gave nothing usable" if status.last_fault is None else status.last_fault.words
            log.warning("from-state", reason=why, words="it decides by the bundle that it had kept")
        started(address)
        if beside is not None:
            beside.start(address)

    if beside is not None and isinstance(opened.parts.meter, Metrics):
        opened.parts.meter.also(beside.samples)
    server = _Server(_configuration(settings, opened, beside), tell)
    try:
        with _signals_noted():
            server.run(sockets=[listening])
    finally:
        # It is done already, unless somebody insisted and the server left without its usual end.
        opened.close()
        if beside is not None:
            beside.close()
    log.info("stopped")
    return _STOPPED if server.has_begun else _OUR_FAULT


def guarded_app(settings: Settings, opened: Opened) -> App:
    """The whole service as an ASGI app; its end closes the parts."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        # Inside the loop, since a store may still have to wake whoever waits for it.
        await asyncio.to_thread(opened.close)

    app: App = build_app(opened.parts, more=opened.routes, lifespan=lifespan)
    if opened.traces is not None:
        app = opened.traces.app(app, frozenset(route.path for route in (*ROUTES, *opened.routes)))
    return Guard(app, opened.book, settings.of(GuardSettings))


def _configuration(settings: Settings, opened: Opened, beside: Beside | None) -> uvicorn.Config:
    service, app = settings.of(ServiceSettings), guarded_app(settings, opened)
    return uvicorn.Config(
        app if beside is None else Divided(app, beside),
        loop="uvloop",
        http=guarded_protocol(settings.of(GuardSettings)),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=service.backlog,
        timeout_keep_alive=service.keep_alive_seconds,
        timeout_graceful_shutdown=math.ceil(service.shutdown_seconds),
    )


class _Server(uvicorn.Server):
    """A server that says when it takes requests."""

    def __init__(self, configuration: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(configuration)
        self._tell = tell
        self.has_begun = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.has_begun = self.started
        if self.started:
            self._tell()


def _listen(service: ServiceSettings) -> socket.socket | Fault:
    """The socket, bound before anything is opened, so that nothing is touched where the address is taken."""
    try:
        if service.unix_socket is not None:
            return _listen_on(service.unix_socket)
        family, kind, protocol, _, address = socket.getaddrinfo(
            service.host, service.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, protocol)
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
        except OSError:
            found.close()
            raise
    except OSError as error:
        why = (error.strerror or "it is no address").lower()
        where = service.unix_socket or f"port {service.port} of {service.host}"
        return Fault("cannot-listen", f"nothing can listen on `{where}`: {why}", "service.port")
    return found


def _listen_on(path: Path) -> socket.socket:
    """A unix socket. One that a killed process left is put away, one that somebody listens on is not."""
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket() and not _answers(path):
            path.unlink()
        found.bind(str(path))
        path.chmod(_SOCKET_MODE)
    except OSError:
        found.close()
        raise
    return found


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        try:
            trial.connect(str(path))
        except ConnectionRefusedError:
            return False
    return True


def _address(listening: socket.socket) -> str:
    name = listening.getsockname()
    if isinstance(name, str):
        return f"unix:{name}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}"


@contextmanager
def _signals_noted() -> Iterator[None]:
    """The server raises the signal that stopped it once more when it is done; that must not kill the process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    stops = (signal.SIGTERM, signal.SIGINT)
    before = {each: signal.signal(each, lambda number, frame: None) for each in stops}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
