"""What the API answers where a request is refused: problem+json of RFC 9457, as the decision service has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import NotAllowed
from assay.governance.office.refusing import Refused

URN = "urn:assay:problem:"
STATUS_OF: Mapping[str, int] = {"too-many": 409, "already-decided": 409, "already-asked": 409, "same-hands": 409}


def problem(request: HttpRequest, slug: str, status: int, detail: str, faults: Sequence[Fault] = ()) -> HttpResponse:
    """One problem; it never repeats what a body said."""
    body = {
        "type": URN + slug,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "slug": slug,
        "faults": [
            {"slug": fault.slug, "reason": fault.words, **({"field": fault.field} if fault.field else {})}
            for fault in faults
        ],
        "request": str(request.META.get("assay.request", "")),
    }
    answer = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="assay"'
    return answer


def answer_problems(api: NinjaAPI) -> None:
    """Make every refusal of an API a problem."""
    api.exception_handler(AuthenticationError)(_unknown_caller)
    api.exception_handler(NotAllowed)(_not_allowed)
    api.exception_handler(Refused)(_refused)
    api.exception_handler(ValidationError)(_wrong_shape)
    api.exception_handler(Http404)(_not_found)
    api.exception_handler(HttpError)(_other)


def _unknown_caller(request: HttpRequest, fault: Exception) -> HttpResponse:
    words = "send `Authorization: Bearer` with a token that holds, or sign in; tokens are made at /account/tokens/"
    return problem(request, "unauthenticated", 401, words)


def _not_allowed(request: HttpRequest, fault: Exception) -> HttpResponse:
    return problem(request, "not-allowed", 403, str(fault))


def _refused(request: HttpRequest, fault: Exception) -> HttpResponse:
    faults = fault.faults if isinstance(fault, Refused) else ()
    status = max((STATUS_OF.get(each.slug, 422) for each in faults), default=422)
    return problem(request, "refused", status, "nothing was changed; every fault is listed", faults)


def _wrong_shape(request: HttpRequest, fault: Exception) -> HttpResponse:
    errors = fault.errors if isinstance(fault, ValidationError) else []
    faults = [
        Fault("wrong-value", str(each.get("type", "wrong")).replace("_", " "), ".".join(map(str, each.get("loc", ()))))
        for each in errors
    ]
    return problem(request, "wrong-shape", 422, "the request has another form; see /api/openapi.json", faults)


def _not_found(request: HttpRequest, fault: Exception) -> HttpResponse:
    return problem(request, "not-found", 404, "there is no such thing, or it is not yours to see")


def _other(request: HttpRequest, fault: Exception) -> HttpResponse:
    status = fault.status_code if isinstance(fault, HttpError) else 400
    slug = "csrf" if status == HTTPStatus.FORBIDDEN else "bad-request"
    detail = "a session may write only with its CSRF token; use a token for programs" if slug == "csrf" else str(fault)
    return problem(request, slug, status, detail)
