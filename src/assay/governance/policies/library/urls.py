"""Addresses of this part. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.governance.policies.library import pages

app_name = "library"
urlpatterns = [
    path("policies/<str:policy>/versions", pages.versions, name="versions"),
    path("policies/<str:policy>/versions/<int:number>", pages.version, name="version"),
    path("policies/<str:policy>/difference", pages.difference, name="difference"),
    path("policies/<str:policy>/as-of", pages.as_of, name="as-of"),
]
