"""Addresses of this part. It holds no page."""

from __future__ import annotations

from django.urls import URLPattern, path

from assay.governance.policies.releasing.pages import launch, releases

app_name = "releasing"
urlpatterns: list[URLPattern] = [
    path("releases/", releases.releases, name="releases"),
    path("releases/export", releases.export, name="export"),
    path("releases/as-of", releases.as_of, name="as-of"),
    path("releases/roll-back", releases.roll_back, name="roll-back"),
    path("releases/<int:number>/again/", releases.again, name="again"),
    path("releases/editions/<int:number>/", releases.edition, name="edition"),
    path("releases/editions/<int:number>/bundle", releases.bundle, name="bundle"),
    path("changes/<int:number>/release/", launch.change, name="change"),
    path("changes/<int:number>/release/build/", launch.build, name="build"),
    path("changes/<int:number>/release/pilot/", launch.pilot, name="pilot"),
    path("changes/<int:number>/release/end-pilot/", launch.end_pilot, name="end-pilot"),
    path("changes/<int:number>/release/launch/", launch.launch, name="launch"),
    path("changes/<int:number>/release/stop/", launch.stop, name="stop"),
]
