"""Health and metrics of a consumer over HTTP, on a thread of its own. It answers three addresses and takes nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, Protocol
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from assay.engine.kernel.errors import Fault
from assay.interfaces.stream.counts import Counts

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_SLOWEST_SECONDS = 5
# How long leaving may take.
_BETWEEN_LOOKS = 0.05


class Rendered(Protocol):
    """The part of the metrics that is shown."""

    @property
    def content_type(self) -> str:
        """Of what `render` gives."""
        ...

    def render(self) -> bytes:
        """All metrics as text."""
        ...


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    # Whoever connects and says nothing is let go.
    timeout = _SLOWEST_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
        """A consumer's log is its events."""


class Health:
    """Answers `/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, counts: Counts, metrics: Rendered | None, reasons: Callable[[], list[Fault]]) -> None:
        self._counts, self._metrics, self._reasons = counts, metrics, reasons
        self._server: _Server | None = None

    def start(self, host: str, port: int) -> Fault | None:
        """Listen; or why nothing can listen there."""
        try:
            server = _Server((host, port), _Handler)
        except (OSError, OverflowError) as error:
            why = (getattr(error, "strerror", None) or "it is no address").lower()
            return Fault("no-port", f"nothing can listen on port {port} of `{host}`: {why}", "port")
        server.set_app(self._answer)
        self._server = server
        threading.Thread(target=server.serve_forever, args=(_BETWEEN_LOOKS,), name="assay-health", daemon=True).start()
        return None

    @property
    def port(self) -> int:
        """The port that is listened on; 0 where there is none."""
        return 0 if self._server is None else self._server.server_port

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _answer(self, environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        status, kind, body = self._answered(environment.get("REQUEST_METHOD", ""), environment.get("PATH_INFO", ""))
        safe = [("Content-Type", kind), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        start(status, [*safe, ("Content-Length", str(len(body)))])
        return [b"" if environment.get("REQUEST_METHOD") == "HEAD" else body]

    def _answered(self, method: str, path: str) -> tuple[str, str, bytes]:
        if method not in ("GET", "HEAD"):
            return "405 Method Not Allowed", "application/json", b'{"slug":"method-not-allowed"}'
        match path:
            case "/healthz":
                return "200 OK", "application/json", b'{"alive":true}'
            case "/readyz":
                reasons = self._reasons()
                shown = [{"slug": fault.slug, "reason": fault.words} for fault in reasons]
                body = {"ready": not reasons, "reasons": shown, **self._counts.as_mapping()}
                return _status(ready=not reasons), "application/json", json.dumps(body).encode()
            case "/metrics" if self._metrics is not None:
                return "200 OK", self._metrics.content_type, self._metrics.render()
            case _:
                return "404 Not Found", "application/json", b'{"slug":"not-found"}'


def _status(*, ready: bool) -> str:
    return "200 OK" if ready else "503 Service Unavailable"
