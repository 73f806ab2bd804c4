"""Every request has an id, a line in the log, and its fault recorded. It logs no query, no name and no address."""

from __future__ import annotations

import re
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import structlog
from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

Answer: TypeAlias = Callable[[HttpRequest], HttpResponseBase]
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_DEEPEST_FRAMES = 8
# What somebody who watches for attacks wants to count.
_REFUSALS = frozenset({400, 403, 413, 429})


class Numbered:
    """Sets `request.id`, answers it as `X-Request-Id`, and writes one line for each request."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response
        self._log = structlog.get_logger("assay.workbench")
        # A program that set up no log, such as a test, is not told of every page.
        self._says_all = structlog.is_configured()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and note what was answered."""
        began = perf_counter()
        number = number_of(request)
        request.META["assay.request"] = number
        response = self._answer(request)
        response.headers["X-Request-Id"] = number
        took = perf_counter() - began
        if self._says_all or response.status_code in _REFUSALS or response.status_code >= 500:
            self._say(request, response.status_code, took, number)
        return response

    def _say(self, request: HttpRequest, status: int, took: float, number: str) -> None:
        note = self._log.debug
        if status in _REFUSALS:
            note = self._log.info
        elif status >= 500:
            note = self._log.warning
        page, milliseconds = page_of(request.resolver_match), round(took * 1000, 1)
        note("answered", page=page, method=request.method, status=status, milliseconds=milliseconds, request=number)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record a fault of ours by kind and place. Its words may hold what somebody typed, so they are left out."""
        record_fault(exception, number_of(request), page_of(request.resolver_match))


def record_fault(error: BaseException, number: str, page: str) -> None:
    """Log the kind and the places of a fault."""
    from django.core.exceptions import PermissionDenied, SuspiciousOperation
    from django.http import Http404

    from assay.governance.office.operations import NotAllowed

    if isinstance(error, NotAllowed | PermissionDenied | SuspiciousOperation | Http404):
        return
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST_FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    structlog.get_logger("assay.workbench").error(
        "fault", kind=type(error).__name__, places=places, page=page, request=number
    )


def number_of(request: HttpRequest) -> str:
    """The id of a request: the service's own in one process with it, or a new one."""
    known = request.META.get("assay.request")
    if isinstance(known, str):
        return known
    scope = request.META.get("asgi.scope")
    given = scope.get("state", {}).get("request", "") if isinstance(scope, dict) else ""
    return given if isinstance(given, str) and _ID.match(given) else secrets.token_hex(8)


def page_of(match: ResolverMatch | None) -> str:
    """The name of a page, which tells its kind and not what it showed."""
    return "" if match is None else match.view_name or match.route
