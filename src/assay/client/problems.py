"""What the service refuses, and what kept it from answering, as exceptions. They carry no token and no content."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import httpx
import msgspec

PROBLEM_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with what was sent."""

    slug: str
    reason: str
    field: str | None = None


class Problem(Exception):
    """The service answered, and not with what was asked for.

    slug         names the kind of problem; the service's guide has a line for each
    status       of HTTP; 0 where there was no answer
    faults       everything that is wrong with an item
    request      the request's id, as the service's log has it
    retry_after  seconds after which the service wants to be asked again
    """

    def __init__(
        self,
        slug: str,
        detail: str,
        *,
        status: int = 0,
        faults: tuple[Fault, ...] = (),
        request: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.slug, self.detail, self.status = slug, detail, status
        self.faults, self.request, self.retry_after = faults, request, retry_after
        super().__init__(f"{slug}: {detail}" + (f" ({status})" if status else ""))


class Unreachable(Problem):
    """No answer came: no connection, or it broke off."""


class TimedOut(Unreachable):
    """No answer came in time."""


@dataclass(frozen=True, slots=True)
class _Body:
    """A problem's JSON (RFC 9457), as far as it is used."""

    slug: str = ""
    title: str = ""
    detail: str = ""
    faults: tuple[Fault, ...] = ()
    request: str | None = None


_DECODER = msgspec.json.Decoder(_Body)


def problem_of(response: httpx.Response, *, retry_after: float | None) -> Problem:
    """The problem that a response tells of; one from a proxy on the way has no slug of ours and gets `http-502`."""
    body = _Body()
    if response.headers.get("content-type", "").partition(";")[0].strip() == PROBLEM_TYPE:
        try:
            body = _DECODER.decode(response.content)
        except msgspec.DecodeError:
            body = _Body()
    status = response.status_code
    words = body.detail or body.title or _phrase(status)
    request = body.request or response.headers.get("x-request-id")
    slug = body.slug or f"http-{status}"
    return Problem(slug, words, status=status, faults=body.faults, request=request, retry_after=retry_after)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "an answer of an unknown kind"


def no_answer(error: httpx.TransportError) -> Unreachable:
    """What kept an answer from coming; the words are ours, since a library's may hold an address with a secret."""
    if isinstance(error, httpx.TimeoutException):
        return TimedOut("timed-out", f"no answer came in time ({_kind(error)})")
    return Unreachable("unreachable", f"the service could not be reached, or broke off ({_kind(error)})")


def _kind(error: httpx.TransportError) -> str:
    return type(error).__name__
