"""A part of a page that asks by itself is never answered with another page. It sends nobody anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from assay.governance.people.sign_in.middleware import BACKGROUND

Answer: TypeAlias = Callable[[HttpRequest], HttpResponseBase]
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Parts:
    """Where a part is sent on, as when a session has ended, a browser would put the sign-in page into the part."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer nothing to what asks in the background, so that what somebody types stays; load the page anew else."""
        response = self._answer(request)
        if response.status_code not in _REDIRECTS or request.headers.get("HX-Request") != "true":
            return response
        instead = HttpResponse(status=204)
        instead.cookies = response.cookies
        if BACKGROUND not in request.headers:
            instead.headers["HX-Refresh"] = "true"
        return instead
