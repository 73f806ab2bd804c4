"""Addresses of the calendar."""

from __future__ import annotations

from django.urls import path

from assay.interfaces.web.calendar import pages

app_name = "calendar"
urlpatterns = [
    path("calendar/", pages.calendar, name="calendar"),
    path("calendar/month", pages.month, name="month"),
    path("calendar/addresses", pages.addresses, name="addresses"),
    path("calendar/addresses/<int:number>/revoke", pages.revoke, name="revoke"),
    path("calendar.ics", pages.feed, name="feed"),
]
