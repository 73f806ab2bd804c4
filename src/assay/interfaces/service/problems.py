"""What is answered where a request is refused: problem+json of RFC 9457. It never repeats what a body said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from assay.engine.kernel.errors import Fault

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

PROBLEM_TYPE = b"application/problem+json"
URN = "urn:assay:problem:"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is not answered as asked.

    slug     its kind, as `docs/guide/service.md` lists it
    detail   a sentence for the caller's engineers, which says the next step
    faults   all that is wrong, field by field, where a body could be read
    headers  that the answer carries beside its own
    """

    slug: str
    status: int
    detail: str
    faults: tuple[Fault, ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = ()


class BodyRefused(Exception):
    """Raised where a body is read that is too large or too slow; carries the problem to answer."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.slug)


def problem_body(problem: Problem, request: str) -> bytes:
    """The answer's bytes."""
    content: dict[str, object] = {
        "type": URN + problem.slug,
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "slug": problem.slug,
        "faults": faults_as_json(problem.faults),
        "request": request,
    }
    return msgspec.json.encode(content)


def faults_as_json(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Faults as answers show them."""
    return [
        {"slug": fault.slug, "reason": fault.words, **({"field": fault.field} if fault.field is not None else {})}
        for fault in faults
    ]


async def send_problem(send: Send, problem: Problem, request: str) -> None:
    """Answer a request with a problem."""
    body = problem_body(problem, request)
    headers = [
        (b"content-type", PROBLEM_TYPE),
        (b"content-length", str(len(body)).encode("ascii")),
        *problem.headers,
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
