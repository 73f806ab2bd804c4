"""Addresses of the policies in force."""

from __future__ import annotations

from django.urls import path

from assay.interfaces.web.policies import pages

app_name = "policies"
urlpatterns = [
    path("", pages.policies, name="policies"),
    path("questions/", pages.questions, name="questions"),
    path("questions/<str:signal>", pages.question, name="question"),
    path("measures/", pages.measures, name="measures"),
    path("measures/<str:measure>", pages.measure, name="measure"),
    path("duties/", pages.duties, name="duties"),
    path("duties/<slug:duty>", pages.duty, name="duty"),
    path("windows/", pages.windows, name="windows"),
    path("<slug:policy>", pages.policy, name="policy"),
]
