"""Readiness as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    """The app `policies_readiness`."""

    name = "assay.governance.policies.readiness"
    label = "policies_readiness"
    verbose_name = "Readiness"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.readiness.contributing").register()
