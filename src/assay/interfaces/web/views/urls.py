"""Addresses of the pages of saved views. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.interfaces.web.views import pages

app_name = "views"
urlpatterns = [
    path("", pages.views, name="list"),
    path("new", pages.new, name="new"),
    path("<str:key>/", pages.view, name="one"),
    path("<str:key>/name", pages.rename, name="rename"),
    path("<str:key>/share", pages.share, name="share"),
    path("<str:key>/delete", pages.delete, name="delete"),
]
