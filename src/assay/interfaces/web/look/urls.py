"""The addresses of the living page and of the choice of colours. There are no others here."""

from __future__ import annotations

from django.urls import path

from assay.interfaces.web.look import pages

app_name = "look"
urlpatterns = [
    path("", pages.living, name="living"),
    path("scheme", pages.choose_scheme, name="scheme"),
    path("chart.svg", pages.example_chart, name="chart"),
]
