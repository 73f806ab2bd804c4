"""Addresses of the API. Who calls is asked by the API itself, so pages' redirect to signing in stands aside here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern

from assay.interfaces.web.api.root import build_api

app_name = "api"
_patterns, _, _ = build_api().urls
urlpatterns: list[URLPattern] = []
for _pattern in _patterns:
    # The root that ninja adds shows nothing; a page of ours answers 404 there.
    if isinstance(_pattern, URLPattern) and _pattern.name != "api-root":
        _pattern.callback = login_not_required(_pattern.callback)
        urlpatterns.append(_pattern)
