"""Addresses of the pages of decisions. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.interfaces.web.decisions import pages

app_name = "decisions"
urlpatterns = [
    path("", pages.decisions, name="list"),
    path("newer", pages.newer, name="newer"),
    path("export", pages.export, name="export"),
    # An item's id may hold a slash, or two dots: it is no part of a path.
    path("item", pages.item, name="item"),
    path("<str:key>/", pages.decision, name="one"),
    path("<str:key>/again", pages.again, name="again"),
    path("<str:key>/record", pages.record, name="record"),
]
