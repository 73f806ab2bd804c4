"""The pages of the calendar: list, month, private addresses, the feed. Commands do what they ask for."""

from __future__ import annotations

from calendar import day_name
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.engine.kernel.errors import Fault
from assay.governance.office.operations import OPERATIONS
from assay.governance.office.requests import StaffRequest
from assay.governance.people.actors import actor_of
from assay.governance.people.middleware import zone_of
from assay.governance.people.notices.commands import make_calendar_address, revoke_calendar_address
from assay.governance.people.notices.queries import calendar_addresses, owner_of_address
from assay.interfaces.web.calendar.days import bounds_of, by_day, month_of, read_month, weeks_of
from assay.interfaces.web.calendar.feed import feed_of
from assay.interfaces.web.calendar.queries import dates_between
from assay.interfaces.web.policies.dates import DUTIES
from assay.interfaces.web.policies.wording import NOT_ADVICE

_LISTED = timedelta(days=90)
# What a subscribed calendar holds: a quarter back, two years ahead.
_FED_BACK, _FED_AHEAD = timedelta(days=90), timedelta(days=730)
_ROOMS = (("policies", "Policies"), ("windows", "Windows"), (DUTIES, "Duties"), ("people", "People"))
_LONGEST_TOKEN = 100


@require_GET
def calendar(request: StaffRequest) -> HttpResponse:
    """The dates to come, as a list."""
    start = _read_day(request.GET.get("from", ""), timezone.localtime(request.at))
    until = start + _LISTED
    room = _room(request)
    dates = dates_between(start=start, until=until, by=request.actor, at=request.at, room=room)
    given = {
        "days": by_day(dates, timezone.get_current_timezone(), timezone.localdate(request.at)),
        "start": start,
        "last": until - timedelta(days=1),
        "earlier": (start - _LISTED).date().isoformat(),
        "later": until.date().isoformat(),
        **_shared(room, any(one.room == DUTIES for one in dates)),
    }
    return render(request, "calendar/list.html", given)


@require_GET
def month(request: StaffRequest) -> HttpResponse:
    """One month."""
    zone, today = timezone.get_current_timezone(), timezone.localdate(request.at)
    first = read_month(request.GET.get("month", ""), today)
    start, until = bounds_of(weeks_of(first), zone)
    room = _room(request)
    dates = dates_between(start=start, until=until, by=request.actor, at=request.at, room=room)
    given = {
        "month": month_of(first, dates, zone, today),
        "weekdays": list(day_name),
        **_shared(room, any(one.room == DUTIES for one in dates)),
    }
    return render(request, "calendar/month.html", given)


@require_http_methods(["GET", "POST"])
def addresses(request: StaffRequest) -> HttpResponse:
    """One's own private addresses; a new one is shown once, on the page that made it."""
    made, faults = "", list[Fault]()
    if request.method == "POST":
        done = make_calendar_address(by=request.actor, at=request.at)
        if isinstance(done, list):
            faults = done
        else:
            made = f"{settings.ASSAY_PUBLIC_ADDRESS}{reverse('calendar:feed')}?address={done.token}"
    rows = calendar_addresses(by=request.actor, at=request.at)
    given = {"rows": rows, "made": made, "faults": faults}
    return render(request, "calendar/addresses.html", given, status=422 if faults else 200)


@require_POST
def revoke(request: StaffRequest, number: int) -> HttpResponse:
    """Revoke one of one's own addresses."""
    done = revoke_calendar_address(number=number, by=request.actor, at=request.at)
    if isinstance(done, list):
        raise Http404
    messages.success(request, "The address is revoked. Calendars that use it get no more dates.")
    return redirect("calendar:addresses")


@login_not_required
@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The calendar of whoever an address is of, for programs that cannot sign in."""
    at = timezone.now()
    token = request.GET.get("address", "")[:_LONGEST_TOKEN]
    owner = owner_of_address(token, at) if token else None
    if owner is None:
        # The same whether it never was, was revoked, or its owner has left.
        raise Http404
    # It may read what they may read, and do nothing.
    reading = frozenset(name for name, operation in OPERATIONS.items() if operation.kind == "query")
    by = actor_of(owner, at, way="token", operations=reading)
    with timezone.override(zone_of(owner)):
        dates = dates_between(start=at - _FED_BACK, until=at + _FED_AHEAD, by=by, at=at)
    content = feed_of(dates, origin=settings.ASSAY_PUBLIC_ADDRESS, at=at)
    headers = {"Content-Disposition": 'inline; filename="assay.ics"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _read_day(text: str, now: datetime) -> datetime:
    """The first instant of the day that an address names; of today where it names none."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else now.date()
    except ValueError:
        day = now.date()
    # Far enough from both ends of what a date can be.
    day = min(max(day, date(1990, 1, 1)), date(2199, 1, 1))
    return datetime.combine(day, datetime.min.time(), timezone.get_current_timezone())


def _room(request: StaffRequest) -> str:
    wanted = request.GET.get("room", "")
    return wanted if wanted in dict(_ROOMS) else ""


def _shared(room: str, duties: bool) -> dict[str, object]:
    return {"rooms": _ROOMS, "room": room, "not_advice": NOT_ADVICE if duties else ""}
