"""Every problem that the service answers, in one table that documentation and OpenAPI are held to. It answers none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.engine.kernel.errors import Fault
from assay.interfaces.service.problems import Problem

RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, and when it is answered, as the guide says it."""

    status: int
    words: str


KINDS: Mapping[str, Kind] = {
    # What the request itself has wrong.
    "broken-json": Kind(400, "the body is no JSON, has a key twice, or is nested too deeply"),
    "bad-parameter": Kind(400, "a query parameter is unknown, comes twice, or has a value that it cannot take"),
    "bad-header": Kind(400, "a header that the service reads comes twice or has a value that it cannot take"),
    "invalid-item": Kind(422, "the body is JSON and no item that the vocabulary of the bundle in use allows"),
    "invalid-request": Kind(422, "the body of a call lacks a field, has one too many, or names what is not there"),
    "unsupported-type": Kind(415, "the body is of a content type that the route does not read"),
    "unsupported-encoding": Kind(415, "the body is compressed; it is read as it is only"),
    "not-found": Kind(404, "there is nothing at this path"),
    "method-not-allowed": Kind(405, "the path has no such method; `Allow` names those it has"),
    # Requests that come again.
    "idempotency-mismatch": Kind(422, "the `Idempotency-Key` was used for another body"),
    # What an operator asks for and cannot have.
    "not-possible": Kind(409, "what an operator asks for cannot be done as things are; `faults` says why"),
    "not-configured": Kind(409, "this service runs without the part that the call is for"),
    # What the service cannot do now.
    "records-not-kept": Kind(
        503, "the record could not be made durable, so nothing is answered; `Retry-After` says when"
    ),
    "internal": Kind(500, "a fault of ours; it is in the log under the request's id"),
    # What the guard refuses.
    "unauthorized": Kind(401, "the token is missing, unknown, expired or revoked"),
    "forbidden": Kind(403, "the token lacks the scope that the route asks for"),
    "busy": Kind(503, "too much is under way; `Retry-After` says when to try again"),
    "rate-limited": Kind(429, "the client sends more than it may; `Retry-After` says when it may again"),
    "request-timeout": Kind(408, "the request came too slowly"),
    "body-too-large": Kind(413, "the body is longer than its route reads"),
    "head-too-large": Kind(431, "the head of the request is too long or has too many fields"),
    "malformed-request": Kind(400, "the request is no HTTP/1.1 that two readers would read alike"),
    "cross-origin": Kind(403, "a page of another origin asks; no page may"),
    "bad-host": Kind(421, "the `Host` names a name by which the service may not be called"),
}


def refused(
    slug: str, detail: str, faults: Sequence[Fault] = (), headers: tuple[tuple[bytes, bytes], ...] = ()
) -> Problem:
    """A problem of a kind that the table has."""
    return Problem(slug, KINDS[slug].status, detail, tuple(faults), headers)


def not_kept() -> Problem:
    """What is answered where a record could not be made durable. The store's own words are for operators."""
    again = ((b"retry-after", str(RETRY_SECONDS).encode("ascii")),)
    return refused(
        "records-not-kept", "the decision's record could not be kept, so it does not count; try again", (), again
    )
