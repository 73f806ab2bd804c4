"""Every route of the service, in one table: the app, OpenAPI and the guard's gates are held to it. It answers none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from assay.interfaces.service.exchange import Receive, Scope
from assay.interfaces.service.openapi.operations import OPERATIONS
from assay.interfaces.service.parts import Parts
from assay.interfaces.service.problems import Send
from assay.interfaces.service.routes.bundles import release_brake, roll_back, show_brakes, show_bundles, unpin
from assay.interfaces.service.routes.deciding.batches import Batches
from assay.interfaces.service.routes.deciding.decisions import Decisions
from assay.interfaces.service.routes.health import show_alive, show_metrics, show_ready
from assay.interfaces.service.routes.plain import plain
from assay.interfaces.service.routes.published import show_openapi, show_schema
from assay.interfaces.service.routes.questions import QUERY, ask_questions

# Answers a request and returns the status that it was answered with.
Endpoint: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path.

    name   short, for metrics and for generated clients
    make   the endpoint, from the parts of a running service
    """

    method: str
    path: str
    name: str
    make: Callable[[Parts], Endpoint]


def _route(name: str, make: Callable[[Parts], Endpoint]) -> Route:
    """A route that OpenAPI has; what it says there is where it stands."""
    return Route(OPERATIONS[name].method, OPERATIONS[name].path, name, make)


ROUTES: tuple[Route, ...] = (
    _route("decide", Decisions),
    _route("decide_batch", Batches),
    _route("ask_questions", plain(ask_questions, query=QUERY, reads=True)),
    _route("show_bundles", plain(show_bundles)),
    _route("roll_back", plain(roll_back, reads=True)),
    _route("unpin", plain(unpin, reads=True)),
    _route("show_brakes", plain(show_brakes)),
    _route("release_brake", plain(release_brake, reads=True)),
    _route("show_schema", plain(show_schema)),
    _route("show_openapi", plain(show_openapi)),
    _route("show_alive", plain(show_alive)),
    _route("show_ready", plain(show_ready)),
    _route("show_metrics", plain(show_metrics)),
)
