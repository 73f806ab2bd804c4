"""Addresses of the page of tokens. It holds no page."""

from __future__ import annotations

from django.urls import URLPattern, path

from assay.governance.people.tokens import pages

app_name = "tokens"
urlpatterns: list[URLPattern] = [
    path("", pages.tokens, name="list"),
    path("<str:key>/revoke/", pages.revoke, name="revoke"),
]
