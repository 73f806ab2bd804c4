"""Addresses of this part. It holds no page."""

from __future__ import annotations

from django.urls import path

from assay.governance.policies.drafting.pages import beside, choosing, editor, remarking

app_name = "drafting"
_DRAFT = "changes/<int:number>/draft/"
urlpatterns = [
    path(_DRAFT, editor.draft, name="draft"),
    path(f"{_DRAFT}save/", editor.save, name="save"),
    path(f"{_DRAFT}check/", editor.check, name="check"),
    path(f"{_DRAFT}text/", editor.text, name="text"),
    path(f"{_DRAFT}present/", editor.present, name="present"),
    path(f"{_DRAFT}asides/", editor.asides, name="asides"),
    path(f"{_DRAFT}beside/<slug:name>/", beside.beside, name="beside"),
    path(f"{_DRAFT}wording/", choosing.wording, name="wording"),
    path(f"{_DRAFT}restore/", choosing.restore, name="restore"),
    path(f"{_DRAFT}revisions/<int:revision>/", choosing.revision, name="revision"),
    path(f"{_DRAFT}remarks/", remarking.make, name="remark"),
    path(f"{_DRAFT}remarks/<uuid:key>/<slug:what>/", remarking.act, name="act"),
]
