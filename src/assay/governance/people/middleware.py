"""Gives every request its actor and its instant, once. It refuses nobody: operations do."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from assay.governance.office.requests import StaffRequest
from assay.governance.people.actors import NOBODY, actor_of
from assay.governance.people.models import Person


class ActorMiddleware:
    """Stands after Django's AuthenticationMiddleware: `request.actor`, `request.at`, and the person's own time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set what every page and command needs, and answer."""
        staff = cast("StaffRequest", request)
        staff.at = timezone.now()
        user = request.user
        if not isinstance(user, Person):
            staff.actor = NOBODY
            return self.get_response(request)
        staff.actor = actor_of(user, staff.at)
        with timezone.override(zone_of(user)):
            return self.get_response(request)


def zone_of(person: Person) -> zoneinfo.ZoneInfo:
    """Their time zone; UTC where it is none that this machine knows."""
    try:
        return zoneinfo.ZoneInfo(person.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
