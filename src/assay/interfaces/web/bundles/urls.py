"""Addresses of the pages of bundles. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.interfaces.web.bundles import pages

app_name = "bundles"
urlpatterns = [
    path("", pages.bundles, name="list"),
    path("<str:digest>/", pages.bundle, name="one"),
    path("<str:digest>/<slug:policy>", pages.policy, name="policy"),
]
