"""A real server on a unix socket, in a thread, and plain bytes to and from it. It holds no test."""

from __future__ import annotations

import contextlib
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from assay.interfaces.service.guard.guard import App
from assay.interfaces.service.guard.protocol import guarded_protocol
from assay.interfaces.service.guard.settings import GuardSettings


@contextlib.contextmanager
def listening(app: App, settings: GuardSettings, keep_alive: int = 5) -> Iterator[Path]:
    """The app behind the guarded protocol; gives the path of the socket."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s"
        config = uvicorn.Config(
            app,
            uds=str(path),
            http=guarded_protocol(settings),
            ws="none",
            loop="uvloop",
            lifespan="off",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_config=None,
            timeout_keep_alive=keep_alive,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not server.started:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.01)
        try:
            yield path
        finally:
            server.should_exit = True
            thread.join(10)


@contextlib.contextmanager
def connected(path: Path, seconds: float = 10) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        connection.connect(str(path))
        yield connection


def until_closed(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    pieces = []
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            pieces.append(piece)
    return b"".join(pieces)


def answered(path: Path, request: bytes, seconds: float = 10) -> bytes:
    """What comes back for some bytes, until the server closes the connection."""
    with connected(path, seconds) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        return until_closed(connection)


def statuses(answer: bytes) -> list[int]:
    """The statuses of the answers in some bytes."""
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]
