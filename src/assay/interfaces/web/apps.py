"""The site as a Django app: its pages, templates, static files and tags. It holds no model."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Found by Django under `INSTALLED_APPS`."""

    name = "assay.interfaces.web"
    label = "web"
    verbose_name = "workbench"

    def ready(self) -> None:
        """Fill what governance left open for whoever stands above it."""
        import_module("assay.interfaces.web.ports.installing").install_ports()
