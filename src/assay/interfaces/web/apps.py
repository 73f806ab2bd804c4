"""The site as a Django app: its pages, templates, static files and tags. It holds no model."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Found by Django under `INSTALLED_APPS`."""

    name = "assay.interfaces.web"
    label = "web"
    verbose_name = "workbench"
