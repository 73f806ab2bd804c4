"""The living page of the look, and the choice of colours. It shows only what was made up for it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from assay.interfaces.web.look import charts, specimens
from assay.interfaces.web.look.schemes import A_YEAR, COOKIE, SCHEMES


@require_GET
def living(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with its words on when to use it."""
    return render(request, "look/living.html", specimens.context_at(getattr(request, "at", specimens.NOW)))


@require_GET
def example_chart(request: HttpRequest) -> HttpResponse:
    """The drawing of the example."""
    rows = specimens.ESTIMATES
    return charts.drawing(request, lambda colours: charts.estimates(rows, colours, unit=" %"), height=specimens.HEIGHT)


@require_POST
@login_not_required
def choose_scheme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of colours, and go back to where it was made."""
    chosen = request.POST.get("scheme", "")
    back = request.POST.get("next", "")
    # An address of elsewhere would make this page a way to send people there.
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(back if safe else "/")
    if chosen and chosen in SCHEMES:
        answer.set_cookie(COOKIE, chosen, max_age=A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    else:
        answer.delete_cookie(COOKIE, samesite="Lax")
    return answer
