"""Consultation as a Django app. It holds no rule."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ConsultingConfig(AppConfig):
    """The app `policies_consulting`."""

    name = "assay.governance.policies.consulting"
    label = "policies_consulting"
    verbose_name = "Consultation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what is found by name."""
        import_module("assay.governance.policies.consulting.contributing").register()
