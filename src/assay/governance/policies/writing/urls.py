"""Addresses of this part. It holds no page."""

from __future__ import annotations

from django.urls import URLPattern, path

from assay.governance.policies.writing.pages import documents, translations

app_name = "writing"
_TRANSLATIONS = "policies/<slug:catalogue>/translations"
urlpatterns: list[URLPattern] = [
    path("policies/<slug:policy>/public", documents.public, name="public"),
    path("policies/<slug:policy>/guidance", documents.guidance, name="guidance"),
    path("policies/<slug:policy>/guidance.pdf", documents.guidance_file, name="guidance_pdf"),
    path("policies/<slug:policy>/explanation", documents.explanation, name="explanation"),
    path("policies/<slug:policy>/changes", documents.changes, name="changes"),
    path("policies/<slug:policy>/policy.json", documents.as_json, name="json"),
    path(_TRANSLATIONS, translations.catalogue, name="translations"),
    path(f"{_TRANSLATIONS}/new.po", translations.template, name="template"),
    path(f"{_TRANSLATIONS}/<str:language>/", translations.language, name="language"),
    path(f"{_TRANSLATIONS}/<str:language>/strings.po", translations.strings, name="strings"),
    path(f"{_TRANSLATIONS}/<str:language>/drop", translations.drop, name="drop"),
]
