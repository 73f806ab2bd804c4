"""Pages that say what went wrong, what is kept and what to do. They show nothing of what was asked for."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template import loader

from assay.governance.office.operations import NotAllowed
from assay.interfaces.web.api.problems import problem
from assay.interfaces.web.mounted.plain import BUSY, ID_PLACE
from assay.interfaces.web.site.middleware.numbering import number_of

_TEMPLATE = "site/error.html"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where more was sent than is taken."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return page(request, 413)
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page(request, 403)


def not_allowed(request: HttpRequest, refused: NotAllowed) -> HttpResponseForbidden:
    """403 that says what somebody may not do, and who may."""
    operation = refused.operation
    roles = sorted(role.words for role in operation.roles)
    shown = page(request, 403, {"operation": operation, "roles": roles})
    return HttpResponseForbidden(shown.content)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form did not come from our own page, or from one that was open for too long."""
    return page(request, 403, {"form_is_stale": True})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same whether there is nothing or only nothing for this reader."""
    if request.path.startswith("/api/"):
        return problem(request, "not-found", 404, "there is nothing here, or nothing for this reader")
    return page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500. It asks no database: that may be what broke."""
    return page(request, 500)


def page(request: HttpRequest, status: int, more: dict[str, object] | None = None) -> HttpResponse:
    """An error as a page in the look."""
    context = {"status": status, "request_id": number_of(request), **(more or {})}
    # What broke may be what a page asks of its request; nothing is asked of it then.
    content = loader.render_to_string(_TEMPLATE, context, None if status >= 500 else request)
    return HttpResponse(content, status=status)


def made_before() -> dict[int, bytes]:
    """Pages for what is refused before the site is asked: made once, with a place for the id of the request."""
    known = {503: {"words": BUSY.words, "next_step": BUSY.next_step}}
    return {
        status: loader.render_to_string(
            _TEMPLATE, {"status": status, "request_id": ID_PLACE, **known.get(status, {})}
        ).encode()
        for status in (400, 408, 413, 500, 503)
    }
