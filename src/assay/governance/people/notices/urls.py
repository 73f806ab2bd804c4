"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from assay.governance.people.notices import pages

app_name = "notices"
urlpatterns = [
    path("", pages.notices, name="list"),
    path("bell", pages.bell, name="bell"),
    path("read", pages.read, name="read"),
    path("preferences", pages.preferences, name="preferences"),
]
