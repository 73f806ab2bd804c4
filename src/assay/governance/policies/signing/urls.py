"""Addresses of sign-off. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.governance.policies.signing.pages import matrix, sheet, stops

app_name = "signing"
urlpatterns = [
    path("sign-off/matrix", matrix.matrix, name="matrix"),
    path("sign-off/matrix/propose", matrix.propose, name="propose"),
    path("changes/<int:number>/sign-off/", sheet.change, name="change"),
    path("changes/<int:number>/sign-off/sheet", sheet.sheet, name="sheet"),
    path("changes/<int:number>/sign-off/sign", sheet.give, name="sign"),
    path("changes/<int:number>/sign-off/signatures/<uuid:key>/since", sheet.since, name="since"),
    path("changes/<int:number>/sign-off/signatures/<uuid:key>/withdraw", sheet.withdraw, name="withdraw"),
    path("changes/<int:number>/sign-off/conditions/<uuid:key>/answer", stops.answer, name="answer"),
    path("changes/<int:number>/sign-off/conditions/<uuid:key>/judge", stops.judge, name="judge"),
    path("changes/<int:number>/sign-off/veto", stops.stop, name="stop"),
    path("changes/<int:number>/sign-off/veto/lift", stops.lift, name="lift"),
]
