"""What each path asks of whoever comes: a scope, and how large a body may be. It knows no handler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a token allows."""

    DECIDE = "decide"
    SCAN = "scan"
    READ = "read"
    OPERATE = "operate"


class Body(StrEnum):
    """What kind of body a path takes, which decides how much of it is read."""

    NONE = "none"
    SINGLE = "single"
    BATCH = "batch"
    SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Gate:
    """What one path asks.

    scope   that the token must have; None opens the path to everybody
    items   that a request counts as; the lines of a batch are counted as they come
    stored  whether a caller may keep the answer and ask whether it still holds
    """

    scope: Scope | None
    body: Body = Body.NONE
    items: int = 0
    stored: bool = False


# A path that is not here wants a token of any scope, so that only a client is told what exists and what does not.
GATES: Mapping[str, Gate] = {
    "/healthz": Gate(None),
    "/readyz": Gate(None),
    "/metrics": Gate(Scope.READ),
    "/v1/schema": Gate(Scope.READ, stored=True),
    "/v1/openapi.json": Gate(Scope.READ, stored=True),
    "/v1/bundle": Gate(Scope.READ),
    "/v1/brakes": Gate(Scope.READ),
    "/v1/decisions": Gate(Scope.DECIDE, Body.SINGLE, items=1),
    "/v1/decisions:batch": Gate(Scope.DECIDE, Body.BATCH),
    "/v1/questions": Gate(Scope.DECIDE, Body.SINGLE, items=1),
    "/v1/scan": Gate(Scope.SCAN, Body.SCAN),
    "/v1/bundle:rollback": Gate(Scope.OPERATE, Body.SINGLE),
    "/v1/bundle:unpin": Gate(Scope.OPERATE, Body.SINGLE),
    "/v1/brakes:release": Gate(Scope.OPERATE, Body.SINGLE),
}
