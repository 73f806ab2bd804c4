"""What a page is given: a request by somebody, at one instant. It makes neither."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from assay.governance.office.actor import Actor


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in.

    actor   who acts, made once a request
    at      the request's instant, with its zone: everything that one request does happens at it
    """

    actor: Actor
    at: datetime
