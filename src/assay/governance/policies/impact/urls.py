"""Addresses of this part. It holds no page."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from assay.governance.policies.impact.pages import assessing, memo, runs, summary
from assay.governance.policies.impact.pages.converting import AboutConverter, WorkConverter

register_converter(WorkConverter, "work")
register_converter(AboutConverter, "about")
app_name = "impact"
urlpatterns: list[URLPattern] = [
    path("changes/<int:number>/impact/", summary.impact, name="impact"),
    path("changes/<int:number>/impact/progress", summary.progress, name="progress"),
    path("changes/<int:number>/impact/ask", summary.ask, name="ask"),
    path("changes/<int:number>/impact/memo", memo.memo, name="memo"),
    path("changes/<int:number>/impact/assess/<about:about>", assessing.assess, name="assess"),
    path("changes/<int:number>/impact/assess/<about:about>/confirm", assessing.confirm, name="confirm"),
    path("changes/<int:number>/impact/assess/<about:about>/second", assessing.second, name="second"),
    path("changes/<int:number>/impact/beside/<work:work>/", runs.beside, name="beside"),
    path("changes/<int:number>/impact/<work:work>", runs.work, name="work"),
    path("changes/<int:number>/impact/runs/<uuid:key>", runs.run, name="run"),
    path("changes/<int:number>/impact/runs/<uuid:key>/stop", runs.stop, name="stop"),
    path("changes/<int:number>/impact/runs/<uuid:key>/report.json", runs.report, name="report"),
    path("changes/<int:number>/impact/runs/<uuid:key>/report.html", runs.page, name="page"),
    path("changes/<int:number>/impact/runs/<uuid:key>/drawings/<slug:name>.svg", runs.drawing, name="drawing"),
]
