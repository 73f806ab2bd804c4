"""The guard: ASGI around the service, which lets in who may come, as often as they may. It never reads an item."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from assay.interfaces.service.guard.bodies import Passage, Receive, Watch, too_large
from assay.interfaces.service.guard.book import TokenBook
from assay.interfaces.service.guard.gates import GATES, Body, Gate, Scope
from assay.interfaces.service.guard.heads import Hosts, Numbering, declared_length, doubled
from assay.interfaces.service.guard.rates import Meter
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.guard.tokens import Token
from assay.interfaces.service.kinds import refused
from assay.interfaces.service.problems import BodyRefused, Message, Problem, Send, send_problem

HttpScope = MutableMapping[str, Any]
App = Callable[[HttpScope, Receive, Send], Awaitable[None]]

# A body up to this size is read to its end even where its request is refused, so that the connection can go on.
READ_ANYWAY = 64 * 1024
_COMMON = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_PASSING = [*_COMMON, (b"cache-control", b"no-store")]
_STORED = [*_COMMON, (b"cache-control", b"private, no-cache")]
_ANYTHING = Gate(None, Body.SINGLE)
_CLOSE = (b"connection", b"close")
_SECOND = (b"retry-after", b"1")

_NO_TOKEN = refused(
    "unauthorized",
    "this needs a token; send it as `Authorization: Bearer assay_…`",
    headers=((b"www-authenticate", b'Bearer realm="assay"'),),
)
_BAD_TOKEN = refused(
    "unauthorized",
    "this token is not known, or holds no more; ask the operator of the service for another",
    headers=((b"www-authenticate", b'Bearer realm="assay", error="invalid_token"'),),
)
_BAD_HOST = refused("bad-host", "the service is not called by this name; its operator sets `allowed_hosts`")
_CROSS_ORIGIN = refused("cross-origin", "the service answers no page of another origin; call it from a server")
_BUSY = refused("busy", "too many requests are under way; try again in a moment", headers=(_SECOND,))


class Guard:
    """ASGI middleware.

    It leaves in `scope["state"]` who asks (`client`, by name), the id of the `token`, and the id of the `request`;
    on a path that is open to everybody, `client` and `token` are empty unless a token with the scope `read` came along.
    """

    def __init__(
        self, app: App, book: TokenBook, settings: GuardSettings, gates: Mapping[str, Gate] | None = None
    ) -> None:
        self._app, self._book, self._settings = app, book, settings
        self._gates = dict(GATES if gates is None else gates)
        if settings.open_metrics and "/metrics" in self._gates:
            self._gates["/metrics"] = Gate(None)
        self._limits = {
            Body.NONE: settings.single_bytes,
            Body.SINGLE: settings.single_bytes,
            Body.BATCH: settings.batch_bytes,
            Body.SCAN: settings.scan_bytes,
        }
        self._hosts = Hosts(settings.allowed_hosts)
        self._numbering = Numbering()
        self._watch = Watch(settings)
        self._meters: dict[str, Meter] = {}
        self._under_way = 0

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._otherwise(scope, receive, send)
            return
        named = dict(scope["headers"])
        gate = self._gates.get(scope["path"], _ANYTHING)
        request = self._numbering.of(named.get(b"x-request-id"))
        mine = [*(_STORED if gate.stored else _PASSING), (b"x-request-id", request.encode("ascii"))]
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", ()), *mine]
            await send(message)

        state = scope.setdefault("state", {})
        state["request"], state["client"], state["token"] = request, "", ""
        meter = self._admitted(scope, named, gate)
        if isinstance(meter, Problem):
            await send_problem(answer, _closing(meter, named), request)
            return
        if meter is None:
            await self._app(scope, receive, answer)
            return
        if gate.body is not Body.NONE:
            receive = Passage(receive, gate.body, self._limits[gate.body], meter, self._watch).receive
        meter.under_way += 1
        self._under_way += 1
        try:
            await self._app(scope, receive, answer)
        except BodyRefused as stopped:
            # Where the answer has begun nothing can be said any more; the server then cuts the connection.
            if not begun:
                await send_problem(answer, stopped.problem, request)
        finally:
            meter.under_way -= 1
            self._under_way -= 1

    def _admitted(self, scope: HttpScope, named: Mapping[bytes, bytes], gate: Gate) -> Meter | Problem | None:
        """The meter of the client that asks, None where anybody may; or the problem to answer."""
        problem = self._head_problem(scope, named, gate)
        if problem is not None:
            return problem
        authorization = named.get(b"authorization")
        token = self._book.find(authorization, time.time_ns() // 1000)
        if gate.scope is None and gate is not _ANYTHING:
            # Everybody is answered here, and whoever may read is told more.
            if token is not None and Scope.READ in token.scopes:
                scope["state"]["client"], scope["state"]["token"] = token.client, token.id
            return None
        if token is None:
            return _NO_TOKEN if authorization is None else _BAD_TOKEN
        if gate.scope is not None and gate.scope not in token.scopes:
            return _missing(gate)
        scope["state"]["client"], scope["state"]["token"] = token.client, token.id
        return self._metered(token, gate)

    def _head_problem(self, scope: HttpScope, named: Mapping[bytes, bytes], gate: Gate) -> Problem | None:
        headers = scope["headers"]
        if len(headers) > self._settings.head_fields:
            return refused("head-too-large", f"a request has {self._settings.head_fields} header fields at most")
        if len(named) < len(headers):
            problem = doubled(headers)
            if problem is not None:
                return problem
        if not self._hosts.accept(named.get(b"host")) and (gate.scope is not None or gate is _ANYTHING):
            return _BAD_HOST
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in named:
            return _CROSS_ORIGIN
        length = declared_length(named)
        limit = self._limits[gate.body]
        return too_large(limit) if length is not None and length > limit else None

    def _metered(self, token: Token, gate: Gate) -> Meter | Problem:
        now = time.monotonic()
        meter = self._meters.get(token.client)
        if meter is None:
            meter = self._meters[token.client] = Meter(self._settings, now)
        if self._under_way >= self._settings.all_requests:
            return _BUSY
        if meter.under_way >= self._settings.client_requests:
            words = f"a client may have {self._settings.client_requests:,} requests under way at once"
            return refused("rate-limited", words, headers=(_SECOND,))
        waiting = meter.requests.take(1, now)
        if waiting > 0:
            return _too_many("requests", self._settings.requests_per_second, waiting)
        if gate.items or gate.body is Body.BATCH:
            waiting = meter.items.take(gate.items, now)
            if waiting > 0:
                return _too_many("items", self._settings.items_per_second, waiting)
        return meter

    async def _otherwise(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Start and end of the server are the service's own; a socket that stays open is nobody's here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})


def _missing(gate: Gate) -> Problem:
    name = "" if gate.scope is None else gate.scope.value
    challenge = f'Bearer realm="assay", error="insufficient_scope", scope="{name}"'
    return refused(
        "forbidden",
        f"this needs a token with the scope `{name}`",
        headers=((b"www-authenticate", challenge.encode("ascii")),),
    )


def _too_many(what: str, rate: float, waiting: float) -> Problem:
    seconds = str(max(1, math.ceil(waiting))).encode("ascii")
    words = f"a client may send {rate:,.10g} {what} a second on average; wait, and send fewer"
    return refused("rate-limited", words, headers=((b"retry-after", seconds),))


def _closing(problem: Problem, named: Mapping[bytes, bytes]) -> Problem:
    """The problem, with the connection closed where reading what is left of the request could take long."""
    length = declared_length(named) or 0
    if _CLOSE in problem.headers or (b"transfer-encoding" not in named and length <= READ_ANYWAY):
        return problem
    return Problem(problem.slug, problem.status, problem.detail, problem.faults, (*problem.headers, _CLOSE))
