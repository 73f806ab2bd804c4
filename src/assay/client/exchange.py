"""What both clients share: one call, its tries and its answer, as steps that they carry out. It does no I/O itself."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar, cast

import httpx

from assay.client.patience import WORTH_ANOTHER_TRY, Patience, retry_after
from assay.client.problems import Problem, Unreachable, no_answer, problem_of

Result = TypeVar("Result")
# Whether the service had begun to work on it is not known, and more waiting is for the caller to decide.
_TOO_LATE = (httpx.ReadTimeout, httpx.WriteTimeout)


@dataclass(frozen=True, slots=True)
class Call(Generic[Result]):
    """One request and how its answer is read.

    body  bytes, or a file that is read while it is sent
    read  makes the result; raises CutShort where it is not whole, PartlyKept where another try may say more
    """

    method: str
    path: str
    read: Callable[[httpx.Response], Result]
    body: bytes | Path | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    fine: frozenset[int] = frozenset((200,))


@dataclass(frozen=True, slots=True)
class Wait:
    """A step: let this many seconds pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Send:
    """A step: send the call once; answered by a response, or by what kept it from coming."""


Given: TypeAlias = httpx.Response | httpx.TransportError | None
Steps: TypeAlias = Generator[Send | Wait, Given, Result]


class CutShort(Exception):
    """An answer ended before it was whole."""


class PartlyKept(Exception):
    """An answer is whole, and some records could not be kept; carries what holds if another try is no better."""

    def __init__(self, result: object) -> None:
        self.result = result
        super().__init__()


def new_key() -> str:
    """An idempotency key: the service answers a repeated request with what it answered before, and keeps it once."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class _Failed:
    """A try without a result: why, whether another is worth while, and how long the service asks to wait."""

    why: Problem | PartlyKept
    worth: bool
    asked: float | None = None


def steps_of(call: Call[Result], patience: Patience) -> Steps[Result]:
    """Send a call until it is answered, or trying again is of no use.

    raises  Problem as the service has it, Unreachable or TimedOut where there is no answer
    """
    began, tried = time.monotonic(), 0
    while True:
        found = _read(call, (yield Send()))
        if not isinstance(found, _Failed):
            return found
        tried += 1
        wait = patience.wait(tried, time.monotonic() - began, found.asked) if found.worth else None
        if wait is None:
            if isinstance(found.why, PartlyKept):
                return cast("Result", found.why.result)
            raise found.why
        yield Wait(wait)


def _read(call: Call[Result], answer: Given) -> Result | _Failed:
    if answer is None:
        raise TypeError("a call that was sent is answered by a response or by what kept it from coming")
    if isinstance(answer, httpx.TransportError):
        return _Failed(no_answer(answer), not isinstance(answer, _TOO_LATE))
    asked = retry_after(answer.headers)
    if answer.status_code not in call.fine:
        return _Failed(problem_of(answer, retry_after=asked), answer.status_code in WORTH_ANOTHER_TRY, asked)
    try:
        return call.read(answer)
    except CutShort:
        return _Failed(Unreachable("cut-short", "the answer broke off, or is not of this service"), worth=True)
    except PartlyKept as partly:
        return _Failed(partly, worth=True)
