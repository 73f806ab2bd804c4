"""Addresses of search and palette."""

from __future__ import annotations

from django.urls import path

from assay.interfaces.web.search import pages

app_name = "search"
urlpatterns = [
    path("search", pages.search, name="search"),
    path("palette", pages.palette, name="palette"),
]
