"""The ASGI app of the decision service: paths to routes, methods, faults of our own. It knows no token and no limit."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from assay.interfaces.service.exchange import App, ClientGone, Receive, Scope, request_id
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import BodyRefused, Message, Send, send_problem
from assay.interfaces.service.routes.table import ROUTES, Endpoint, Route

Lifespan: TypeAlias = Callable[[Starlette], AbstractAsyncContextManager[None]]
# What is counted where a client left before its answer; nobody was sent it.
CLIENT_GONE = 499
_INTERNAL = "a fault of ours kept the service from answering; the log names it under this request's id"
_DEEPEST_FRAMES = 8


def build_app(
    parts: Parts,
    *,
    more: Sequence[Route] = (),
    mounted: Sequence[BaseRoute] = (),
    lifespan: Lifespan | None = None,
) -> App:
    """The service as an ASGI app, without its guard.

    more      routes beside those of the table
    mounted   Starlette routes for paths that the table does not have
    lifespan  opens and closes what the app lives on
    """
    return _Front(
        parts, (*ROUTES, *more), Starlette(routes=list(mounted), lifespan=lifespan), any_mounted=bool(mounted)
    )


class _Front:
    """Finds the route of a request by its path as it stands. A router with patterns costs more than it finds here."""

    def __init__(self, parts: Parts, routes: Sequence[Route], below: App, *, any_mounted: bool) -> None:
        self._below, self._any_mounted = below, any_mounted
        self._answered = None if parts.meter is None else parts.meter.answered
        self._log = structlog.get_logger("assay.service")
        self._says_all = parts.settings.log_level == "debug"
        paths: dict[str, dict[str, tuple[str, Endpoint]]] = {}
        for route in routes:
            paths.setdefault(route.path, {})[route.method] = (route.name, route.make(parts))
        self._paths: Mapping[str, Mapping[str, tuple[str, Endpoint]]] = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand the app's beginning and end to Starlette."""
        methods = self._paths.get(scope["path"]) if scope["type"] == "http" else None
        if methods is None:
            if scope["type"] == "http" and not self._any_mounted:
                await send_problem(send, refused("not-found", "there is nothing at this path"), request_id(scope))
            else:
                await self._below(scope, receive, send)
            return
        found = methods.get(scope["method"])
        if found is None:
            found = methods.get("GET") if scope["method"] == "HEAD" else None
            if found is None:
                await _answer_method(scope, methods, send)
                return
        began = perf_counter()
        status = await self._answer(found[1], scope, receive, send)
        took = perf_counter() - began
        if self._answered is not None:
            self._answered(found[0], status, took)
        if self._says_all or status >= 500:
            self._say(found[0], status, took, scope)

    async def _answer(self, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> int:
        begun = _Begun(send)
        try:
            return await endpoint(scope, receive, begun)
        except ClientGone:
            return CLIENT_GONE
        except BodyRefused:
            # The guard, which raised it, answers it.
            raise
        except Exception as error:  # noqa: BLE001 (the outer edge of a request: recorded, and the next one is served)
            self._record(error, scope)
            if not begun.has_begun:
                await send_problem(send, refused("internal", _INTERNAL), request_id(scope))
                return 500
            # A half of an answer cannot be taken back: the server closes the connection, and the client knows.
            raise BrokenAnswer from None

    def _say(self, name: str, status: int, took: float, scope: Scope) -> None:
        note = self._log.warning if status >= 500 else self._log.debug
        note("answered", route=name, status=status, milliseconds=round(took * 1000, 3), request=request_id(scope))

    def _record(self, error: Exception, scope: Scope) -> None:
        """The kind and the place of a fault of ours. Its words may hold content of an item, so they are left out."""
        frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST_FRAMES:]
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        self._log.error("fault", kind=type(error).__name__, places=places, request=request_id(scope))


class BrokenAnswer(Exception):
    """An answer that had begun cannot be finished; what went wrong is in the log."""


class _Begun:
    """Sends, and knows whether an answer has begun."""

    __slots__ = ("_send", "has_begun")

    def __init__(self, send: Send) -> None:
        self._send, self.has_begun = send, False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)


async def _answer_method(scope: Scope, methods: Mapping[str, object], send: Send) -> None:
    """OPTIONS is answered by what there is, any other method that there is not by a problem."""
    there = sorted({*methods, "OPTIONS", *(("HEAD",) if "GET" in methods else ())})
    allow = ((b"allow", ", ".join(there).encode("ascii")),)
    if scope["method"] == "OPTIONS":
        await send({"type": "http.response.start", "status": 204, "headers": list(allow)})
        await send({"type": "http.response.body", "body": b""})
        return
    problem = refused("method-not-allowed", f"this path has {', '.join(there)}", (), allow)
    await send_problem(send, problem, request_id(scope))
