"""The address of home."""

from __future__ import annotations

from django.urls import path

from assay.interfaces.web.home import pages

app_name = "home"
urlpatterns = [path("", pages.home, name="home")]
