"""What shares the service's address: it gets every request that is not the service's own. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from assay.interfaces.deciding.counting.sources import Sample
from assay.interfaces.service.exchange import App, Receive, Scope
from assay.interfaces.service.guard.heads import Numbering
from assay.interfaces.service.problems import Send

OWN = ("/healthz", "/readyz", "/metrics", "/v1")


class Beside(Protocol):
    """Another program on the same address, such as the workbench. What goes wrong in it stays in it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whose id stands in `scope["state"]["request"]`."""
        ...

    def start(self, address: str) -> None:
        """Begin to load; called once, when the service takes requests, and does not wait."""
        ...

    def close(self) -> None:
        """End what runs; called once, when the service has ended."""
        ...

    def samples(self) -> Iterable[Sample]:
        """What it counts, beside the service's own metrics."""
        ...


class Divided:
    """Sends a request to the service where its path is the service's own, else to what is beside it."""

    def __init__(self, service: App, beside: Beside) -> None:
        self._service, self._beside = service, beside
        self._numbering = Numbering()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, as it is."""
        if scope["type"] != "http" or is_own(scope["path"]):
            await self._service(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), None)
        state = scope.setdefault("state", {})
        state["request"] = self._numbering.of(given)
        await self._beside(scope, receive, send)


def is_own(path: str) -> bool:
    """Whether a path is the service's own, with everything below it."""
    return path.startswith(OWN) and (path in OWN or path.startswith("/v1/"))
