"""Releases as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ReleasingConfig(AppConfig):
    """The app `policies_releasing`."""

    name = "assay.governance.policies.releasing"
    label = "policies_releasing"
    verbose_name = "Releases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.releasing.contributing").register()
