"""Addresses of readiness. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.governance.policies.readiness.pages import checklist, features, maps

app_name = "readiness"
urlpatterns = [
    path("features/", features.features, name="features"),
    path("features/new", features.edit, name="new"),
    path("features/export", features.export, name="export"),
    path("features/import", features.bring, name="import"),
    path("features/begin", features.begin, name="begin"),
    # Names of features have dots, such as `signal.person.consent`.
    path("features/of/<str:name>", features.feature, name="feature"),
    path("features/of/<str:name>/change", features.edit, name="edit"),
    path("features/of/<str:name>/retire", features.retire, name="retire"),
    path("readiness/checklist", checklist.template, name="template"),
    path("readiness/checklist/change", checklist.change_house, name="change_template"),
    path("changes/<int:number>/readiness/", checklist.change, name="change"),
    path("changes/<int:number>/readiness/items/<slug:item>/mark", checklist.mark, name="mark"),
    path("changes/<int:number>/readiness/items/<slug:item>/assign", checklist.assign, name="assign"),
    path("changes/<int:number>/readiness/product", maps.product, name="map"),
    path("changes/<int:number>/readiness/product/accept", maps.accept, name="accept"),
    path("changes/<int:number>/readiness/product/<uuid:key>/withdraw", maps.withdraw, name="withdraw"),
]
