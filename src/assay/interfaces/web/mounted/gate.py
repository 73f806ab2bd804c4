"""The site as an ASGI app with bounds: so many pages at once, so many waiting, bodies of a size. It makes no page."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import Any

import structlog
from a2wsgi import WSGIMiddleware

from assay.interfaces.web.mounted.bodies import ClientGone, given, has_body, read_body
from assay.interfaces.web.mounted.plain import (
    BAD_HEAD,
    BROKEN,
    BUSY,
    Message,
    Receive,
    Scope,
    Send,
    Trouble,
    send_trouble,
)
from assay.interfaces.web.mounted.sharing import Places, caller_of
from assay.interfaces.web.settings import WorkbenchSettings
from assay.interfaces.web.site.middleware.proxies import networks

MOST_FIELDS = 64
# So many pieces of an answer wait for a slow reader before the thread that makes them waits as well.
_PIECES_AHEAD = 64
Sample = tuple[str, tuple[str, ...], float]


class Gate:
    """Lets requests through to the site's threads, as many as the settings say."""

    def __init__(
        self, settings: WorkbenchSettings, application: Callable[..., Any], pages: Mapping[int, bytes]
    ) -> None:
        self._settings, self._pages = settings, pages
        self._site = WSGIMiddleware(application, workers=settings.threads, send_queue_size=_PIECES_AHEAD)
        self._log = structlog.get_logger("assay.workbench")
        most = settings.threads + settings.waiting
        # A body comes at once, as a rule, so that few at a time are enough for an office behind one address.
        self._reading = Places(settings.waiting, max(1, settings.waiting // 4))
        self._under_way = Places(most, max(1, most // 2))
        self._trusted = networks(settings.proxies)
        self._seconds = 0.0
        self._answers: Counter[int] = Counter()
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = perf_counter()
        watched = _Watched(send)
        trouble = await self._pass(scope, receive, watched)
        if trouble is not None and watched.status == 0:
            await send_trouble(watched, scope, trouble, self._pages)
        with self._lock:
            self._answers[watched.status] += 1
            self._seconds += perf_counter() - began

    async def _pass(self, scope: Scope, receive: Receive, send: _Watched) -> Trouble | None:
        if len(scope["headers"]) > MOST_FIELDS:
            return BAD_HEAD
        body: bytes | Trouble = b""
        caller = caller_of(scope, self._trusted)
        if has_body(scope):
            with self._reading.one(caller) as has_place:
                if not has_place:
                    return BUSY
                try:
                    body = await read_body(scope, receive, self._settings.body_bytes, self._settings.body_seconds)
                except ClientGone:
                    return None
        if isinstance(body, Trouble):
            return body
        with self._under_way.one(caller) as has_place:
            return await self._answered(scope, given(body, receive), send) if has_place else BUSY

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> Trouble | None:
        try:
            await self._site(_cleaned(scope), receive, send)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 (the outer edge of the workbench: recorded, and deciding goes on)
            self._log.error("fault", kind=type(error).__name__, request=scope["state"].get("request", ""))
            return BROKEN
        return None

    def samples(self) -> Iterator[Sample]:
        """What was answered so far."""
        with self._lock:
            answers, seconds = dict(self._answers), self._seconds
        yield from (("assay_workbench_requests", (str(status),), count) for status, count in answers.items() if status)
        yield "assay_workbench_seconds", (), seconds
        yield "assay_workbench_under_way", (), self._under_way.taken

    def close(self) -> None:
        """Take no more; what runs may finish."""
        self._site.executor.shutdown(wait=False, cancel_futures=True)


class _Watched:
    """Sends, and knows which status was sent."""

    def __init__(self, send: Send) -> None:
        self._send, self.status = send, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _cleaned(scope: Scope) -> Scope:
    """The request as WSGI may have it.

    There a name with `_` would be the same as one with `-`, and pass for a header that only a proxy may set.
    """
    return {
        **scope,
        "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name],
        # Who comes by a unix socket is on this machine.
        "client": scope.get("client") or ("127.0.0.1", 0),
    }
